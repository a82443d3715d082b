// The details of the chosen store path, which the address names: so links, the
// history and bookmarks work as everywhere.

const detail = $('detail')
const hint = detail.firstElementChild
const title = document.title
const atFirst = 50 // entries of a list

// choose shows the store path that the address names.
function choose() {
  const found = byHash.get(location.hash.slice(1)) ?? null
  if (!found && location.hash) return // the address names a heading
  chosen = found
  document.title = chosen ? `${chosen.name} – ${title}` : title
  detail.replaceChildren(...(chosen ? details(chosen) : [hint]))
  detail.classList.toggle('open', chosen !== null)
  detail.scrollTop = 0
  markMap()
  markTable()
  if (chosen) detail.querySelector('h2').focus({ preventScroll: true })
  else stop?.anchor.focus({ preventScroll: true })
}

function leave() {
  history.pushState(null, '', location.pathname + location.search)
  choose()
}

function details(path) {
  const close = element('button', { type: 'button', className: 'close', ariaLabel: 'Close', onclick: leave }, '×')
  const storePath = `${storeDir}/${path.hash}-${path.name}`
  return [
    element('div', { className: 'bar' }, element('h2', { tabIndex: -1 }, path.name), close),
    code(storePath),
    facts(path),
    ...why(path),
    ...list('Refers to', path.refs, outside(path)),
    ...list('Referred to by', path.users, []),
    element('h3', {}, 'Get it from this cache'),
    code(`nix-store --realise ${shell(storePath)} ${$('options').textContent}`),
    element('p', {}, ...files(path).flatMap((link, i) => i ? [' · ', link] : [link])),
  ]
}

const anchor = (href, ...children) => element('a', { href }, ...children)

// code returns a block with its button to copy it.
function code(text) {
  const block = element('pre', {}, element('code', {}, text))
  addCopy(block)
  return block
}

function facts(path) {
  const all = closure(path)
  return definitions([
    ['NAR size', bytes(path.nar), `${count(path.nar)} bytes`],
    ['File size', bytes(path.file), `${count(path.file)} bytes`],
    ['Ratio', path.ratio],
    ['Closure', plural(all.size, 'path')],
    ['Its NARs', bytes(sum(all, 'nar'))],
    ['Its files', bytes(sum(all, 'file'))],
  ])
}

const definitions = pairs => element('dl', { className: 'facts' }, ...pairs.map(([term, text, title = '']) =>
  element('div', {}, element('dt', {}, term), element('dd', { title }, text))))

// why tells how the path came into the cache.
function why(path) {
  const way = chain(path)
  if (way.length === 1) return [element('p', { className: 'hint' }, 'A root: nothing else in the cache refers to it.')]
  const steps = way.map(step => element('li', {}, step === path ? path.name : anchor(`#${step.hash}`, step.name)))
  return [element('h3', {}, 'Why it is here'), element('ol', { className: 'way' }, ...steps)]
}

// list shows paths, largest first, and then what is not in the cache.
function list(heading, inside, names) {
  const entries = inside.toSorted((a, b) => b.nar - a.nar).map(path =>
    element('li', {}, anchor(`#${path.hash}`, path.name), element('span', {}, bytes(path.nar))))
  entries.push(...names.map(name => element('li', {}, element('span', {}, name), element('span', {}, 'not here'))))
  if (entries.length === 0) return []
  const items = element('ul', { className: 'list' }, ...entries.slice(0, atFirst))
  return [element('h3', {}, `${heading} ${plural(entries.length, 'path')}`), items, ...rest(items, entries.slice(atFirst))]
}

function rest(items, entries) {
  if (entries.length === 0) return []
  const button = element('button', { type: 'button' }, `Show ${count(entries.length)} more`)
  button.onclick = () => {
    items.append(...entries)
    button.remove()
    entries[0].querySelector('a')?.focus()
  }
  return [button]
}

// What only the noscript element of the row tells.
const parsed = path => new DOMParser().parseFromString(path.more, 'text/html').body
const outside = path => Array.from(parsed(path).querySelectorAll('span'), span => span.textContent)
const files = path => Array.from(parsed(path).querySelectorAll('a:not([href^="#"])'))

addEventListener('hashchange', choose)
addEventListener('keydown', event => {
  if (event.key === 'Escape' && chosen && event.target !== search) leave()
})
