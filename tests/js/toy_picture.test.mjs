// What is drawn of a training on the plane.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrow, begin, drawArrows, drawPoints, drawSurface, drawWays, gridPlaces } from "../../genmodels/ui/components/toy_picture.js";

// A context that notes the calls, [name, ...arguments], and under "style" what is set.
function noting(side = 600) {
  const calls = [];
  const target = { canvas: { width: side, height: side }, calls };
  return new Proxy(target, {
    get: (found, name) => found[name] ?? ((...given) => calls.push([name, ...given])),
    set: (found, name, value) => calls.push(["style", name, value]) && Boolean(found),
  });
}

const of = (context, name) => context.calls.filter(([called]) => called === name).map(([, ...given]) => given);

test("the plane is drawn with its middle in the middle, and y goes up", () => {
  const context = noting();
  begin(context, 3);
  assert.deepEqual(of(context, "scale"), [[100, -100]]);
  assert.deepEqual(of(context, "translate"), [[3, -3]]);
});

test("points are drawn where they are", () => {
  const context = noting();
  drawPoints(context, Int16Array.from([4096, -2048]), 4096, "blue");
  assert.deepEqual(of(context, "arc")[0].slice(0, 2), [1, -0.5]);
});

test("an arrow shows direction and speed, up to a length that hides nothing", () => {
  const [dx, dy, length] = arrow(0, 2, 0.1);
  assert.equal(dx, 0);
  assert.equal(dy, length);
  assert.equal(arrow(0, 1, 0.1)[2], length / 2);
  assert.equal(arrow(100, 0, 1)[2], arrow(1000, 0, 1)[2]);
  assert.deepEqual(arrow(0, 0, 1), [0, 0, 0]);
});

test("what stands still has no arrow", () => {
  const context = noting();
  drawArrows(context, [0, 0, 1, 1], [0, 0, 1, 0], 1, "black", 0.2);
  assert.deepEqual(of(context, "moveTo")[0], [1, 1]);
});

test("what lies behind a particle is darker than what is to come", () => {
  const context = noting();
  const ways = Int16Array.from([0, 0, 1, 0, 2, 0, 3, 0, 4, 0]); // one particle, five times
  drawWays(context, ways, 5, 0.5, 1, "blue");
  const alphas = context.calls.filter(([, name]) => name === "globalAlpha").map(([, , value]) => value);
  assert.ok(alphas[0] < alphas[1]);
  assert.deepEqual(of(context, "moveTo"), [
    [2, 0],
    [0, 0],
  ]);
  assert.deepEqual(
    of(context, "lineTo").map(([x]) => x),
    [3, 4, 1, 2],
  );
});

test("the discriminator's answer has the colour of what it believes, and none where it does not know", () => {
  const context = noting();
  drawSurface(context, Float32Array.from([0, 255, 127.5, 255]), 1, "violet", "green");
  const styles = context.calls.filter(([called]) => called === "style").map(([, , value]) => value);
  assert.deepEqual(styles, ["violet", 0.45, "green", 0.45, "green", 0, "green", 0.45]);
  assert.deepEqual(of(context, "fillRect")[0].slice(0, 2), [-2, -2], "the first is at the bottom left");
});

test("a grid begins at the bottom left and goes on to the right", () => {
  assert.deepEqual([...gridPlaces(4, 3, 1)], [-3, -3, 3, -3, -3, 3, 3, 3]);
});
