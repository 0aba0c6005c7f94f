// The browser's half of genmodels/ui/latent_map.py, whose docstring tells the protocol.

import { Charts, PLOTLY, TOUCH, element, mount, readTheme, themed } from "./common.js";

const BUTTONS = ["zoom2d", "pan2d", "autoScale2d"];
const SELECTING = ["lasso2d", "select2d"];
const FEW = 20; // extra points up to this number are drawn large
const TYPE = document.createElement("canvas").getContext("webgl") ? "scattergl" : "scatter";

class LatentMap extends Charts {
  digests = {};
  parts = {};
  selected = new Set();
  hidden = new Set(); // labels of the legend's entries that the reader hid, also of a colouring that is not shown now
  revision = 0;

  constructor(parent) {
    super(parent, "latent-map", "latent-map");
    this.plot = element("div", { className: "plot" });
    this.root.role = "figure";
    this.root.append(this.plot);
    this.root.addEventListener("pointerdown", ({ shiftKey }) => Object.assign(this, { adding: shiftKey, scrolling: false }));
    // A finger that scrolls the page over the map is no click, though plotly.js takes it for one.
    this.root.addEventListener("pointercancel", () => (this.scrolling = true));
  }

  get plots() {
    return [this.plot];
  }

  receive(message, component) {
    this.component = component;
    if (message !== this.message) {
      const parts = Object.entries(message.parts);
      const lacks = ([name, { digest, content }]) => !content && digest !== this.digests[name];
      const turned = message.turn !== this.turn || message.token !== this.message.token;
      if (parts.some(lacks) || (turned && message.selected === undefined)) return this.resync(component);
      this.answered();
      this.message = message;
      if (turned) this.reset(message);
      for (const [name, { digest, content }] of parts) {
        if (digest === this.digests[name]) continue;
        this.digests[name] = digest;
        this.parts[name] = unpackers[name](content);
        this.dirty = true;
      }
    }
    const theme = readTheme(this.root);
    this.dirty ||= theme.id !== this.theme?.id;
    this.theme = theme;
    this.root.style.height = `${message.height}px`;
    this.draw();
  }

  reset({ turn, selected }) {
    this.turn = turn;
    this.selected = new Set(indices(bytes(selected)));
    this.hidden.clear();
    this.dirty = true;
  }

  paint() {
    if (!this.dirty) return;
    this.dirty = false;
    const { plot, parts, message, theme } = this;
    const drawn = [...colouring(parts, this.selected), ...placed(parts.extra, this.selected.size, theme)];
    for (const trace of drawn) trace.visible = this.hidden.has(trace.name) ? "legendonly" : true;
    Plotly.react(plot, drawn, layout(this), config(message));
    if (!this.listened) this.listen();
    this.drawnTurn = this.turn;
    const shown = `Map of ${message.count} points, coloured by ${parts.colours.label || "kind"}`;
    this.root.ariaLabel = `${shown}, ${this.selected.size} selected`;
    Object.assign(this.root.dataset, { token: message.token, points: message.count, selected: this.selected.size });
  }

  listen() {
    this.listened = true;
    const found = ({ points }) => points.map(({ customdata }) => customdata).filter((index) => index !== undefined);
    // Out of the reader's hands only: plotly.js reports what we draw too, and every click, as a selection of nothing.
    this.plot.on("plotly_selected", (event) => {
      if (!event || !this.held) return;
      this.select(found(event));
      if (TOUCH) setTimeout(() => Plotly.relayout(this.plot, "dragmode", false)); // the next drag scrolls the page again
    });
    this.plot.on("plotly_deselect", () => ((this.adding = false), this.select([])));
    this.plot.on("plotly_click", (event) => !this.scrolling && found(event).length && this.select(found(event)));
    this.plot.on("plotly_restyle", () => {
      for (const { name, visible } of this.plot.data) this.hidden[visible === "legendonly" ? "add" : "delete"](name);
    });
  }

  select(chosen) {
    if (!this.message.selectable || this.drawnTurn !== this.turn) return; // chosen among points that are to be replaced
    this.selected = new Set(this.adding ? [...this.selected, ...chosen] : chosen);
    this.dirty = true;
    this.draw();
    this.component.setStateValue("selection", { turn: this.turn, bits: bits(this.selected, this.message.count) });
  }
}

const unpackers = {
  points: ({ x, y }) => ({ x: numbers(x), y: numbers(y) }),
  colours: ({ kinds, kind_of, values, label }) =>
    kinds ? { kinds, kindOf: bytes(kind_of) } : { values: numbers(values), label },
  extra: ({ x, y, labels, name }) => x && { x: numbers(x), y: numbers(y), labels, name },
};

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function numbers({ low, step, steps }) {
  return Float64Array.from(new Uint16Array(bytes(steps).buffer), (n) => (n === 65535 ? NaN : low + n * step));
}

function indices(bits) {
  return Array.from({ length: 8 * bits.length }, (_, i) => i).filter((i) => bits[i >> 3] & (1 << (i & 7)));
}

function bits(selected, count) {
  const packed = new Uint8Array(Math.ceil(count / 8));
  for (const i of selected) packed[i >> 3] |= 1 << (i & 7);
  return btoa(String.fromCharCode(...packed));
}

function colouring({ points, colours }, selected) {
  const count = points.x.length;
  const size = Math.min(8, Math.max(3, 11 - 1.75 * Math.log10(count)));
  const trace = (name, of, marker) => ({
    type: TYPE,
    mode: "markers",
    name,
    x: of.map((i) => points.x[i]),
    y: of.map((i) => points.y[i]),
    customdata: of, // a point's index in Python, which its place in this trace is not
    hovertemplate: "%{fullData.name}<br>image %{customdata}<extra></extra>",
    marker: { size, opacity: 0.85, ...marker },
    selectedpoints: selected.size ? of.flatMap((i, place) => (selected.has(i) ? [place] : [])) : null,
    selected: { marker: { opacity: 1, size: size + 1.5 } },
    unselected: { marker: { opacity: 0.15 } },
  });
  const all = Array.from({ length: count }, (_, i) => i);
  if (colours.kinds) {
    const groups = colours.kinds.map(() => []);
    colours.kindOf.forEach((kind, i) => groups[kind].push(i));
    return colours.kinds.map(({ label, colour }, k) => trace(label, groups[k], { color: colour })).filter(({ x }) => x.length);
  }
  const color = all.map((i) => colours.values[i]);
  const title = { text: colours.label, side: "top", font: { size: 11 } };
  const place = { orientation: "h", yref: "container", y: 0, yanchor: "bottom", ypad: 0, thickness: 8 }; // where the legend is otherwise
  const colorbar = { ...place, title, outlinewidth: 0, tickfont: { size: 11 } };
  return [{ ...trace(colours.label, all, { color, colorscale: "Viridis", colorbar }), showlegend: false }];
}

function placed(extra, chosen, theme) {
  if (!extra) return [];
  const { x, y, labels, name } = extra;
  const look = x.length <= FEW ? { symbol: "diamond-open", size: 14, line: { width: 3 } } : { symbol: "x-thin-open", size: 5 };
  const opaque = { marker: { opacity: 1 } };
  return [{
    ...{ type: TYPE, mode: "markers", name, x, y, text: labels, marker: { color: theme.text, opacity: 1, ...look } },
    hovertemplate: "%{fullData.name}<br>%{text}<extra></extra>",
    selectedpoints: chosen ? [...x.keys()] : null, // selected points are drawn over the others, and these over all
    selected: opaque,
    unselected: opaque,
  }];
}

function layout(map) {
  const axis = { showgrid: false, zeroline: false, showticklabels: false, ticks: "" };
  const common = themed(map.theme);
  const above = map.parts.colours.kinds ? {} : { y: 1, yanchor: "top" }; // the colour bar has its place below
  map.revision += 1;
  return {
    ...common,
    uirevision: `${map.turn}:${map.message.token}`, // keeps zoom, pan and drag mode
    selectionrevision: map.revision, // what is selected and hidden is ours to keep
    legend: { ...common.legend, ...above, uirevision: map.revision, itemsizing: "constant" },
    xaxis: axis,
    yaxis: { ...axis, scaleanchor: "x" },
    hovermode: "closest",
    clickmode: "event",
    dragmode: TOUCH ? false : map.message.selectable ? "lasso" : "pan",
    selections: [],
  };
}

function config({ selectable }) {
  return {
    displayModeBar: TOUCH ? true : "hover",
    displaylogo: false,
    showAxisDragHandles: false, // there are no axes to drag, and a lasso may begin at the edge
    doubleClick: "autosize",
    modeBarButtons: [["toImage", ...(selectable ? SELECTING : []), ...BUTTONS]],
  };
}

export default mount(LatentMap, PLOTLY, "latent_map.css");
