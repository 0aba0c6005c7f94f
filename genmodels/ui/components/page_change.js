// On the way to another page. Streamlit sends every message with the page that it shows, until the server begins the next one: what is sent
// between the visitor's press on a link (or a step back) and that moment takes the visitor back. So what a component sends by itself waits.

const LINKS = "a[data-testid=stSidebarNavLink], a[data-testid=stPageLink-NavLink]";
const SHOWN = "a[data-testid=stSidebarNavLink][aria-current=page]";
const APP = "[data-testid=stApp]";
const LOOK_MS = 50;
const REST_MS = 300; // also for a press before this script was here: by then a script runs for it
const GIVEN_UP_MS = 10_000; // nothing came of the press, as where there is no connection

let goal; // the path of the page to which the visitor is on the way
let left; // when

function leave(path) {
  [goal, left] = [path, performance.now()];
}

function isThere() {
  const shown = document.querySelector(SHOWN)?.pathname ?? goal;
  if (shown === goal || performance.now() - left > GIVEN_UP_MS) goal = undefined;
  return goal === undefined;
}

addEventListener(
  "click",
  ({ target, ctrlKey, metaKey, shiftKey }) => {
    const link = target.closest?.(LINKS);
    if (link && !(ctrlKey || metaKey || shiftKey)) leave(link.pathname); // with one of them it opens another tab or window
  },
  { capture: true },
);
addEventListener("popstate", () => leave(location.pathname), { capture: true });

let moved = performance.now(); // when something was last under way

function isAtRest() {
  const now = performance.now();
  if (!isThere() || document.querySelector(APP)?.dataset.testScriptState === "running") moved = now;
  return now - moved > REST_MS;
}

function once(holds, send) {
  if (holds()) send();
  else setTimeout(() => once(holds, send), LOOK_MS);
}

// At once where the visitor stays on the page.
export const onceThere = (send) => once(isThere, send);

// When the page is drawn as well: Streamlit sends what changes in one moment as one message, and would take the visitor's press for a part of ours.
export const onceAtRest = (send) => once(isAtRest, send);
