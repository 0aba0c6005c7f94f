// The images of the points of a latent map: under the pointer, and on the map itself where it is zoomed in. They are cells of one picture, so
// that a point costs no request.

import { element } from "./common.js";
import { over, pixel, shownBy } from "./map_canvas.js";
import { figure, word } from "./words.js";

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
  const lines = facts.map(
    ({ title, names, of, values }) => `${title} ${names ? names[of[index]] : figure(values[index], { maximumSignificantDigits: 4 })}`,
  );
  return [word("image {number}", { number: figure(index, { useGrouping: false }) }), ...lines];
}

// The points that are not hidden within the axes' ranges, by their index; none if they are more than `most`.
export function inView({ x, y, of, hidden }, { xaxis, yaxis }, most = MOST) {
  const between = (value, { range: [from, to] }) => Math.min(from, to) <= value && value <= Math.max(from, to);
  const found = [];
  for (let i = 0; i < x.length; i++) {
    if (hidden[of[i]] || !between(x[i], xaxis) || !between(y[i], yaxis)) continue;
    if (found.length === most) return [];
    found.push(i);
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

  // Tell of what is under the pointer, whose place is in pixels of the window: lines, and the image of a point if there is one.
  show(lines, index, clientX, clientY) {
    this.image.hidden = index === undefined || !this.ready;
    if (!this.image.hidden) this.draw(this.image.getContext("2d"), index, 0, 0, ENLARGED);
    this.text.replaceChildren(...lines.map((textContent) => element("div", { textContent })));
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

  // The images at the points of a scene, where few enough of these are in view.
  lay(plot, scene) {
    const ratio = window.devicePixelRatio || 1;
    const seen = over(plot, this.root, this.layer, ratio);
    const found = seen && this.ready ? inView(scene, shownBy(plot)) : [];
    const context = this.layer.getContext("2d");
    context.clearRect(0, 0, this.layer.width, this.layer.height);
    this.root.dataset.pictures = found.length;
    const side = SIDE * ratio;
    for (const i of found) {
      const [across, down] = pixel(scene.x[i], scene.y[i], seen).map((middle) => middle - side / 2);
      context.globalAlpha = !scene.selected.size || scene.selected.has(i) ? 1 : 0.3;
      this.draw(context, i, across, down, side);
      context.strokeStyle = scene.css[scene.of[i]];
      context.lineWidth = 2 * ratio;
      context.strokeRect(across, down, side, side);
    }
  }

  draw(context, index, x, y, side) {
    const { width, height } = this.part;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.sheet, ...cell(index, this.part), width, height, x, y, side, side);
  }
}
