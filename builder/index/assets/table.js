// The table: sorted, searched, and gone through with the arrow keys.

const search = $('search')
const inGroup = 100 // rows to a tbody, as in rows.go
const columns = [
  path => path.name,
  path => path.nar,
  path => path.file,
  path => path.file / path.nar,
  path => path.references,
  path => path.users.length,
]
const headers = Array.from(table.tHead.rows[0].cells)

let shown = paths // in their order
let sorted = { column: 1, sign: -1 }
let stop = null // the row that Tab stops at
let marked = null // the row that is marked as chosen

headers.forEach((header, column) => {
  const button = element('button', { type: 'button' }, ...header.childNodes)
  button.onclick = () => sortBy(column)
  header.append(button)
})

// sortBy sorts by a column; again, the other way round. Names start with the
// first, numbers with the largest.
function sortBy(column) {
  const first = column === 0 ? 1 : -1
  sorted = { column, sign: sorted.column === column ? -sorted.sign : first }
  showTable()
}

function compare(a, b) {
  const key = columns[sorted.column]
  const [x, y] = [key(a), key(b)]
  const order = x < y ? -1 : x > y ? 1 : 0
  return sorted.sign * order || (a.name < b.name ? -1 : 1)
}

// matches returns a test for all words of the search; a whole store path is
// found by its base name.
function matches(text) {
  const words = text.toLowerCase().split(/\s+/).map(word => word.replace(/^.*\//, ''))
  return path => {
    const base = `${path.hash}-${path.name}`.toLowerCase()
    return words.every(word => base.includes(word))
  }
}

function showTable() {
  shown = paths.filter(matches(search.value)).sort(compare)
  const groups = []
  for (let i = 0; i < shown.length; i += inGroup) groups.push(group(shown.slice(i, i + inGroup)))
  for (const body of Array.from(table.tBodies)) body.remove()
  table.append(...groups)
  tell()
}

// tell says what is shown, and how it is sorted.
function tell() {
  headers.forEach((header, column) => {
    if (column === sorted.column) header.ariaSort = sorted.sign > 0 ? 'ascending' : 'descending'
    else header.removeAttribute('aria-sort')
  })
  $('none').hidden = shown.length > 0
  $('count').textContent = shown.length === paths.length
    ? plural(paths.length, 'path')
    : `${count(shown.length)} of ${plural(paths.length, 'path')}: ${bytes(sum(shown, 'nar'))} in ${bytes(sum(shown, 'file'))}`
  markTable()
}

function group(list) {
  const body = element('tbody', {}, ...list.map(path => path.row))
  body.style.setProperty('--rows', list.length)
  return body
}

// markTable marks the chosen row, and makes one row the only one that Tab
// stops at.
function markTable(next = [chosen, stop].find(path => shown.includes(path)) ?? shown[0]) {
  if (stop) stop.anchor.tabIndex = -1
  if (next) next.anchor.tabIndex = 0
  stop = next
  marked?.row.removeAttribute('aria-current')
  chosen?.row.setAttribute('aria-current', 'true')
  marked = chosen
}

table.addEventListener('click', event => {
  if (event.target.closest('a') || String(getSelection())) return
  event.target.closest('tbody tr')?.querySelector('a').click()
})
table.addEventListener('keydown', event => {
  const at = shown.findIndex(path => path.anchor === event.target)
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: shown.length - 1 }[event.key]
  if (at < 0 || !shown[next] || forBrowser(event)) return
  event.preventDefault()
  markTable(shown[next])
  shown[next].anchor.focus()
})
