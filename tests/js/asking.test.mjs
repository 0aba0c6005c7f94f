// A component that lacks something of what it shows.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

globalThis.matchMedia = () => ({ matches: false }); // which the module asks when it is loaded
const { Asking } = await import("../../genmodels/ui/components/common.js");

test("it asks once, and again only where no answer comes", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const component = { setTriggerValue: (name) => asked.push(name) };
  const asking = new Asking();
  asking.ask(component);
  asking.ask(component);
  assert.deepEqual(asked, ["resync"]);
  mock.timers.tick(6000);
  assert.equal(asked.length, 2);
  asking.answered();
  mock.timers.tick(60_000);
  assert.equal(asked.length, 2);
  asking.ask(component);
  assert.equal(asked.length, 3);
  asking.answered();
});
