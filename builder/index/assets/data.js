// What the page knows of the cache, read from its table.

const $ = id => document.getElementById(id)

// element makes an element; strings among its children become text, never HTML.
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

// forBrowser tells whether a key is pressed together with one that makes it the
// browser's, such as Alt and ← for the page before.
const forBrowser = event => event.altKey || event.ctrlKey || event.metaKey

const storeDir = $('store').textContent
const table = document.querySelector('table')

let chosen = null // the store path whose details are shown

// paths are the store paths, in the order of the table: the largest NAR first.
const paths = Array.from(table.querySelectorAll('tbody tr'), readRow)
const byHash = new Map(paths.map(path => [path.hash, path]))
link()

function readRow(row) {
  const [header, nar, file, ratio, references, , more] = row.cells
  const anchor = header.firstElementChild
  // Without its id the row is no target any more: the browser does not scroll
  // to it when a link changes the address, which choose() sees to instead.
  row.removeAttribute('id')
  anchor.tabIndex = -1 // but for one: see markTable
  return {
    hash: anchor.hash.slice(1),
    name: anchor.firstChild.data.trim(),
    nar: Number(nar.dataset.n),
    file: Number(file.dataset.n),
    ratio: ratio.textContent,
    references: Number(references.textContent), // with those not in the cache
    more: more.textContent, // of the noscript: HTML, as text
    refs: [],
    users: [],
    row,
    anchor,
  }
}

// link fills in who refers to whom.
function link() {
  for (const path of paths) {
    for (const [, hash] of path.more.matchAll(/href="#([^"]*)"/g)) {
      const ref = byHash.get(hash)
      if (!ref) continue
      path.refs.push(ref)
      ref.users.push(path)
    }
  }
}

// closure returns the path with all that it refers to, directly or not.
function closure(path) {
  const reached = new Set([path])
  for (const at of reached) at.refs.forEach(ref => reached.add(ref)) // which grows it
  return reached
}

// chain returns the shortest way to the path from one that nothing refers to.
function chain(path) {
  const from = new Map([[path, null]])
  for (const [at] of from) {
    if (at.users.length === 0) {
      const way = []
      for (let step = at; step; step = from.get(step)) way.push(step)
      return way
    }
    for (const user of at.users) if (!from.has(user)) from.set(user, at)
  }
  return [path]
}

const sum = (list, size) => Array.from(list).reduce((total, path) => total + path[size], 0)

// bytes rounds as format.go does.
function bytes(n) {
  if (n < 1024) return `${n} B`
  let unit = -1
  while (n >= 1024) {
    n /= 1024
    unit++
  }
  return `${(Math.round(n * 10) / 10).toFixed(1)} ${['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'][unit]}`
}

const count = n => n.toLocaleString('en')
const plural = (n, noun) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`
