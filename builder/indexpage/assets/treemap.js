// The treemap: a link for each store path that is large enough to be clicked, and
// a button that draws the smaller ones in their place.

const cells = $('cells')
const caption = $('caption')
const defaultCaption = caption.textContent
const minCellArea = 40 // square pixels
const maxCells = 1000
const ratioSteps = [0.2, 0.35, 0.5, 0.75] // where the color changes
const isCompressed = paths.some(path => path.file < path.nar)
$('legend').hidden = !isCompressed

let mapped = paths // the store paths to draw
let drawn = [] // the cells: { x, y, width, height, node, path }; path is undefined for the button

const area = () => document.querySelector('input[name=area]:checked').value

// drawMap draws store paths.
function drawMap(list) {
  mapped = list
  const size = area()
  const bySize = list.filter(path => path[size] > 0).sort((a, b) => b[size] - a[size])
  const { clientWidth: width, clientHeight: height } = cells
  const scale = (width * height) / sum(bySize, size)
  const firstSmall = bySize.findIndex(path => path[size] * scale < minCellArea)
  const end = firstSmall < 0 ? bySize.length : Math.max(firstSmall, 100)
  const large = bySize.slice(0, Math.min(end, maxCells))
  const smaller = bySize.slice(large.length)
  const areas = large.map(path => path[size] * scale)
  if (smaller.length) areas.push(sum(smaller, size) * scale)
  const hadFocus = cells.contains(document.activeElement)
  drawn = squarify(areas, width, height)
  drawn.forEach((cell, i) => fillCell(cell, large[i], smaller))
  cells.replaceChildren(...drawn.map(cell => cell.node))
  $('all').hidden = list === shown
  showCaption(null)
  markMap()
  if (hadFocus) tabStopCell().node.focus()
}

function fillCell(cell, path, smaller) {
  const fitsName = cell.width > 52 && cell.height > 24
  const fitsSize = cell.width > 76 && cell.height > 40
  cell.path = path
  cell.node = path ? pathNode(path, fitsSize) : smallerNode(smaller)
  cell.node.setAttribute('aria-label', describeCell(path, smaller))
  cell.node.classList.toggle('wrap', cell.height > 90)
  if (!fitsName) cell.node.replaceChildren()
  for (const [side, value] of [['left', cell.x], ['top', cell.y], ['width', cell.width], ['height', cell.height]]) {
    cell.node.style[side] = `${value}px`
  }
}

function pathNode(path, fitsSize) {
  const ratio = path.file / path.nar
  const color = isCompressed ? ratioSteps.filter(limit => ratio >= limit).length : 1
  const node = element('a', { href: `#${path.hash}`, className: `r${color}` }, path.name)
  if (fitsSize) node.append(element('small', {}, bytes(path[area()])))
  return node
}

function smallerNode(smaller) {
  const node = element('button', { type: 'button', className: 'smaller' }, `${count(smaller.length)} smaller`)
  node.onclick = () => drawMap(smaller)
  return node
}

function describeCell(path, smaller) {
  return path ? `${path.name}: ${sizes([path])}` : `${count(smaller.length)} smaller store paths: ${sizes(smaller)}`
}

function showCaption(cell) {
  caption.textContent = cell ? cell.node.getAttribute('aria-label') : defaultCaption
}

// markMap marks the selected path and its closure.
function markMap() {
  const marked = selected ? closure(selected) : new Set()
  for (const { path, node } of drawn) {
    node.classList.toggle('in-closure', marked.has(path))
    node.classList.toggle('selected', path === selected)
    node.tabIndex = -1
  }
  if (drawn.length) tabStopCell().node.tabIndex = 0
}

// tabStopCell returns the only cell that Tab stops at.
const tabStopCell = () => drawn.find(cell => cell.path === selected) ?? drawn[0]

const cellOf = event => drawn.find(cell => cell.node === event.target.closest('#cells > *'))

// neighborCell returns the cell for an arrow key, Home or End: for an arrow the one
// across the middle of the edge.
function neighborCell({ x, y, width, height }, key) {
  const gap = 1
  const point = {
    ArrowLeft: [x - gap, y + height / 2],
    ArrowRight: [x + width + gap, y + height / 2],
    ArrowUp: [x + width / 2, y - gap],
    ArrowDown: [x + width / 2, y + height + gap],
  }[key]
  if (key === 'Home') return drawn[0]
  if (key === 'End') return drawn.at(-1)
  return point && drawn.find(cell => point[0] >= cell.x && point[0] < cell.x + cell.width && point[1] >= cell.y && point[1] < cell.y + cell.height)
}

cells.addEventListener('pointerover', event => showCaption(cellOf(event)))
cells.addEventListener('pointerleave', () => showCaption(null))
cells.addEventListener('focusin', event => showCaption(cellOf(event)))
cells.addEventListener('keydown', event => {
  const next = neighborCell(cellOf(event), event.key)
  if (!next || isBrowserShortcut(event)) return
  event.preventDefault()
  for (const { node } of drawn) node.tabIndex = node === next.node ? 0 : -1
  next.node.focus()
})
$('all').addEventListener('click', () => {
  drawMap(shown)
  drawn[0].node.focus()
})
for (const input of document.querySelectorAll('input[name=area]')) input.addEventListener('change', () => drawMap(mapped))

// squarify lays out areas, largest first, in a rectangle: in rows along its
// shorter side. A row ends when one more area would worsen its worst aspect ratio.
// See Bruls, Huizing, van Wijk: Squarified Treemaps, 2000.
function squarify(areas, width, height) {
  const rectangles = []
  let x = 0
  let y = 0
  while (rectangles.length < areas.length) {
    const isColumn = width - x > height - y
    const side = isColumn ? height - y : width - x
    const { row, total } = takeRow(areas, rectangles.length, side)
    const depth = total / side
    let offset = isColumn ? y : x
    for (const area of row) {
      const length = area / depth
      rectangles.push(isColumn ? { x, y: offset, width: depth, height: length } : { x: offset, y, width: length, height: depth })
      offset += length
    }
    if (isColumn) x += depth
    else y += depth
  }
  return rectangles
}

// takeRow returns the areas of the next row, and their total.
function takeRow(areas, start, side) {
  let end = start
  let total = 0
  let worst = Infinity
  while (end < areas.length) {
    const next = total + areas[end]
    const worse = Math.max(aspectRatio(areas[start], next, side), aspectRatio(areas[end], next, side))
    if (worse > worst) break
    worst = worse
    total = next
    end++
  }
  return { row: areas.slice(start, end), total }
}

// aspectRatio returns the aspect ratio, at least 1, of an area in a row along side.
function aspectRatio(area, total, side) {
  const ratio = (area * side * side) / (total * total)
  return Math.max(ratio, 1 / ratio)
}
