// The images of the points of a latent map: under the pointer, and on the map itself where it is zoomed in. They are cells of one picture, so
// that a point costs no request.

import { element } from "./common.js";
import { over } from "./map_canvas.js";

const MOST = 150; // images drawn on the map at once
const SIDE = 30; // pixels of each
const ENLARGED = 84; // pixels of the one under the pointer
const AWAY = 14; // pixels from the pointer

// The top left pixel of the image of a point.
export function cell(index, { columns, width, height }) {
  return [(index % columns) * width, Math.floor(index / columns) * height];
}

// What is told of a point, a line each.
export function told(index, facts) {
  const lines = facts.map(({ title, names, of, values }) => `${title} ${names ? names[of[index]] : values[index].toPrecision(4)}`);
  return [`image ${index}`, ...lines];
}

// The points of visible traces within the axes' ranges, as [index, x, y, colour]; none if they are more than `most`.
export function inView(traces, { xaxis, yaxis }, most = MOST) {
  const between = (value, { range: [from, to] }) => Math.min(from, to) <= value && value <= Math.max(from, to);
  const found = [];
  for (const { x, y, customdata, visible, marker } of traces) {
    if (!customdata || visible !== true) continue;
    for (let place = 0; place < customdata.length; place++) {
      if (!between(x[place], xaxis) || !between(y[place], yaxis)) continue;
      if (found.length === most) return [];
      found.push([customdata[place], x[place], y[place], typeof marker.color === "string" ? marker.color : "gray"]);
    }
  }
  return found;
}

export class Pictures {
  constructor(root) {
    this.root = root;
    this.layer = element("canvas", { className: "pictures" });
    this.image = element("canvas", { width: ENLARGED, height: ENLARGED });
    this.text = element("div", {});
    this.tip = element("div", { className: "tip", hidden: true }, this.image, this.text);
    this.tip.dataset.testid = "latent-map-tip";
    root.append(this.layer, this.tip);
  }

  // `part`: of the message; undefined or empty where the points have no images. `drawn` is called when they can be drawn.
  use(part, drawn) {
    if (this.part === part) return;
    this.part = part;
    this.hide();
    this.sheet = part && element("img", { src: part.url, onload: drawn });
  }

  get ready() {
    return this.sheet?.complete && this.sheet.naturalWidth > 0;
  }

  // The point under the pointer, whose place is in pixels of the window.
  show(index, clientX, clientY) {
    if (!this.ready) return;
    this.draw(this.image.getContext("2d"), index, 0, 0, ENLARGED);
    this.text.replaceChildren(...told(index, this.part.facts).map((textContent) => element("div", { textContent })));
    this.tip.hidden = false;
    const { left, top, width, height } = this.root.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.tip;
    const [x, y] = [clientX - left, clientY - top];
    this.tip.style.left = `${Math.max(0, x + AWAY + offsetWidth > width ? x - AWAY - offsetWidth : x + AWAY)}px`;
    this.tip.style.top = `${Math.max(0, Math.min(y + AWAY, height - offsetHeight))}px`;
  }

  hide() {
    this.tip.hidden = true;
  }

  // The images at their points, where few enough of these are in view.
  lay(plot, selected) {
    const { context, at } = over(plot, this.root, this.layer) ?? {};
    const found = context && this.ready ? inView(plot.data, plot.layout) : [];
    this.root.dataset.pictures = found.length;
    for (const [index, x, y, colour] of found) {
      const [across, down] = at(x, y).map((middle) => middle - SIDE / 2);
      context.globalAlpha = !selected.size || selected.has(index) ? 1 : 0.3;
      this.draw(context, index, across, down, SIDE);
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.strokeRect(across, down, SIDE, SIDE);
    }
  }

  draw(context, index, x, y, side) {
    const { width, height } = this.part;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.sheet, ...cell(index, this.part), width, height, x, y, side, side);
  }
}
