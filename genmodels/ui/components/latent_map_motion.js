// The points of a latent map while they move, drawn by ourselves: plotly.js takes a tenth of a second and more for a picture where there is no
// GPU. It draws them again where they come to rest.

import { element } from "./common.js";
import { over } from "./map_canvas.js";

const REST_MS = 250; // without a move

export class Motion {
  // `rested` is called when nothing has moved for a while.
  constructor(root, rested) {
    this.root = root;
    this.rested = rested;
    this.layer = element("canvas", { className: "motion" });
    root.append(this.layer);
  }

  // The points of `traces` as plotly.js would draw them over its axes, which stay.
  draw(plot, traces) {
    clearTimeout(this.resting);
    this.resting = setTimeout(this.rested, REST_MS);
    this.traces = traces;
    const { context, at } = over(plot, this.root, this.layer) ?? {};
    if (!context) return;
    this.root.classList.add("moving");
    for (const trace of traces) if (trace.visible === true) drawTrace(context, at, trace);
  }

  end() {
    clearTimeout(this.resting);
    this.traces = undefined;
    this.root.classList.remove("moving");
  }
}

function drawTrace(context, at, { x, y, marker, selectedpoints, selected, unselected }) {
  const chosen = selectedpoints && new Set(selectedpoints);
  context.fillStyle = marker.color;
  for (let i = 0; i < x.length; i++) {
    const look = !chosen ? marker : chosen.has(i) ? selected.marker : unselected.marker;
    context.globalAlpha = look.opacity;
    context.beginPath();
    context.arc(...at(x[i], y[i]), (look.size ?? marker.size) / 2, 0, 2 * Math.PI);
    context.fill();
  }
}
