// The table: sort, search, and arrow keys.

const search = $('search')
const rowsPerGroup = 100 // rows in a tbody, as in rows.go
const columns = [
  path => path.name,
  path => path.nar,
  path => path.file,
  path => path.file / path.nar,
  path => path.references,
  path => path.referrers.length,
]
const headers = Array.from(table.tHead.rows[0].cells)

let shown = paths // in their order
let sorted = { column: 1, sign: -1 }
let tabStop = null // the row that Tab stops at
let marked = null // the row that is marked as selected

headers.forEach((header, column) => {
  const button = element('button', { type: 'button' }, ...header.childNodes)
  button.onclick = () => sortBy(column)
  header.append(button)
})

// sortBy sorts by a column, names in ascending and numbers in descending order. The
// second time it reverses the order.
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

// matches returns a test for all words of the search. A word may be a whole store
// path: only its base name counts.
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
  for (let i = 0; i < shown.length; i += rowsPerGroup) groups.push(group(shown.slice(i, i + rowsPerGroup)))
  for (const body of Array.from(table.tBodies)) body.remove()
  table.append(...groups)
  updateStatus()
}

// updateStatus shows the number of rows and the order.
function updateStatus() {
  headers.forEach((header, column) => {
    if (column === sorted.column) header.ariaSort = sorted.sign > 0 ? 'ascending' : 'descending'
    else header.removeAttribute('aria-sort')
  })
  $('none').hidden = shown.length > 0
  $('count').textContent = shown.length === paths.length
    ? plural(paths.length, 'path')
    : `${count(shown.length)} of ${plural(paths.length, 'path')}: ${sizes(shown)}`
  markTable()
}

function group(list) {
  const body = element('tbody', {}, ...list.map(path => path.row))
  body.style.setProperty('--rows', list.length)
  return body
}

// markTable marks the selected row, and makes next the only row that Tab stops at.
function markTable(next = [selected, tabStop].find(path => shown.includes(path)) ?? shown[0]) {
  if (tabStop) tabStop.anchor.tabIndex = -1
  if (next) next.anchor.tabIndex = 0
  tabStop = next
  marked?.row.removeAttribute('aria-current')
  selected?.row.setAttribute('aria-current', 'true')
  marked = selected
}

table.addEventListener('click', event => {
  if (event.target.closest('a') || String(getSelection())) return
  event.target.closest('tbody tr')?.querySelector('a').click()
})
table.addEventListener('keydown', event => {
  const current = shown.findIndex(path => path.anchor === event.target)
  const next = { ArrowUp: current - 1, ArrowDown: current + 1, Home: 0, End: shown.length - 1 }[event.key]
  if (current < 0 || !shown[next] || isBrowserShortcut(event)) return
  event.preventDefault()
  markTable(shown[next])
  shown[next].anchor.focus()
})
