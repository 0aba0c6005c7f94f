// When charts are drawn, on a clock of our own.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { CLICK_MS, PaintSchedule } from "../../genmodels/ui/components/paint_schedule.js";

let waiting; // [what, due], in the order of asking
let now;
let painted;
let schedule;

beforeEach(() => {
  [waiting, now, painted] = [new Map(), 0, 0];
  let last = 0;
  const later = (what, delay) => waiting.set(++last, [what, now + delay]) && last;
  globalThis.setTimeout = later;
  globalThis.requestAnimationFrame = (what) => later(what, 16);
  globalThis.clearTimeout = globalThis.cancelAnimationFrame = (id) => waiting.delete(id);
  schedule = new PaintSchedule(() => painted++);
});

function pass(time) {
  for (const end = now + time; now < end; now++) {
    for (const [id, [what, due]] of waiting) if (due <= now && waiting.delete(id)) what();
  }
}

test("requests within a frame make one drawing", () => {
  schedule.request();
  schedule.request();
  assert.equal(painted, 0);
  pass(20);
  assert.equal(painted, 1);
  schedule.request();
  pass(20);
  assert.equal(painted, 2);
});

test("nothing is drawn while a pointer is down, nor before a second click could come", () => {
  schedule.request();
  schedule.hold();
  pass(1_000);
  schedule.request();
  schedule.release();
  pass(CLICK_MS - 1);
  assert.equal(painted, 0);
  pass(50);
  assert.equal(painted, 1);
});

test("the second of two clicks holds on, whatever else was released", () => {
  schedule.hold();
  schedule.release();
  schedule.release();
  schedule.hold();
  schedule.request();
  pass(1_000);
  assert.equal(painted, 0);
});

test("a pointer that was down elsewhere draws nothing", () => {
  schedule.release();
  pass(1_000);
  assert.equal(painted, 0);
});

test("a frame that was asked for before the end draws nothing after it", () => {
  schedule.request();
  schedule.stop();
  pass(20);
  assert.equal(painted, 0);
});

test("nor does a pointer that was released before it", () => {
  schedule.hold();
  schedule.release();
  schedule.stop();
  pass(1_000);
  assert.equal(painted, 0);
});
