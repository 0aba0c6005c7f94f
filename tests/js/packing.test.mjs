// What latent_map.py packs, as the browser reads it, and the selection as Python reads it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bits, indices, unpackers } from "../../genmodels/ui/components/packing.js";

const X = { low: 1, step: 0.5, steps: "AAACAP//" }; // as pack([1, 2, nan])
const Y = { low: -1, step: 1 / 256, steps: "AAEAAAAC" }; // 256, 0 and 512 steps

test("coordinates are steps above the lowest, and what is not finite is no number", () => {
  assert.deepEqual(unpackers.points({ x: X, y: Y }), { x: Float64Array.of(1, 2, NaN), y: Float64Array.of(0, -1, 1) });
});

test("colours are kinds or values", () => {
  const kinds = [{ label: "one", colour: "red" }];
  assert.deepEqual(unpackers.colours({ kinds, kind_of: "AAEC" }), { kinds, kindOf: Uint8Array.of(0, 1, 2) });
  assert.deepEqual(unpackers.colours({ values: X, label: "height" }), { values: Float64Array.of(1, 2, NaN), label: "height" });
});

test("there may be no points placed in", () => {
  assert.ok(!unpackers.extra({}));
  const { x, labels, name } = unpackers.extra({ x: X, y: Y, labels: ["a"], name: "yours" });
  assert.deepEqual([x.length, labels, name], [3, ["a"], "yours"]);
});

test("a selection is one bit a point, the lowest first", () => {
  assert.equal(bits(new Set([9, 0]), 10), "AQI="); // as np.packbits(..., bitorder="little")
  assert.deepEqual(indices("AQI="), [0, 9]);
});

test("a selection survives the way there and back, whole or empty", () => {
  for (const count of [0, 1, 8, 60_000]) {
    const all = Array.from({ length: count }, (_, i) => i);
    assert.deepEqual(indices(bits(new Set(all), count)), all);
    assert.deepEqual(indices(bits(new Set(), count)), []);
  }
});
