// What a component shows of messages that come in another order than they were sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./a_page.mjs";

const { mount } = await import("../../genmodels/ui/components/common.js");

function mounted() {
  const shown = [];
  class Part {
    receive({ text }) {
      shown.push(text);
    }
    destroy() {
      shown.push("destroyed");
    }
  }
  const parentElement = { isConnected: true };
  const component = mount(Part);
  return { shown, parentElement, come: (text) => component({ data: { text }, parentElement }) };
}

test("a message that comes after a newer one is not what stays", async () => {
  const { shown, come } = mounted();
  await come("newer");
  const overtaken = await come("older");
  overtaken(); // as Streamlit does for one that it knows to be overtaken
  assert.deepEqual(shown, ["newer", "older", "newer"]);
});

test("in their order, each is shown once", async () => {
  const { shown, come } = mounted();
  for (const text of ["1", "2"]) (await come(text))();
  const third = await come("3");
  await come("4");
  third();
  assert.deepEqual(shown, ["1", "2", "3", "4"]);
});

test("with its element goes the component", async () => {
  const { shown, parentElement, come } = mounted();
  const clean = await come("1");
  parentElement.isConnected = false;
  clean();
  assert.deepEqual(shown, ["1", "destroyed"]);
});
