// What our components share. Streamlit calls a component's default export at every new message and whenever the theme changes; `mount` makes it.
// A module is loaded once per page, and so is every file here: all charts of a page share one plotly.js.

import * as moments from "./moments.js";
import { onceThere } from "./page_change.js";
import { PaintSchedule } from "./paint_schedule.js";
import { speak, spoken, word } from "./words.js";

export const PLOTLY = "../genmodels.ui.components.serving.plotly/plotly.min.js";
export const TOUCH = matchMedia("(pointer: coarse)").matches; // there a drag must go on scrolling the page

const ASK_AGAIN_MS = 5000; // for the rare case that a request got lost, with the connection or in a run of the page that another one ended

// The default export of a component: one `Part` in each place that Streamlit gives us. It has receive(data, component) and destroy().
export function mount(Part, ...files) {
  const places = new WeakMap(); // the element that Streamlit mounts us in -> our Part, the language in which it was made, and the calls that hold
  return async (component) => {
    const { data, parentElement } = component;
    await Promise.all(files.map(load));
    speak(data.words);
    const before = places.get(parentElement);
    if (before && before.language !== spoken()) {
      before.part.destroy();
      before.part.root?.remove();
    }
    if (before?.language !== spoken())
      places.set(parentElement, { part: new Part(parentElement), language: spoken(), calls: before?.calls ?? [] });
    const { part, calls } = places.get(parentElement);
    calls.push(component);
    part.receive(data, component);
    // Streamlit also cleans up after a call that a newer message overtook, when the element is still in use. Of two messages in short
    // succession it may call us with the older one last: then what that has changed is put right by the other.
    return () => {
      const { part, calls } = places.get(parentElement);
      if (!parentElement.isConnected) return part.destroy();
      const wasLast = calls.at(-1) === component;
      calls.splice(calls.indexOf(component), 1);
      const newest = calls.at(-1);
      if (wasLast && newest) part.receive(newest.data, newest);
    };
  };
}

const loading = new Map(); // address -> promise

function load(file) {
  const { href } = new URL(file, import.meta.url);
  if (!loading.has(href)) {
    const node = href.endsWith(".css") ? element("link", { rel: "stylesheet", href }) : element("script", { src: href });
    const loaded = new Promise((resolve, reject) => {
      const onerror = () => {
        loading.delete(href); // try again at the next message
        reject(new Error(`Cannot load ${href}`));
      };
      Object.assign(node, { onload: resolve, onerror });
    });
    loading.set(href, loaded);
    document.head.append(node);
  }
  return loading.get(href);
}

// Asks Python for everything, because a message does not fit to what is here; again and again until it is answered.
export class Asking {
  ask({ setTriggerValue }) {
    if (this.waiting) return;
    onceThere(() => setTriggerValue("resync", true));
    this.waiting = setTimeout(() => {
      this.answered();
      this.ask({ setTriggerValue });
    }, ASK_AGAIN_MS);
  }

  answered() {
    clearTimeout(this.waiting);
    this.waiting = undefined;
  }
}

// The root of a component with charts of plotly.js, and the care not to draw under the reader's hands. A subclass has paint(), which draws what
// is out of date, `plots`, the elements that plotly.js draws in, and moved(), where it may follow a film.
export class Charts {
  constructor(parent, className, testid) {
    this.root = element("div", { className });
    this.root.dataset.testid = testid;
    parent.append(this.root);
    this.asking = new Asking();
    this.schedule = new PaintSchedule(() => this.paint());
    const hold = ({ button }) => {
      if (button === 0) this.schedule.hold(); // the release of another may go to the menu that it opened
    };
    const release = () => this.schedule.release();
    this.listening = new AbortController();
    const options = { capture: true, signal: this.listening.signal };
    this.root.addEventListener("pointerdown", hold, options);
    window.addEventListener("pointerup", release, options);
    window.addEventListener("pointercancel", release, options);
    // Not only the window's size counts: opening the sidebar makes the charts narrower too. plotly.js refuses a chart that was hidden
    // meanwhile, by a change of page for one; when that is shown again, its size changes again.
    const resize = (plot) => plot.layout && Plotly.Plots.resize(plot).catch(() => {});
    this.resizing = new ResizeObserver(() => this.plots.forEach(resize));
    this.resizing.observe(this.root);
  }

  resync(component) {
    this.asking.ask(component);
  }

  answered() {
    this.asking.answered();
  }

  // From now on moved() is called with the moments of a film, or of none.
  follow(film) {
    if (film === this.film) return;
    this.leave?.();
    this.film = film;
    this.leave = film ? moments.follow(film, (moment) => this.moved(moment)) : undefined;
  }

  // Soon, by `paint`.
  draw() {
    this.schedule.request();
  }

  // The buttons that plotly.js draws over a chart, for those who do not see over which.
  labelTools(plot, title) {
    const bar = plot.querySelector(".modebar");
    if (bar) Object.assign(bar, { role: "toolbar", ariaLabel: word("Tools of {title}", { title }) });
  }

  clear() {
    for (const plot of this.plots) Plotly.purge(plot);
    this.root.replaceChildren();
  }

  destroy() {
    this.answered();
    this.leave?.();
    this.schedule.stop();
    this.listening.abort();
    this.resizing.disconnect();
    this.clear();
  }
}

export function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}
