// How the points of a latent map look.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Dots } from "../../genmodels/ui/components/dots.js";
import { drawScene } from "../../genmodels/ui/components/latent_map_scene.js";
import { view } from "../../genmodels/ui/components/map_canvas.js";

const SEEN = view({ xaxis: { range: [0, 10] }, yaxis: { range: [0, 10] } }, { width: 100, height: 100 });
const SCENE = { x: [2, 8], y: [2, 2], of: [0, 1], palette: [0x0000ff, 0xff0000], hidden: [false, false], selected: new Set() };

// What is seen at a place of the map: [red, green, blue, opacity].
function at(scene, x, y) {
  const dots = new Dots(100, 100, 20);
  drawScene(dots, 1, { ...SCENE, ...scene }, SEEN);
  const start = 4 * ((100 - 10 * y + 20) * dots.across + 10 * x + 20);
  return [...dots.bytes.slice(start, start + 4)];
}

test("a point has the colour of its kind, is below others on the page where its y is lower, and is gone where that kind is hidden", () => {
  assert.deepEqual(at({}, 2, 2), [255, 0, 0, 217]);
  assert.deepEqual(at({}, 8, 2), [0, 0, 255, 217]);
  assert.equal(at({}, 2, 8)[3], 0);
  assert.equal(at({ hidden: [true, false] }, 2, 2)[3], 0);
});

test("selected points stand out of faint ones", () => {
  const selected = new Set([1]);
  assert.equal(at({ selected }, 2, 2)[3], 37);
  assert.equal(at({ selected }, 8, 2)[3], 255);
});

test("points placed in are over all others, as many crosses or few diamonds", () => {
  const placed = (count) => ({ extra: { x: Array(count).fill(2), y: Array(count).fill(2), colour: 0x00ff00 } });
  assert.ok(at(placed(21), 2, 2)[1] > 250);
  assert.deepEqual(at(placed(20), 2, 2), [255, 0, 0, 217]);
  assert.equal(at(placed(20), 2.9, 2)[1], 255);
});
