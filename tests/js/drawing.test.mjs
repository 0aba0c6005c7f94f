// What is drawn on the pad.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Drawing, trace } from "../../genmodels/ui/components/drawing.js";

let drawing;

beforeEach(() => {
  drawing = new Drawing();
});

function stroke(...points) {
  drawing.begin(points[0]);
  for (const point of points.slice(1)) drawing.extend(point);
  drawing.end();
}

test("a stroke is the points that it went through", () => {
  stroke([0, 0], [0.5, 0.5]);
  stroke([1, 0]);
  assert.deepEqual(drawing.strokes, [
    [
      [0, 0],
      [0.5, 0.5],
    ],
    [[1, 0]],
  ]);
});

test("Undo takes back stroke by stroke, then the picture of before, then nothing", () => {
  drawing.before = {};
  stroke([0, 0]);
  stroke([1, 1]);
  const steps = [drawing.steps];
  for (let i = 0; i < 4; i++) {
    drawing.undo();
    steps.push(drawing.steps);
  }
  assert.deepEqual(steps, [3, 2, 1, 0, 0]);
});

test("Clear takes back everything", () => {
  drawing.before = {};
  stroke([0, 0]);
  drawing.clear();
  assert.equal(drawing.steps, 0);
});

for (const undo of ["undo", "clear"]) {
  test(`a pointer that is still down after ${undo} draws no more`, () => {
    stroke([0, 0]);
    drawing.begin([1, 1]);
    drawing[undo]();
    const left = structuredClone(drawing.strokes);
    drawing.extend([1, 0]);
    assert.deepEqual(drawing.strokes, left);
  });
}

// The points that a context was sent to, in their order, without the corners of curves.
function path(points) {
  const way = [];
  const to = (...numbers) => way.push(numbers.slice(-2));
  trace({ beginPath() {}, moveTo: to, quadraticCurveTo: to, lineTo: to, stroke() {} }, points);
  return way;
}

test("a stroke is drawn from its first point to its last", () => {
  const way = path([
    [0, 0],
    [0.5, 1],
    [1, 0],
  ]);
  assert.deepEqual(way[0], [0, 0]);
  assert.ok(Math.hypot(way.at(-1)[0] - 1, way.at(-1)[1]) < 0.01);
});

test("a tap is a line that has a length", () => {
  const way = path([[0.5, 0.5]]);
  assert.notDeepEqual(way[0], way.at(-1));
});
