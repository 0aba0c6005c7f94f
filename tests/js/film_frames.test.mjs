// What of a film is shown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { goesOn, stills, valueAt } from "../../genmodels/ui/components/film_frames.js";

test("stills go evenly from the first frame to the last", () => {
  assert.deepEqual(stills(9, 3), [0, 4, 8]);
  assert.deepEqual(stills(26, 9), [0, 3, 6, 9, 13, 16, 19, 22, 25]);
  assert.deepEqual(stills(2, 9), [0, 1]);
  assert.deepEqual(stills(5, 0), []);
});

test("between two frames time goes on", () => {
  assert.equal(valueAt([0, 2, 5], 0), 0);
  assert.equal(valueAt([0, 2, 5], 1.5), 3.5);
  assert.equal(valueAt([0, 2, 5], 2), 5);
});

test("a film that grows goes on where it stood, or at its new end", () => {
  assert.equal(goesOn([0, 1, 5], 1, [0, 1, 5, 6]), 1);
  assert.equal(goesOn([0, 1, 5], 2, [0, 1, 5, 6]), 3);
  assert.equal(goesOn([0, 1, 2, 3, 4], 2.2, [0, 2, 4, 5]), 1);
  assert.equal(goesOn([], undefined, [0, 1]), 1);
});
