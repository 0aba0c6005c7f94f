// Which image belongs to a point of the latent map, what is told of it, and which are drawn.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./a_page.mjs"; // to which the module listens when it is loaded

const { cell, inView, told } = await import("../../genmodels/ui/components/latent_map_pictures.js");

test("an image is found by rows", () => {
  const sheet = { columns: 3, width: 28, height: 20 };
  assert.deepEqual(
    [0, 2, 3, 7].map((index) => cell(index, sheet)),
    [
      [0, 0],
      [56, 0],
      [0, 20],
      [28, 40],
    ],
  );
});

test("a point is told by its names and values", () => {
  const facts = [
    { title: "label", names: ["cat", "dog"], of: Uint8Array.of(1, 0) },
    { title: "nats", values: Float64Array.of(61.23456, 7) },
  ];
  assert.deepEqual(told(0, facts), ["image 0", "label dog", "nats 61.23"]);
});

const AXES = { xaxis: { range: [0, 10] }, yaxis: { range: [10, 0] } };
const POINTS = { x: [1, 11, 2, 3, NaN], y: [1, 1, 2, 9, NaN], of: [0, 0, 1, 0, 0], hidden: [false, true] };

test("images are drawn of points in view that are not hidden", () => {
  assert.deepEqual(inView(POINTS, AXES), [0, 3]);
});

test("too many points in view have no images", () => {
  assert.deepEqual(inView(POINTS, AXES, 1), []);
});
