// The keyboard in place of the pointer.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { steer } from "../../genmodels/ui/components/keys.js";

const PIXEL = 1 / 28;

let node;
let calls; // ["moved" or "acted", place]

beforeEach(() => {
  node = new EventTarget();
  calls = [];
  const note = (what) => (place) => calls.push([what, place.map((at) => Number(at.toFixed(6)))]);
  steer(node, { moved: note("moved"), acted: note("acted") });
});

// Says whether the key was taken, so that the page does not scroll.
function press(key, properties = {}) {
  const event = Object.assign(new Event("keydown", { cancelable: true }), { key, ...properties });
  node.dispatchEvent(event);
  return event.defaultPrevented;
}

function place(x, y) {
  return [x, y].map((at) => Number(at.toFixed(6)));
}

test("the node takes the focus", () => assert.equal(node.tabIndex, 0));

test("arrows move the cross by a pixel of MNIST, from the middle", () => {
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]) assert.ok(press(key));
  assert.deepEqual(calls, [
    ["moved", place(0.5 + PIXEL, 0.5)],
    ["moved", place(0.5 + PIXEL, 0.5 + PIXEL)],
    ["moved", place(0.5, 0.5 + PIXEL)],
    ["moved", place(0.5, 0.5)],
  ]);
});

test("with Alt they move it by a fifth of that", () => {
  press("ArrowLeft", { altKey: true });
  assert.deepEqual(calls, [["moved", place(0.5 - PIXEL / 5, 0.5)]]);
});

test("the cross stays on the picture", () => {
  for (let i = 0; i < 20; i++) press("ArrowUp");
  for (let i = 0; i < 20; i++) press("ArrowRight");
  assert.deepEqual(calls.at(-1), ["moved", [1, 0]]);
});

test("Enter and Space act at the cross, once however long they are held", () => {
  press("ArrowRight");
  assert.ok(press("Enter"));
  assert.ok(press("Enter", { repeat: true }));
  assert.ok(press(" "));
  assert.deepEqual(calls.slice(1), [
    ["acted", place(0.5 + PIXEL, 0.5)],
    ["acted", place(0.5 + PIXEL, 0.5)],
  ]);
});

test("other keys, and the shortcuts of browsers and screen readers, are left alone", () => {
  assert.ok(!press("a"));
  assert.ok(!press("Tab"));
  assert.ok(!press("ArrowLeft", { metaKey: true }));
  assert.ok(!press("ArrowRight", { ctrlKey: true, altKey: true }));
  assert.ok(!press(" ", { ctrlKey: true, altKey: true }));
  assert.deepEqual(calls, []);
});

test("keys of a button inside are the button's", () => {
  const event = Object.assign(new Event("keydown", { cancelable: true }), { key: "Enter" });
  Object.defineProperty(event, "target", { value: new EventTarget() });
  node.dispatchEvent(event);
  assert.ok(!event.defaultPrevented);
  assert.deepEqual(calls, []);
});

test("nothing is steered after the signal", () => {
  const [end, other] = [new AbortController(), new EventTarget()];
  steer(other, { moved: assert.fail, acted: assert.fail }, end.signal);
  end.abort();
  other.dispatchEvent(Object.assign(new Event("keydown"), { key: "Enter" }));
});
