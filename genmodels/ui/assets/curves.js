// The browser's half of genmodels/ui/curves.py, whose docstring tells the protocol. Streamlit calls the default export at every new message and
// whenever the theme changes. A module is loaded once per page, so all charts of a page share one plotly.js.

const TOUCH = matchMedia("(pointer: coarse)").matches; // there a drag must go on scrolling the page, so nothing zooms
const CONFIG = {
  displayModeBar: TOUCH ? false : "hover",
  displaylogo: false,
  doubleClick: "reset",
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
};
const CLICK_MS = 350; // plotly.js waits 300 ms for the second click; a redraw in between would make two single ones of it
const ASK_AGAIN_MS = 5000; // for the rare case that a request got lost with the connection

const charts = new WeakMap(); // the element that Streamlit mounts us in -> our Curves
let files;

export default async function ({ data, parentElement, setTriggerValue }) {
  files ??= Promise.all([
    load("script", { src: new URL("../genmodels.ui.curves.plotly/plotly.min.js", import.meta.url) }),
    load("link", { rel: "stylesheet", href: new URL("curves.css", import.meta.url) }),
  ]);
  try {
    await files;
  } catch (error) {
    files = undefined; // try again at the next message
    throw error;
  }
  if (!charts.has(parentElement)) charts.set(parentElement, new Curves(parentElement));
  const curves = charts.get(parentElement);
  curves.receive(data, () => setTriggerValue("resync", data.end));
  // Streamlit also cleans up after a call that a newer message overtook, when the element is still in use.
  return () => parentElement.isConnected || curves.destroy();
}

function load(tag, attributes) {
  return new Promise((resolve, reject) => {
    const onerror = () => reject(new Error(`Cannot load ${attributes.src ?? attributes.href}`));
    document.head.append(Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror }));
  });
}

class Curves {
  constructor(parent) {
    this.root = element("div", { className: "curves" });
    this.root.dataset.testid = "curves";
    parent.append(this.root);
    this.panels = [];
    this.rows = 0;
    this.askedAt = -ASK_AGAIN_MS;
    this.held = false; // a pointer is down, or was just now: nothing is drawn under a drag or between two clicks

    const hold = () => {
      clearTimeout(this.releasing);
      this.held = true;
    };
    const release = () => {
      if (this.held) this.releasing = setTimeout(() => ((this.held = false), this.draw()), CLICK_MS);
    };
    this.listening = new AbortController();
    const options = { capture: true, signal: this.listening.signal };
    this.root.addEventListener("pointerdown", hold, options);
    window.addEventListener("pointerup", release, options);
    window.addEventListener("pointercancel", release, options);
    // Not only the window's size counts: opening the sidebar makes the charts narrower too. plotly.js refuses a chart that was hidden
    // meanwhile, by a change of page for one; when that is shown again, its size changes again.
    const resize = ({ plot }) => plot.layout && Plotly.Plots.resize(plot).catch(() => {});
    this.resizing = new ResizeObserver(() => this.panels.forEach(resize));
    this.resizing.observe(this.root);
  }

  receive(message, ask) {
    if (message !== this.message) {
      this.message = message;
      const known = message.token === this.token;
      if (message.panels) this.reset(message);
      else if (known && message.end <= this.rows) return; // sent twice
      else if (!known || message.start !== this.rows) return this.resync(ask);
      this.append(message);
    }
    const theme = readTheme(this.root);
    if (theme.id !== this.theme?.id) this.panels.forEach((panel) => (panel.dirty = true));
    this.theme = theme;
    this.draw();
  }

  resync(ask) {
    if (performance.now() - this.askedAt < ASK_AGAIN_MS) return;
    this.askedAt = performance.now();
    ask();
  }

  reset({ token, panels }) {
    this.askedAt = -ASK_AGAIN_MS;
    for (const panel of this.panels) panel.points = empty(panel.spec);
    if (token === this.token) return; // the same curves once more: the charts stay, and their zoom with them
    this.clear();
    this.token = token;
    this.panels = panels.map((spec) => {
      const plot = element("div", { className: "plot" });
      const figure = element("figure", {}, caption(spec), plot);
      this.root.append(figure);
      return { spec, figure, plot, dirty: true, points: empty(spec) };
    });
  }

  append({ rows, end }) {
    for (const panel of this.panels) {
      panel.spec.series.forEach(({ name }, i) => {
        if (!rows[name]) return;
        panel.points[i].x.push(...rows[name][0]);
        panel.points[i].y.push(...rows[name][1]);
        panel.dirty = true;
      });
    }
    this.rows = end;
  }

  // An animation frame: nothing is drawn in a hidden tab, and what came meanwhile is drawn at once when it is shown again.
  draw() {
    if (this.held || this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.held) return;
      for (const panel of this.panels.filter(({ dirty }) => dirty)) {
        Plotly.react(panel.plot, traces(panel, this.theme), layout(panel, this.theme, this.token, this.rows), CONFIG);
        panel.figure.ariaLabel = summary(panel);
        panel.dirty = false;
      }
      Object.assign(this.root.dataset, { token: this.token, rows: this.rows }); // what is drawn, of what
    });
  }

  clear() {
    for (const { plot } of this.panels) Plotly.purge(plot);
    this.root.replaceChildren();
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.listening.abort();
    this.resizing.disconnect();
    this.clear();
  }
}

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function empty({ series }) {
  return series.map(() => ({ x: [], y: [] }));
}

function caption({ title, unit, series }) {
  const text = (tag, textContent) => element(tag, { textContent });
  const helped = series.filter(({ help }) => help);
  const terms = helped.flatMap(({ label, help }) => [text("dt", label), text("dd", help)]);
  const mark = element("summary", { textContent: "?", ariaLabel: `What ${title} shows`, title: "What is this?" });
  const help = element("details", { hidden: !helped.length }, mark, element("dl", {}, ...terms));
  return element("figcaption", {}, title, text("small", unit), help);
}

function readTheme(node) {
  const style = getComputedStyle(node);
  const get = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const hues = ["blue", "orange", "green", "violet", "red", "yellow", "gray"];
  const theme = { text: get("text-color"), paper: get("background-color"), grid: get("border-color-light"), font: get("font") };
  for (const hue of hues) theme[hue] = get(`${hue}-color`);
  return { ...theme, id: JSON.stringify(theme) };
}

function traces({ spec, points }, theme) {
  return spec.series.map(({ label, colour, dash }, i) => ({
    ...points[i],
    name: label,
    mode: points[i].x.length > 1 ? "lines" : "markers", // a line of one point is invisible
    line: { color: theme[colour], width: 1.75, dash: dash ? "dash" : "solid" },
    marker: { color: theme[colour], size: 6 },
    hovertemplate: dash ? "%{y:.4~g} (epoch %{x:.4~g})" : "%{y:.4~g}", // test points are few, the nearest may be some way off
  }));
}

function layout({ spec }, theme, token, rows) {
  const axis = { gridcolor: theme.grid, zeroline: false, automargin: true, tickfont: { size: 11 } };
  const reference = ([y, name]) => ({
    ...{ type: "line", name, showlegend: true, xref: "paper", x0: 0, x1: 1, y0: y, y1: y, opacity: 0.7 },
    line: { color: theme.text, width: 1, dash: "dot" },
  });
  return {
    uirevision: token, // keeps zoom, pan and hidden entries
    datarevision: rows, // the arrays grow in place; this tells plotly.js that they did
    font: { family: theme.font, color: theme.text, size: 12 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 8, r: 8, t: 8, b: 8 },
    xaxis: { ...axis, title: { text: "epoch", standoff: 4, font: { size: 11 } }, unifiedhovertitle: { text: "epoch %{x:.2f}" } },
    yaxis: { ...axis, type: spec.log ? "log" : "linear", tickformat: spec.log ? "~g" : "" },
    shapes: spec.lines.map(reference),
    hovermode: "x unified",
    hoverlabel: { bgcolor: theme.paper, bordercolor: theme.grid, font: { color: theme.text, size: 12 } },
    showlegend: true,
    legend: { orientation: "h", yref: "container", y: 0, yanchor: "bottom", font: { size: 11 }, bgcolor: "rgba(0,0,0,0)" },
    modebar: { bgcolor: theme.paper, color: theme.text, activecolor: theme.blue },
    dragmode: TOUCH ? false : "zoom",
  };
}

function summary({ spec, points }) {
  const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
  const last = spec.series.map(({ label }, i) => {
    const value = points[i].y.at(-1);
    return `${label} ${value == null ? "no value" : number.format(value)}`;
  });
  return `${spec.title} (${spec.unit}), last values: ${last.join(", ")}`;
}
