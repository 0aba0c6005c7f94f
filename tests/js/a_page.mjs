// What a page is to the scripts that look at it: which page Streamlit shows, whether its script runs, what its visitor presses; and a clock.

import { mock } from "node:test";

const heard = []; // as kind and listener
let clock = 0;

export const page = { path: "/", script: "notRunning" };

globalThis.addEventListener = (...listening) => heard.push(listening);
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

function happen(kind, event) {
  for (const [to, listener] of heard) if (to === kind) listener(event);
}

// A link to a page, or, without its path, anything else.
export function press(pathname, keys = {}) {
  happen("click", { target: { closest: () => (pathname ? { pathname } : null) }, ...keys });
}

export function stepBack(pathname) {
  location.pathname = pathname;
  happen("popstate", {});
}
