// The moment of a film, told to those who show it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, tell } from "../../genmodels/ui/components/moments.js";

test("who follows a film is told its moments until they leave, and those of no other film", () => {
  const heard = [];
  const leave = follow("one", (moment) => heard.push(moment));
  tell("one", 1);
  tell("two", 9);
  tell("one", 2);
  leave();
  tell("one", 3);
  assert.deepEqual(heard, [1, 2]);
});

test("who comes later is told where the film is", () => {
  tell("three", 5);
  const heard = [];
  follow("three", (moment) => heard.push(moment));
  assert.deepEqual(heard, [5]);
});
