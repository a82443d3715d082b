// squarify lays out areas, largest first, in a rectangle: in rows along its
// shorter side, each of as many areas as make its worst proportion better.
// See Bruls, Huizing, van Wijk: Squarified Treemaps, 2000.
function squarify(areas, width, height) {
  const places = []
  let x = 0
  let y = 0
  while (places.length < areas.length) {
    const upright = width - x > height - y
    const side = upright ? height - y : width - x
    const { row, total } = takeRow(areas, places.length, side)
    const depth = total / side
    let along = upright ? y : x
    for (const area of row) {
      const extent = area / depth
      places.push(upright ? { x, y: along, width: depth, height: extent } : { x: along, y, width: extent, height: depth })
      along += extent
    }
    if (upright) x += depth
    else y += depth
  }
  return places
}

// takeRow returns the areas of the next row, and their total.
function takeRow(areas, start, side) {
  let end = start
  let total = 0
  let worst = Infinity
  while (end < areas.length) {
    const next = total + areas[end]
    const worse = Math.max(proportion(areas[start], next, side), proportion(areas[end], next, side))
    if (worse > worst) break
    worst = worse
    total = next
    end++
  }
  return { row: areas.slice(start, end), total }
}

// proportion is how far an area is from a square in a row along side.
function proportion(area, total, side) {
  const squared = (area * side * side) / (total * total)
  return Math.max(squared, 1 / squared)
}
