// Which points a hand on the map means.

import assert from "node:assert/strict";
import { test } from "node:test";
import { between, cellAt, coordinates, nearestTo, outline, within } from "../../genmodels/ui/components/hit_test.js";

// The corners of a square, of two kinds.
const POINTS = { x: [0, 4, 4, 0], y: [0, 4, 0, 4], of: [0, 1, 0, 1], hidden: [false, false] };
const AREA = { left: 100, bottom: 300, width: 200 }; // pixels
const LAYOUT = { xaxis: { range: [-5, 5] }, yaxis: { range: [-5, 5] } }; // 20 pixels a unit

test("a box has its four corners", () => {
  assert.deepEqual(outline({ x0: 0, x1: 2, y0: 1, y1: 3 }), [
    [0, 1],
    [2, 1],
    [2, 3],
    [0, 3],
  ]);
});

test("a lasso has those of its path", () => {
  assert.deepEqual(outline({ path: "M-1.5,2L3,4e-2L0,-7Z" }), [
    [-1.5, 2],
    [3, 0.04],
    [0, -7],
  ]);
});

test("places on the picture count from its top left, coordinates from below", () => {
  const box = between([0, 0], [0.5, 0.25], { xaxis: { range: [0, 10] }, yaxis: { range: [-4, 4] } });
  assert.deepEqual(box, { x0: 0, x1: 5, y0: 4, y1: 2 });
});

test("a polygon selects points by their indices", () => {
  assert.deepEqual(within(outline({ x0: -1, x1: 5, y0: -1, y1: 1 }), POINTS), [0, 2]);
  assert.deepEqual(within(outline({ x0: 5, x1: -1, y0: 1, y1: -1 }), POINTS), [0, 2]); // however it was drawn
  assert.deepEqual(within(outline({ x0: 8, x1: 9, y0: 8, y1: 9 }), POINTS), []);
});

test("a polygon that is not convex leaves out what lies in its notch", () => {
  const dart = outline({ path: "M0,0L4,8L8,0L4,6Z" });
  const points = { x: [4, 4, 2], y: [7, 3, 3.5], of: [0, 0, 0], hidden: [false] };
  assert.deepEqual(within(dart, points), [0, 2]);
});

test("a click means the nearest point within ten pixels", () => {
  const at = (x, y) => nearestTo(200 + 20 * x, 200 - 20 * y, AREA, POINTS, LAYOUT);
  assert.equal(at(4, 4), 1);
  assert.equal(at(0.4, 3.8), 3);
  assert.equal(at(0.6, 0), undefined);
  assert.equal(at(2, 2), undefined);
});

test("with the keyboard the nearest point is meant, however far it is", () => {
  assert.equal(nearestTo(200 + 20 * 2, 200 - 20 * 2.5, AREA, POINTS, LAYOUT, Infinity), 1);
});

test("what is hidden or is no number cannot be chosen", () => {
  const points = { x: [0, NaN], y: [0, NaN], of: [0, 1], hidden: [true, false] };
  assert.deepEqual(within(outline({ x0: -9, x1: 9, y0: -9, y1: 9 }), points), []);
  assert.equal(nearestTo(200, 200, AREA, points, LAYOUT, Infinity), undefined);
});

test("a place on a picture of images is in one of them, also at its edges and beside it", () => {
  assert.deepEqual(cellAt([0, 0], 5, 3), [0, 0]);
  assert.deepEqual(cellAt([0.41, 0.99], 5, 3), [2, 2]);
  assert.deepEqual(cellAt([1, 1], 5, 3), [4, 2]);
  assert.deepEqual(cellAt([-0.2, 1.3], 5, 3), [0, 2]);
});

test("a place beside all points has the map's own coordinates", () => {
  assert.deepEqual(coordinates(140, 280, AREA, LAYOUT), { x: -3, y: -4, pixel: 0.05 });
});
