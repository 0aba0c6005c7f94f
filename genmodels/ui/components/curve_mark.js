// A mark across a chart of plotly.js, which is moved without drawing the chart anew.

// How far along an axis a number is, from 0 to 1; undefined where the reader has zoomed past it. What lies before the first point, or after
// the last, is at the edge.
export function along(value, { range: [from, to], autorange }) {
  const share = (value - from) / (to - from);
  if (autorange === false && (share < 0 || share > 1)) return undefined;
  return Math.min(1, Math.max(0, share));
}

export class Mark {
  // In `figure`, over its `plot`.
  constructor(figure, plot) {
    this.figure = figure;
    this.plot = plot;
    this.line = Object.assign(document.createElement("div"), { className: "mark", hidden: true });
    figure.append(this.line);
  }

  listen() {
    for (const event of ["plotly_afterplot", "plotly_relayouting"]) this.plot.on(event, () => this.move(this.x));
  }

  move(x) {
    this.x = x;
    const area = this.plot.querySelector(".nsewdrag")?.getBoundingClientRect();
    const share = area && x !== undefined ? along(x, this.plot.layout.xaxis) : undefined;
    this.line.hidden = share === undefined;
    if (this.line.hidden) return;
    const { left, top } = this.figure.getBoundingClientRect();
    const place = { left: area.left - left + share * area.width, top: area.top - top, height: area.height };
    for (const [side, pixels] of Object.entries(place)) this.line.style[side] = `${pixels}px`;
  }
}
