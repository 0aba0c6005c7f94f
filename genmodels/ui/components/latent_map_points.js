// The points of a latent map, drawn by ourselves: plotly.js has them on the GPU, and without one takes a tenth of a second and more for a
// picture. It draws what is around them.

import { element } from "./common.js";
import { Dots } from "./dots.js";
import { drawScene } from "./latent_map_scene.js";
import { over, view } from "./map_canvas.js";

const MANY = 20_000; // points that are drawn coarsely while they move
const REST_MS = 200; // without a move
const LARGEST = 14; // pixels that a shape reaches from its middle, at most
const FINER = 2; // pixels of a picture that is taken away for one of the page

export class Points {
  constructor(root) {
    this.root = root;
    this.canvas = element("canvas", { className: "points" });
    root.prepend(this.canvas);
  }

  // Draw the scene within the axes of `plot`; coarsely if it `moves` and has many points, and finely once it is at rest.
  draw(plot, scene, moves) {
    clearTimeout(this.resting);
    const coarse = moves && scene.x.length > MANY;
    const ratio = coarse ? 1 : window.devicePixelRatio || 1;
    if (coarse) this.resting = setTimeout(() => this.draw(plot, scene), REST_MS);
    const seen = over(plot, this.root, this.canvas, ratio);
    if (!seen) return;
    const { width, height } = this.canvas;
    if (this.dots?.width !== width || this.dots.height !== height) this.dots = new Dots(width, height, Math.ceil(LARGEST * ratio));
    drawScene(this.dots, ratio, scene, seen, coarse);
    show(this.dots, this.canvas);
  }

  end() {
    clearTimeout(this.resting);
  }
}

// The scene as an image of a plotly.js layout, for axes of these ranges in another shape, which widens one of them: it has room for that.
export function sceneImage(scene, axes, { width, height }) {
  const [[x0, x1], [y0, y1]] = [axes.xaxis.range, axes.yaxis.range];
  const unit = Math.max((x1 - x0) / width, (y1 - y0) / height) / FINER; // of a pixel of the image
  const size = { width: Math.round(width * FINER), height: Math.round(height * FINER) };
  const around = (low, high, pixels) => [(low + high - pixels * unit) / 2, (low + high + pixels * unit) / 2];
  const [x, y] = [around(x0, x1, size.width), around(y0, y1, size.height)];
  const dots = new Dots(size.width, size.height, LARGEST * FINER);
  drawScene(dots, FINER, scene, view({ xaxis: { range: x }, yaxis: { range: y } }, size));
  const canvas = element("canvas", size);
  show(dots, canvas);
  const place = { xref: "x", yref: "y", x: x[0], y: y[1], sizex: x[1] - x[0], sizey: y[1] - y[0] };
  return { ...place, source: canvas.toDataURL(), sizing: "stretch", layer: "below" };
}

function show({ bytes, across, down, margin }, canvas) {
  canvas.getContext("2d").putImageData(new ImageData(bytes, across, down), -margin, -margin);
}

let swatch; // one pixel, on which the browser reads colours for us

// A colour of CSS as `Dots` takes it.
export function colourNumber(colour) {
  swatch ??= element("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  swatch.fillStyle = colour;
  swatch.fillRect(0, 0, 1, 1);
  const [red, green, blue] = swatch.getImageData(0, 0, 1, 1).data;
  return (blue << 16) | (green << 8) | red;
}
