// The browser's half of genmodels/ui/components/history_steps.py.

// In the state of each entry at which the visitor has been. Those that lack it are of an address that the page completed or put right
// before this script was here, however often: nobody has seen them, and a step back goes on past them.
const SEEN = "genmodels:seen";
const entered = location.pathname;
const replace = history.replaceState.bind(history);
const push = history.pushState.bind(history);
const marked = (state) => ({ ...state, [SEEN]: true });
replace(marked(history.state), "");

let acted = false,
  made = false; // whether the visitor has done anything yet, and whether what they did last has made a step

const act = () => ([acted, made] = [true, false]);
for (const kind of ["click", "keydown"]) addEventListener(kind, act, { capture: true });

const stepped = (event) => {
  [acted, made] = [true, true]; // a step back is no new one
  if (event.state?.[SEEN] || location.pathname !== entered) return;
  event.stopImmediatePropagation(); // Streamlit would complete it again, and nothing would seem to have happened
  history.back();
};
addEventListener("popstate", stepped, { capture: true });

history.replaceState = (state, unused, url) => replace(marked(state), unused, url);
history.pushState = (state, unused, url) => {
  const isStep = acted ? !made : new URL(url, location.href).pathname !== location.pathname;
  made = true;
  (isStep ? push : replace)(marked(state), unused, url);
};

export default () => undefined; // once a page load is enough
