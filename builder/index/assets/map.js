// The treemap: a link for each store path that is large enough to be hit, and
// a button that draws all the others in their place.

const cells = $('cells')
const caption = $('caption')
const invitation = caption.textContent
const tooSmall = 40 // square pixels
const atMost = 1000 // cells
const ratios = [0.2, 0.35, 0.5, 0.75] // where the colours change
const compressed = paths.some(path => path.file < path.nar)
$('legend').hidden = !compressed

let mapped = paths // the store paths to draw
let drawn = [] // the cells: { x, y, width, height, node } and path or others

const area = () => document.querySelector('input[name=area]:checked').value

// drawMap draws store paths.
function drawMap(list) {
  mapped = list
  const size = area()
  const sorted = list.filter(path => path[size] > 0).sort((a, b) => b[size] - a[size])
  const { clientWidth: width, clientHeight: height } = cells
  const scale = (width * height) / sum(sorted, size)
  const large = sorted.findIndex(path => path[size] * scale < tooSmall)
  const end = large < 0 ? sorted.length : Math.max(large, 100)
  const single = sorted.slice(0, Math.min(end, atMost))
  const others = sorted.slice(single.length)
  const areas = single.map(path => path[size] * scale)
  if (others.length) areas.push(sum(others, size) * scale)
  const focused = cells.contains(document.activeElement)
  drawn = squarify(areas, width, height)
  drawn.forEach((cell, i) => fillCell(cell, single[i], others))
  cells.replaceChildren(...drawn.map(cell => cell.node))
  $('all').hidden = list === shown
  describe(null)
  markMap()
  if (focused) stopOf().node.focus()
}

function fillCell(cell, path, others) {
  const roomy = cell.width > 52 && cell.height > 24
  const tall = cell.width > 76 && cell.height > 40
  cell.path = path
  cell.node = path ? pathNode(path, tall) : othersNode(others)
  cell.node.setAttribute('aria-label', describeCell(path, others))
  if (!roomy) cell.node.replaceChildren()
  for (const [side, value] of [['left', cell.x], ['top', cell.y], ['width', cell.width], ['height', cell.height]]) {
    cell.node.style[side] = `${value}px`
  }
}

function pathNode(path, tall) {
  const ratio = path.file / path.nar
  const colour = compressed ? ratios.filter(limit => ratio >= limit).length : 1
  const node = element('a', { href: `#${path.hash}`, className: `r${colour}` }, path.name)
  if (tall) node.append(element('small', {}, bytes(path[area()])))
  return node
}

function othersNode(others) {
  const node = element('button', { type: 'button', className: 'others' }, `${count(others.length)} smaller`)
  node.onclick = () => drawMap(others)
  return node
}

function describeCell(path, others) {
  const [list, name] = path ? [[path], path.name] : [others, `${count(others.length)} smaller store paths`]
  return `${name}: ${bytes(sum(list, 'nar'))}, as a file ${bytes(sum(list, 'file'))}`
}

function describe(cell) {
  caption.textContent = cell ? cell.node.getAttribute('aria-label') : invitation
}

// markMap marks the chosen path, and all that it refers to directly or not.
function markMap() {
  const marked = chosen ? closure(chosen) : new Set()
  for (const { path, node } of drawn) {
    node.classList.toggle('within', marked.has(path))
    node.classList.toggle('chosen', path === chosen)
    node.tabIndex = -1
  }
  if (drawn.length) stopOf().node.tabIndex = 0
}

// stopOf returns the one cell that Tab stops at.
const stopOf = () => drawn.find(cell => cell.path === chosen) ?? drawn[0]

const cellOf = event => drawn.find(cell => cell.node === event.target.closest('#cells > *'))

// beside returns the cell that an arrow key leads to: the one across the middle
// of the edge.
function beside({ x, y, width, height }, key) {
  const gap = 1
  const at = {
    ArrowLeft: [x - gap, y + height / 2],
    ArrowRight: [x + width + gap, y + height / 2],
    ArrowUp: [x + width / 2, y - gap],
    ArrowDown: [x + width / 2, y + height + gap],
  }[key]
  if (key === 'Home') return drawn[0]
  if (key === 'End') return drawn.at(-1)
  return at && drawn.find(cell => at[0] >= cell.x && at[0] < cell.x + cell.width && at[1] >= cell.y && at[1] < cell.y + cell.height)
}

cells.addEventListener('pointerover', event => describe(cellOf(event)))
cells.addEventListener('pointerleave', () => describe(null))
cells.addEventListener('focusin', event => describe(cellOf(event)))
cells.addEventListener('keydown', event => {
  const next = beside(cellOf(event), event.key)
  if (!next || forBrowser(event)) return
  event.preventDefault()
  for (const { node } of drawn) node.tabIndex = node === next.node ? 0 : -1
  next.node.focus()
})
$('all').addEventListener('click', () => {
  drawMap(shown)
  drawn[0].node.focus()
})
for (const input of document.querySelectorAll('input[name=area]')) input.addEventListener('change', () => drawMap(mapped))
