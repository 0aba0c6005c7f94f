// How the boxes of a network diagram lie, and when they stay.

import assert from "node:assert/strict";
import { test } from "node:test";
import { outline, rows } from "../../genmodels/ui/components/diagram_rows.js";

const box = (title, parallel = false) => ({ title, lines: ["a line"], layer: true, parallel, picture: title });

test("each box has a row of its own, and a parallel one stands beside the box before it", () => {
  assert.deepEqual(rows([box("a"), box("b"), box("c", true), box("d")]), [[0], [1, 2], [3]]);
  assert.deepEqual(rows([box("a", true)]), [[0]]);
});

test("boxes stay while pictures and the choice change, and no longer", () => {
  const data = { name: "Generator", chosen: 1, boxes: [box("a"), box("b")] };
  const other = (changes) => outline({ ...data, ...changes });
  assert.equal(other({ chosen: 0, boxes: [{ ...box("a"), picture: "another" }, box("b")] }), outline(data));
  assert.notEqual(other({ name: "Decoder" }), outline(data));
  assert.notEqual(other({ boxes: [box("a"), { ...box("b"), lines: [] }] }), outline(data));
  assert.notEqual(other({ boxes: [box("a"), box("b", true)] }), outline(data));
});
