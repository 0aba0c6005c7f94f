// The browser's token, with and without a place to keep it in.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { pass } from "./a_page.mjs";

globalThis.crypto ??= webcrypto; // Node 18 has it by another name

// The token that a page tells, loaded anew; `storage` is the browser's, undefined where it must not be used.
async function loadPage(storage) {
  const get = () => {
    if (!storage) throw new Error("This browser keeps nothing");
    return storage;
  };
  Object.defineProperty(globalThis, "localStorage", { get, configurable: true });
  const { default: tell } = await import(`../../genmodels/ui/components/browser_token.js?page=${Math.random()}`);
  return () => {
    let told;
    tell({ setStateValue: (name, value) => (told = [name, value]) });
    pass(1000);
    return told;
  };
}

function emptyStorage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test("the token is 32 random bytes, which a reload and another tab find again", async () => {
  const storage = emptyStorage();
  const [name, token] = (await loadPage(storage))();
  assert.equal(name, "token");
  assert.match(token, /^[0-9a-f]{64}$/);
  assert.deepEqual((await loadPage(storage))(), [name, token]);
});

test("another browser has another token", async () => {
  const [one, other] = [(await loadPage(emptyStorage()))(), (await loadPage(emptyStorage()))()];
  assert.notEqual(one[1], other[1]);
});

test("where nothing may be kept, the token lasts as long as the page", async () => {
  const tell = await loadPage(undefined);
  const [, token] = tell();
  assert.match(token, /^[0-9a-f]{64}$/);
  assert.equal(tell()[1], token);
  assert.notEqual((await loadPage(undefined))()[1], token);
});
