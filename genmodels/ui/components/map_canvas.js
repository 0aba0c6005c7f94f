// A canvas over a chart of plotly.js, in whose coordinates one draws.

// Clears the canvas, which covers `root`, and returns its context, which draws within the axes alone, and at(x, y), the pixel of a place;
// undefined while the chart is not drawn.
export function over(plot, root, canvas) {
  const { left, top, width, height } = root.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  const area = plot.querySelector(".nsewdrag")?.getBoundingClientRect();
  if (!area) return undefined;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.rect(area.left - left, area.top - top, area.width, area.height);
  context.clip();
  const { xaxis, yaxis } = plot.layout;
  const along = (value, { range: [from, to] }) => (value - from) / (to - from);
  const at = (x, y) => [area.left - left + along(x, xaxis) * area.width, area.bottom - top - along(y, yaxis) * area.height];
  return { context, at };
}
