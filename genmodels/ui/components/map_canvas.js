// A canvas over the axes of a chart of plotly.js, in whose coordinates one draws.

// What the axes show, also while a hand pans, when `plot.layout` has what they showed before.
export const shownBy = ({ _fullLayout: { xaxis, yaxis } }) => ({ xaxis, yaxis });

// Puts the canvas where the axes are, as `plot` and it lie in `root`, with `ratio` pixels of it for one of the page; the view that it has,
// {left, top, across, down}: the place of its top left pixel, and its pixels for a unit; undefined while the chart is not drawn.
export function over(plot, root, canvas, ratio) {
  const area = plot.querySelector(".nsewdrag")?.getBoundingClientRect();
  if (!area?.width) return undefined;
  const { left, top } = root.getBoundingClientRect();
  const place = { left: area.left - left, top: area.top - top, width: area.width, height: area.height };
  for (const [name, value] of Object.entries(place)) canvas.style[name] = `${value}px`;
  const size = { width: Math.round(area.width * ratio), height: Math.round(area.height * ratio) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  return view(shownBy(plot), size);
}

export function view({ xaxis: { range: x }, yaxis: { range: y } }, { width, height }) {
  return { left: x[0], top: y[1], across: width / (x[1] - x[0]), down: height / (y[1] - y[0]) };
}

// The pixel of a place.
export const pixel = (x, y, { left, top, across, down }) => [(x - left) * across, (top - y) * down];
