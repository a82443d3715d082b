// The store paths of the cache, read from the table.

const $ = id => document.getElementById(id)

// element creates an element; strings among its children become text, never HTML.
function element(tag, properties, ...children) {
  const created = Object.assign(document.createElement(tag), properties)
  created.append(...children)
  return created
}

// isBrowserShortcut reports whether a key is pressed with a modifier, such as
// Alt and ← for the previous page.
const isBrowserShortcut = event => event.altKey || event.ctrlKey || event.metaKey

const storeDir = $('store').textContent
const table = document.querySelector('table')

let selected = null // the store path whose details are shown

// paths holds the store paths in the order of the table: the largest NAR first.
const paths = Array.from(table.querySelectorAll('tbody tr'), readRow)
const byHash = new Map(paths.map(path => [path.hash, path]))
linkReferences()

function readRow(row) {
  const [header, nar, file, ratio, references, , more] = row.cells
  const anchor = header.firstElementChild
  // Without an id the row is not a link target: the browser does not scroll to
  // it when the address changes. select() scrolls instead.
  row.removeAttribute('id')
  anchor.tabIndex = -1 // except one: see markTable
  return {
    hash: anchor.hash.slice(1),
    name: anchor.firstChild.data.trim(),
    nar: Number(nar.dataset.n),
    file: Number(file.dataset.n),
    ratio: ratio.textContent,
    references: Number(references.textContent), // with those not in the cache
    more: more.textContent, // of the noscript: HTML, as text
    refs: [],
    referrers: [],
    row,
    anchor,
  }
}

// linkReferences sets refs and referrers of all store paths.
function linkReferences() {
  for (const path of paths) {
    for (const [, hash] of path.more.matchAll(/href="#([^"]*)"/g)) {
      const ref = byHash.get(hash)
      if (!ref) continue
      path.refs.push(ref)
      ref.referrers.push(path)
    }
  }
}

// closure returns the set of a path and its direct and indirect references.
function closure(path) {
  const reached = new Set([path])
  for (const next of reached) next.refs.forEach(ref => reached.add(ref)) // the loop visits what it adds
  return reached
}

// shortestChain returns the shortest chain of references to the path from one
// without referrers.
function shortestChain(path) {
  const next = new Map([[path, null]])
  for (const [start] of next) {
    if (start.referrers.length === 0) {
      const chain = []
      for (let step = start; step; step = next.get(step)) chain.push(step)
      return chain
    }
    for (const referrer of start.referrers) if (!next.has(referrer)) next.set(referrer, start)
  }
  return [path]
}

const sum = (list, size) => Array.from(list).reduce((total, path) => total + path[size], 0)

// bytes formats and rounds as the Go package size does.
function bytes(n) {
  if (n < 1024) return `${n} B`
  let unit = -1
  while (n >= 1024) {
    n /= 1024
    unit++
  }
  return `${(Math.round(n * 10) / 10).toFixed(1)} ${['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'][unit]}`
}

const sizes = list => `${bytes(sum(list, 'nar'))} unpacked, ${bytes(sum(list, 'file'))} packed`
const count = n => n.toLocaleString('en')
const plural = (n, noun) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`
