// The browser's half of genmodels/ui/components/live_curves.py, whose docstring tells the protocol.

import { Charts, element, mount, PLOTLY, TOUCH } from "./common.js";
import { readTheme, themed } from "./theme.js";

const CONFIG = {
  displayModeBar: TOUCH ? false : "hover",
  displaylogo: false,
  doubleClick: "autosize", // not "reset", which knows no more than the view that the chart was drawn with
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "autoScale2d"]],
};

// What the reader had made of each chart when it was taken off the page, by its token. Streamlit mounts a component anew when one comes back
// to its page, and when the message of a whole rerun is dropped because the next tick came before it was sent.
const views = new Map();

class Curves extends Charts {
  panels = [];
  rows = 0;

  constructor(parent) {
    super(parent, "curves", "curves");
  }

  get plots() {
    return this.panels.map(({ plot }) => plot);
  }

  receive(message, component) {
    if (message !== this.message) {
      this.message = message;
      const known = message.token === this.token;
      if (message.panels) this.reset(message);
      // Sent twice.
      else if (known && message.end <= this.rows) return;
      else if (!known || message.start !== this.rows) return this.resync(component);
      this.append(message);
    }
    const theme = readTheme(this.root);
    if (theme.id !== this.theme?.id) for (const panel of this.panels) panel.dirty = true;
    this.theme = theme;
    this.draw();
  }

  reset({ token, panels }) {
    this.answered();
    for (const panel of this.panels) panel.points = empty(panel.spec);
    if (token === this.token) return; // the same curves once more: the charts stay, and their zoom with them
    this.clear();
    this.token = token;
    const seen = views.get(token) ?? [];
    this.panels = panels.map((spec, i) => {
      const plot = element("div", { className: "plot" });
      const figure = element("figure", {}, caption(spec), plot);
      this.root.append(figure);
      return { spec, figure, plot, dirty: true, points: empty(spec), view: seen[i] ?? {} };
    });
  }

  destroy() {
    if (this.plots.every(({ layout }) => layout)) views.set(this.token, this.plots.map(view));
    super.destroy();
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

  paint() {
    for (const panel of this.panels.filter(({ dirty }) => dirty)) {
      Plotly.react(panel.plot, traces(panel, this.theme), layout(panel, this.theme, this.token, this.rows), CONFIG);
      panel.figure.ariaLabel = summary(panel);
      panel.dirty = false;
    }
    Object.assign(this.root.dataset, { token: this.token, rows: this.rows }); // what is drawn, of what
  }
}

function view({ layout: { xaxis, yaxis }, data }) {
  const range = (axis) => (axis.autorange === false ? { autorange: false, range: axis.range } : {});
  return { xaxis: range(xaxis), yaxis: range(yaxis), visible: data.map(({ visible }) => visible) };
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

function traces({ spec, points, view }, theme) {
  const averaged = spec.series.some(({ pale }) => pale);
  return spec.series.map(({ label, colour, dash, pale }, i) => ({
    ...points[i],
    name: label,
    visible: view.visible?.[i] ?? true,
    ...(averaged && { legendgroup: colour, showlegend: !pale, opacity: pale ? 0.3 : 1 }), // hidden and shown together
    hoverinfo: pale ? "skip" : "all",
    mode: points[i].x.length > 1 ? "lines" : "markers", // a line of one point is invisible
    line: { color: theme[colour], width: 1.75, dash: dash ? "dash" : "solid" },
    marker: { color: theme[colour], size: 6 },
    hovertemplate: dash ? "%{y:.4~g} (epoch %{x:.4~g})" : "%{y:.4~g}", // test points are few, the nearest may be some way off
  }));
}

function layout({ spec, view }, theme, token, rows) {
  const axis = { gridcolor: theme.grid, zeroline: false, automargin: true, tickfont: { size: 11 } };
  const reference = ([y, name]) => ({
    ...{ type: "line", name, showlegend: true, xref: "paper", x0: 0, x1: 1, y0: y, y1: y, opacity: 0.7 },
    line: { color: theme.text, width: 1, dash: "dot" },
  });
  return {
    ...themed(theme),
    uirevision: token, // keeps zoom, pan and hidden entries
    datarevision: rows, // the arrays grow in place; this tells plotly.js that they did
    xaxis: {
      ...axis,
      ...view.xaxis,
      title: { text: "epoch", standoff: 4, font: { size: 11 } },
      unifiedhovertitle: { text: "epoch %{x:.2f}" },
    },
    yaxis: { ...axis, ...view.yaxis, type: spec.log ? "log" : "linear", tickformat: spec.log ? "~g" : "" },
    shapes: spec.lines.map(reference),
    hovermode: "x unified",
    dragmode: TOUCH ? false : "zoom",
  };
}

function summary({ spec, points }) {
  const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
  const last = spec.series.map(({ label, pale }, i) => {
    const value = points[i].y.at(-1);
    return `${label}${pale ? " as measured" : ""} ${value == null ? "no value" : number.format(value)}`;
  });
  return `${spec.title} (${spec.unit}), last values: ${last.join(", ")}`;
}

export default mount(Curves, PLOTLY, "live_curves.css");
