// The browser's half of genmodels/ui/components/history_steps.py.

// Whether the page has completed its address before this script was here: the address as it came is a step of its own then.
const loaded = performance.getEntriesByType("navigation")[0]?.name ?? location.href;
const isCompleted = loaded !== location.href && new URL(loaded).pathname === location.pathname;

let acted = false,
  made = false; // whether the visitor has done anything yet, and whether what they did last has made a step

const act = () => ([acted, made] = [true, false]);
for (const kind of ["click", "keydown"]) addEventListener(kind, act, { capture: true });

const stepped = (event) => {
  [acted, made] = [true, true]; // a step back is no new one
  if (!isCompleted || location.href !== loaded) return;
  event.stopImmediatePropagation(); // Streamlit would complete it again, and nothing would seem to have happened
  history.back();
};
addEventListener("popstate", stepped, { capture: true });

const push = history.pushState.bind(history);
history.pushState = (state, unused, url) => {
  const isStep = acted ? !made : new URL(url, location.href).pathname !== location.pathname;
  made = true;
  if (isStep) push(state, unused, url);
  else history.replaceState(state, unused, url);
};

export default () => undefined; // once a page load is enough
