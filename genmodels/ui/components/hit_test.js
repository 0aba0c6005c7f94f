// Which points of a map a click, a lasso or a box means, and which image of a picture of many. Points have their places in `x` and `y`; those
// whose kind, `of`, is `hidden` cannot be chosen.

const NEAR = 10; // pixels between a click and the point that it means

// The corners of a shape that plotly.js let the reader draw.
export function outline({ path, x0, x1, y0, y1 }) {
  const box = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
  if (!path) return box;
  return path
    .slice(1, -1)
    .split("L")
    .map((corner) => corner.split(",").map(Number));
}

// The box between two places, shares of the map from its top left, in the map's own coordinates.
export function between([x0, y0], [x1, y1], { xaxis, yaxis }) {
  const along = ({ range: [from, to] }, share) => from + share * (to - from);
  return { x0: along(xaxis, x0), x1: along(xaxis, x1), y0: along(yaxis, 1 - y0), y1: along(yaxis, 1 - y1) };
}

// The points inside a polygon: those from which a ray crosses its edge an odd number of times.
export function within(corners, { x, y, of, hidden }) {
  const edges = corners.map((corner, i) => [...corner, ...corners.at(i - 1)]);
  const heights = corners.map(([, height]) => height);
  const [lowest, highest] = [Math.min(...heights), Math.max(...heights)];
  const inside = (x, y) => {
    if (!(lowest <= y && y <= highest)) return false;
    let odd = false;
    for (const [x0, y0, x1, y1] of edges) if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) odd = !odd;
    return odd;
  };
  const found = [];
  for (let i = 0; i < x.length; i++) if (!hidden[of[i]] && inside(x[i], y[i])) found.push(i);
  return found;
}

// Where the pointer, which is in pixels as the drawn area's rectangle is, points to in the map's own coordinates; and what a pixel is there.
export function coordinates(clientX, clientY, { left, bottom, width }, { xaxis, yaxis }) {
  const pixel = (xaxis.range[1] - xaxis.range[0]) / width; // on both axes
  return { x: xaxis.range[0] + (clientX - left) * pixel, y: yaxis.range[0] + (bottom - clientY) * pixel, pixel };
}

// The point nearest to the pointer; undefined if none is within `reach` of it.
export function nearestTo(clientX, clientY, area, { x, y, of, hidden }, axes, reach = NEAR) {
  const place = coordinates(clientX, clientY, area, axes);
  let [nearest, least] = [undefined, (reach * place.pixel) ** 2];
  for (let i = 0; i < x.length; i++) {
    const distance = (x[i] - place.x) ** 2 + (y[i] - place.y) ** 2;
    if (distance < least && !hidden[of[i]]) [nearest, least] = [i, distance];
  }
  return nearest;
}

// The column and the row of the image at a place, shares of a picture of images from its top left; the nearest one for a place beside it.
export function cellAt(place, columns, rows) {
  const within = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  return [within(place[0], columns), within(place[1], rows)];
}
