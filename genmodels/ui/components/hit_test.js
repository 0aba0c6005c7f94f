// Which points of a map a click, a lasso or a box means, and which image of a picture of many. Traces are those of plotly.js; what has no `customdata`, the points' indices in Python,
// cannot be chosen.

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

// The points of visible traces inside a polygon: those from which a ray crosses its edge an odd number of times.
export function within(corners, traces) {
  const edges = corners.map((corner, i) => [...corner, ...corners.at(i - 1)]);
  const inside = (x, y) => {
    let odd = false;
    for (const [x0, y0, x1, y1] of edges) if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) odd = !odd;
    return odd;
  };
  return choosable(traces).flatMap(({ x, y, customdata }) => customdata.filter((_, place) => inside(x[place], y[place])));
}

// Where the pointer, which is in pixels as the drawn area's rectangle is, points to in the map's own coordinates; and what a pixel is there.
export function coordinates(clientX, clientY, { left, bottom, width }, { xaxis, yaxis }) {
  const pixel = (xaxis.range[1] - xaxis.range[0]) / width; // on both axes
  return { x: xaxis.range[0] + (clientX - left) * pixel, y: yaxis.range[0] + (bottom - clientY) * pixel, pixel };
}

// The point of a visible trace nearest to the pointer; undefined if none is within `reach` of it.
export function nearestTo(clientX, clientY, area, { data, layout }, reach = NEAR) {
  const { x: atX, y: atY, pixel } = coordinates(clientX, clientY, area, layout);
  let [nearest, least] = [undefined, reach * pixel];
  for (const { x, y, customdata } of choosable(data)) {
    for (let place = 0; place < x.length; place++) {
      const distance = Math.hypot(x[place] - atX, y[place] - atY);
      if (distance < least) [nearest, least] = [customdata[place], distance];
    }
  }
  return nearest;
}

// The column and the row of the image at a place, shares of a picture of images from its top left; the nearest one for a place beside it.
export function cellAt(place, columns, rows) {
  const within = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  return [within(place[0], columns), within(place[1], rows)];
}

function choosable(traces) {
  return traces.filter(({ customdata, visible }) => customdata && visible === true);
}
