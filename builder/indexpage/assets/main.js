// Start, and redraw on input.

let pendingFrame = 0
search.addEventListener('input', () => {
  cancelAnimationFrame(pendingFrame)
  pendingFrame = requestAnimationFrame(() => {
    showTable()
    drawMap(shown)
  })
})

updateStatus() // the table comes in order
new ResizeObserver(() => drawMap(mapped)).observe(cells)
if (location.hash) {
  select()
  selected?.row.scrollIntoView({ block: 'center' })
}
