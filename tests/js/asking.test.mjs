// A component that lacks something of what it shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pass } from "./a_page.mjs";

const { Asking } = await import("../../genmodels/ui/components/common.js");

test("it asks once, and again only where no answer comes", () => {
  const asked = [];
  const component = { setTriggerValue: (name) => asked.push(name) };
  const asking = new Asking();
  asking.ask(component);
  asking.ask(component);
  assert.deepEqual(asked, ["resync"]);
  pass(6000);
  assert.equal(asked.length, 2);
  asking.answered();
  pass(60_000);
  assert.equal(asked.length, 2);
  asking.ask(component);
  assert.equal(asked.length, 3);
  asking.answered();
});
