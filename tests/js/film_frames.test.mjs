// Which frames of a film are shown, and when.

import assert from "node:assert/strict";
import { test } from "node:test";
import { interval, start, stills } from "../../genmodels/ui/components/film_frames.js";

test("stills go evenly from the first frame to the last", () => {
  assert.deepEqual(stills(9, 3), [0, 4, 8]);
  assert.deepEqual(stills(26, 9), [0, 3, 6, 9, 13, 16, 19, 22, 25]);
  assert.deepEqual(stills(2, 9), [0, 1]);
});

test("a film takes its seconds, and steps from picture to picture for those who want less motion", () => {
  assert.equal(interval(9, 8, false), 1000);
  assert.equal(interval(41, 8, false), 200);
  assert.equal(interval(41, 8, true), 1000);
});

test("it plays on from where it stands, and from the beginning once it has ended", () => {
  assert.equal(start(3, 9), 3);
  assert.equal(start(8, 9), 0);
});
