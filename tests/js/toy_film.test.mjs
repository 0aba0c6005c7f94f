// The film of a training on the plane: how it comes, and what lies between its moments.

import assert from "node:assert/strict";
import { test } from "node:test";
import { append, atTime, between, unpack } from "../../genmodels/ui/components/toy_film.js";

function packed(Kind, numbers) {
  const kind = Kind.name.replace("Array", "").toLowerCase();
  return { kind, bytes: Buffer.from(Kind.from(numbers).buffer).toString("base64") };
}

const FIRST = {
  start: 0,
  end: 2,
  film: {},
  moments: { steps: packed(Int32Array, [0, 70_000]), points: packed(Int16Array, [0, -9, 4, -1]) },
};

test("numbers come as they were sent", () => {
  assert.deepEqual([...unpack(packed(Int16Array, [-32768, 0, 32767]))], [-32768, 0, 32767]);
  assert.deepEqual([...unpack(packed(Uint8Array, [0, 255]))], [0, 255]);
  assert.deepEqual([...unpack(packed(Float32Array, [0.5, -2]))], [0.5, -2]);
});

test("moments are told apart, and more of them follow", () => {
  const two = append([], FIRST);
  assert.deepEqual(
    two.map(({ steps, points }) => [...steps, ...points]),
    [
      [0, 0, -9],
      [70_000, 4, -1],
    ],
  );
  const three = append(two, { start: 2, end: 3, moments: { steps: packed(Int32Array, [5]), points: packed(Int16Array, [1, 2]) } });
  assert.deepEqual([...three[2].points], [1, 2]);
  assert.equal(three.length, 3);
  assert.equal(append(three, FIRST).length, 2);
  assert.equal(append(three, { start: 3, end: 3 }).length, 3);
});

test("between two moments points go straight", () => {
  const moments = append([], FIRST);
  assert.deepEqual([...between(moments, "points", 0)], [0, -9]);
  assert.deepEqual([...between(moments, "points", 0.25)], [1, -7]);
  assert.deepEqual([...between(moments, "points", 1)], [4, -1]);
});

test("a way has its ends at t = 0 and at t = 1", () => {
  const way = Int16Array.from([0, 0, 10, 20, 20, 0]);
  assert.deepEqual([...atTime(way, 3, 0)], [0, 0]);
  assert.deepEqual([...atTime(way, 3, 0.25)], [5, 10]);
  assert.deepEqual([...atTime(way, 3, 0.5)], [10, 20]);
  assert.deepEqual([...atTime(way, 3, 1)], [20, 0]);
});
