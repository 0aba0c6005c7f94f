// What a page is to the scripts that look at it: which page Streamlit shows, whether its script runs, what its visitor presses; and a clock.

import { mock } from "node:test";

const heard = {};
let clock = 0;

export const page = { path: "/", script: "notRunning" };

globalThis.addEventListener = (kind, listener) => (heard[kind] = listener);
globalThis.matchMedia = () => ({ matches: false });
globalThis.location = { pathname: "/" };
globalThis.document = {
  querySelector: (what) => (what.includes("stApp") ? { dataset: { testScriptState: page.script } } : { pathname: page.path }),
};
performance.now = () => clock;
mock.timers.enable({ apis: ["setTimeout"] });

// Time passes, as finely as a script can look.
export function pass(milliseconds) {
  for (let passed = 0; passed < milliseconds; passed += 10) {
    clock += 10;
    mock.timers.tick(10);
  }
}

export function press(pathname, keys = {}) {
  heard.click({ target: { closest: () => ({ pathname }) }, ...keys });
}

export function stepBack(pathname) {
  location.pathname = pathname;
  heard.popstate({});
}
