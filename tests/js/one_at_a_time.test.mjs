// What is told one at a time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OneAtATime } from "../../genmodels/ui/components/one_at_a_time.js";

test("the next is told when the page has answered, and only the last of those that came meanwhile", () => {
  const sent = [];
  const places = new OneAtATime((at) => sent.push(at));
  places.heard([0, 0]);
  for (const x of [1, 2, 3]) places.tell([x, 0]);
  assert.deepEqual(sent, [[1, 0]]);
  places.heard([9, 9]); // an answer to something else
  assert.equal(sent.length, 1);
  places.heard([1, 0]);
  assert.deepEqual(sent[1], [3, 0]);
  places.heard([3, 0]);
  places.tell([4, 0]);
  assert.deepEqual(sent[2], [4, 0]);
});
