// Where the mark of a film's moment stands on a chart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { along } from "../../genmodels/ui/components/curve_mark.js";

test("a moment before the first row is at the edge, unless the reader has zoomed away from it", () => {
  assert.equal(along(5, { range: [0, 20] }), 0.25);
  assert.equal(along(0, { range: [0.1, 20] }), 0);
  assert.equal(along(21, { range: [0.1, 20] }), 1);
  assert.equal(along(0, { range: [4, 8], autorange: false }), undefined);
  assert.equal(along(5, { range: [4, 8], autorange: false }), 0.25);
});
