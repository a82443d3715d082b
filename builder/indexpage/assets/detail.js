// The details of the selected store path. The address names it, so links, the
// history and bookmarks work as on any page.

const detail = $('detail')
const hint = detail.firstElementChild
const title = document.title
const maxListed = 50 // entries of a list before "Show more"

// select shows the store path that the address names.
function select() {
  const found = byHash.get(location.hash.slice(1)) ?? null
  if (!found && location.hash) return // the address names a heading
  selected = found
  document.title = selected ? `${selected.name} – ${title}` : title
  detail.replaceChildren(...(selected ? details(selected) : [hint]))
  detail.classList.toggle('open', selected !== null)
  detail.scrollTop = 0
  markMap()
  markTable()
  if (selected) detail.querySelector('h2').focus({ preventScroll: true })
  else tabStop?.anchor.focus({ preventScroll: true })
}

function closeDetails() {
  history.pushState(null, '', location.pathname + location.search)
  select()
}

function details(path) {
  const close = element('button', { type: 'button', className: 'close', ariaLabel: 'Close', onclick: closeDetails }, '×')
  const storePath = `${storeDir}/${path.hash}-${path.name}`
  return [
    element('div', { className: 'bar' }, element('h2', { tabIndex: -1 }, path.name), close),
    code(storePath),
    facts(path),
    ...dependencyChain(path),
    ...list('References', path.refs, missingReferences(path)),
    ...list('Referrers', path.referrers, []),
    element('h3', {}, 'Install from this cache'),
    code(`nix-store --realise ${shell(storePath)} ${$('options').textContent}`),
    element('p', {}, ...fileLinks(path).flatMap((link, i) => i ? [' · ', link] : [link])),
  ]
}

// pathLink returns a link to a store path. The hash tells paths of one name apart.
const pathLink = path => element('a', { href: `#${path.hash}` }, path.name, ' ', element('small', {}, path.hash.slice(0, 8)))

// code returns a block of code with a copy button.
function code(text) {
  const block = element('pre', {}, element('code', {}, text))
  addCopy(block)
  return block
}

function facts(path) {
  const all = closure(path)
  const [nar, file] = [sum(all, 'nar'), sum(all, 'file')]
  const pairs = [
    ['Unpacked', bytes(path.nar), `NAR size: ${count(path.nar)} bytes`],
    ['Packed', bytes(path.file), `file size: ${count(path.file)} bytes`],
    ['Ratio', path.ratio, ''],
    ['Closure', plural(all.size, 'path'), ''],
    ['Closure unpacked', bytes(nar), `NAR size: ${count(nar)} bytes`],
    ['Closure packed', bytes(file), `file size: ${count(file)} bytes`],
  ]
  return element('dl', { className: 'facts' }, ...pairs.map(([term, text, title]) =>
    element('div', {}, element('dt', {}, term), element('dd', { title }, text))))
}

// dependencyChain shows why the path is in the cache.
function dependencyChain(path) {
  const chain = shortestChain(path)
  if (chain.length === 1) return [element('p', { className: 'hint' }, 'Nothing else on this page refers to it.')]
  const steps = chain.map(step => element('li', {}, step === path ? path.name : pathLink(step)))
  return [element('h3', {}, 'Why it is in the cache'), element('ol', { className: 'chain' }, ...steps)]
}

// list shows paths, largest first, and then those that are not on the page.
function list(heading, inCache, missing) {
  const entries = inCache.toSorted((a, b) => b.nar - a.nar).map(path =>
    element('li', {}, pathLink(path), element('span', {}, bytes(path.nar))))
  entries.push(...missing.map(([name, why]) => element('li', {}, element('span', {}, name), element('span', {}, why))))
  if (entries.length === 0) return []
  const items = element('ul', { className: 'list' }, ...entries.slice(0, maxListed))
  return [element('h3', {}, `${heading} (${count(entries.length)})`), items, ...showMoreButton(items, entries.slice(maxListed))]
}

function showMoreButton(items, entries) {
  if (entries.length === 0) return []
  const button = element('button', { type: 'button' }, `Show ${count(entries.length)} more`)
  button.onclick = () => {
    items.append(...entries)
    button.remove()
    entries[0].querySelector('a')?.focus()
  }
  return [button]
}

// The missing references and the files are only in the noscript element of the row.
const parseMore = path => new DOMParser().parseFromString(path.more, 'text/html').body
const missingReferences = path => Array.from(parseMore(path).querySelectorAll('span'), span => [span.textContent, /\((.*?)\)/.exec(span.nextSibling.data)[1]])
const fileLinks = path => Array.from(parseMore(path).querySelectorAll('a:not([href^="#"])'))

addEventListener('hashchange', select)
addEventListener('keydown', event => {
  if (event.key === 'Escape' && selected && event.target !== search) closeDetails()
})
