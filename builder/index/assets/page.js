// What happens when.

let due = 0
search.addEventListener('input', () => {
  cancelAnimationFrame(due)
  due = requestAnimationFrame(show)
})

function show() {
  showTable()
  drawMap(shown)
}

tell() // the table is in order as it comes
new ResizeObserver(() => drawMap(mapped)).observe(cells)
if (location.hash) {
  choose()
  chosen?.row.scrollIntoView({ block: 'center' })
}
