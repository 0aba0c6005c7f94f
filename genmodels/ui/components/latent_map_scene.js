// How the points of a latent map look.

import { cross, diamond, disc } from "./dots.js";
import { pixel } from "./map_canvas.js";

export const FEW = 20; // extra points up to this number are drawn large
const OPACITY = { plain: 0.85, unselected: 0.15, selected: 1 };

// The diameter of each of so many points, in pixels of the page.
export const diameter = (count) => Math.min(8, Math.max(3, 11 - 1.75 * Math.log10(count)));

// The look of so many extra points.
export const extraLook = (count, ratio = 1) => (count <= FEW ? diamond(9 * ratio, 2.5 * ratio) : cross(3 * ratio, ratio));

// Draws a scene into `dots`: points at `x` and `y`, whose colours are those of `palette` that `of` names, but for what is `hidden` of these;
// faint where others are `selected`; and over all the `extra` ones. `coarse` is several times as fast.
export function drawScene(dots, ratio, scene, seen, coarse = false) {
  const { x, y, of, palette, hidden, selected, extra } = scene;
  const marked = new Uint8Array(x.length);
  for (const i of selected) marked[i] = 1;
  const draw = (which, size, opacity) => {
    const shape = dots.ready(disc(size * ratio));
    for (let i = 0; i < x.length; i++) {
      if (marked[i] !== which || hidden[of[i]]) continue;
      const [across, down] = [(x[i] - seen.left) * seen.across, (seen.top - y[i]) * seen.down];
      if (coarse) dots.stamp(across, down, shape, palette[of[i]], opacity);
      else dots.put(across, down, shape, palette[of[i]], opacity);
    }
  };
  const size = diameter(x.length);
  dots.clear();
  draw(0, size, selected.size ? OPACITY.unselected : OPACITY.plain);
  if (selected.size) draw(1, size + 1.5, OPACITY.selected);
  if (!extra) return;
  const shape = dots.ready(extraLook(extra.x.length, ratio));
  for (let i = 0; i < extra.x.length; i++) dots.put(...pixel(extra.x[i], extra.y[i], seen), shape, extra.colour, 1);
}
