// Where a player is in a film, and what lies between two moments.

import assert from "node:assert/strict";
import { test } from "node:test";
import { advanced, atPlace, start, stepped } from "../../genmodels/ui/components/playing.js";

test("playing takes its time and stops at the end", () => {
  assert.equal(advanced(10, 60, 500, 12, false), 12.5);
  assert.equal(advanced(59, 60, 500, 12, false), 60);
  assert.equal(advanced(10, 60, 1000, 12, true), 11, "a picture a second for who wants less motion");
  assert.equal(advanced(0, 8, 1000, 8, false), 1);
  assert.equal(advanced(0, 40, 200, 8, false), 1);
  assert.equal(advanced(0, 40, 1000, 8, true), 1);
});

test("a step leads to the next whole moment, and not beyond the film", () => {
  assert.equal(stepped(2, 9, 1), 3);
  assert.equal(stepped(2.5, 9, 1), 3);
  assert.equal(stepped(2.5, 9, -1), 2);
  assert.equal(stepped(2, 9, -1), 1);
  assert.equal(stepped(9, 9, 1), 9);
  assert.equal(stepped(0, 9, -1), 0);
});

test("it plays on from where it stands, and from the beginning once it has ended", () => {
  assert.equal(start(3, 8), 3);
  assert.equal(start(8, 8), 0);
});

test("between two moments numbers go straight, and each moment has its own", () => {
  const numbers = Float64Array.from([0, 10, 2, 20, 4, 0]);
  assert.deepEqual([...atPlace(numbers, 3, 0)], [0, 10]);
  assert.deepEqual([...atPlace(numbers, 3, 0.5)], [1, 15]);
  assert.deepEqual([...atPlace(numbers, 3, 1)], [2, 20]);
  assert.deepEqual([...atPlace(numbers, 3, 1.25)], [2.5, 15]);
  assert.deepEqual([...atPlace(numbers, 3, 2)], [4, 0]);
  assert.deepEqual([...atPlace(numbers, 1, 0)], [...numbers]);
});
