// On the way to another page. Streamlit sends every message with the page that it shows, until the server begins the next one: what is sent
// between the visitor's press on a link (or a step back) and that moment takes the visitor back. So what a component sends by itself waits.

const LINKS = "a[data-testid=stSidebarNavLink], a[data-testid=stPageLink-NavLink]";
const SHOWN = "a[data-testid=stSidebarNavLink][aria-current=page]";
const APP = "[data-testid=stApp]";
const LOOK_MS = 50;
const REST_MS = 500; // after which the server has begun to answer a press, also one from before this script was here
const GIVEN_UP_MS = 10_000; // nothing came of the press, as where there is no connection

let goal; // the path of the page to which the visitor is on the way
let left; // when
let moved = performance.now(); // when something was last under way

function leave(path) {
  [goal, left] = [path, performance.now()];
}

function isThere() {
  const shown = document.querySelector(SHOWN)?.pathname ?? goal;
  if (shown === goal || performance.now() - left > GIVEN_UP_MS) goal = undefined;
  return goal === undefined;
}

function isAtRest() {
  const now = performance.now();
  if (!isThere() || document.querySelector(APP)?.dataset.testScriptState === "running") moved = now;
  return now - moved > REST_MS;
}

const act = () => (moved = performance.now()); // a pointer that moves may press next
for (const kind of ["pointermove", "pointerdown", "keydown", "input", "click", "popstate"]) addEventListener(kind, act, { capture: true });
addEventListener(
  "click",
  ({ target, ctrlKey, metaKey, shiftKey }) => {
    const link = target.closest?.(LINKS);
    if (link && !(ctrlKey || metaKey || shiftKey)) leave(link.pathname); // with one of them it opens another tab or window
  },
  { capture: true },
);
addEventListener("popstate", () => leave(location.pathname), { capture: true });

function once(holds, send) {
  if (holds()) send();
  else setTimeout(() => once(holds, send), LOOK_MS);
}

// Not in every browser. While the page is busy, our message would wait to be sent, and a press meanwhile would become a part of it.
const whenIdle = globalThis.requestIdleCallback ?? setTimeout;

// At once where the visitor stays on the page.
export const onceThere = (send) => once(isThere, send);

// When the page is drawn as well, and nobody has just pressed anything, as when the server has not yet begun to answer.
export const onceAtRest = (send) => once(isAtRest, () => whenIdle(() => (isAtRest() ? send() : onceAtRest(send))));
