// What a component sends by itself while the visitor goes to another page.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { page, pass, press, stepBack } from "./a_page.mjs";

const { onceAtRest, onceThere } = await import("../../genmodels/ui/components/page_change.js");

let sent;
const send = () => (sent = true);

beforeEach(() => {
  Object.assign(page, { path: "/", script: "notRunning" });
  sent = false;
  pass(11_000); // whatever was under way is given up
  onceThere(() => undefined);
});

test("who stays on a page is told at once", () => {
  onceThere(send);
  assert.ok(sent);
});

test("a press on a link is answered first, and so is a step back", () => {
  for (const [go, path] of [
    [press, "/vae"],
    [stepBack, "/runs"],
  ]) {
    sent = false;
    go(path);
    onceThere(send);
    pass(500);
    assert.ok(!sent);
    page.path = path;
    pass(100);
    assert.ok(sent);
  }
});

test("a press that opens another tab leaves this one where it is", () => {
  press("/vae", { ctrlKey: true });
  onceThere(send);
  assert.ok(sent);
});

test("a press without an answer is given up", () => {
  press("/vae");
  onceThere(send);
  pass(9000);
  assert.ok(!sent);
  pass(2000);
  assert.ok(sent);
});

test("what can wait is sent when nothing has been under way for a while", () => {
  page.script = "running";
  onceAtRest(send);
  pass(2000);
  page.script = "notRunning";
  pass(200);
  press("/vae");
  pass(1000);
  assert.ok(!sent);
  page.path = "/vae";
  pass(700);
  assert.ok(sent);
});

test("nor right after a press, which the server has not begun to answer", () => {
  pass(1000);
  press();
  onceAtRest(send);
  pass(400);
  assert.ok(!sent);
  pass(300);
  assert.ok(sent);
});
