// The browser's half of genmodels/ui/components/latent_map.py, whose docstring tells the protocol.

import { Charts, element, mount, PLOTLY, TOUCH } from "./common.js";
import { steer } from "./keys.js";
import { CLICK_MS } from "./paint_schedule.js";
import { readTheme, themed } from "./theme.js";

// The selecting modes of plotly.js draw all points anew at every move of the pointer, which without a GPU takes seconds. So these are its modes
// for drawing shapes, which draw an outline alone, and we find out what lies inside.
const LASSO = "drawclosedpath";
const BOX = "drawrect";
const MOVED = 5; // pixels; a pointer that moved less clicked
const NEAR = 10; // pixels between a click and the point that it means
const KEYS = "Arrows move a cross, Enter selects the point there, Shift and Enter the box since the last Enter.";
const FEW = 20; // extra points up to this number are drawn large
const TYPE = document.createElement("canvas").getContext("webgl") ? "scattergl" : "scatter";

class LatentMap extends Charts {
  digests = {};
  parts = {};
  selected = new Set();
  hidden = new Set(); // labels of the legend's entries that the reader hid, also of a colouring that is not shown now

  constructor(parent) {
    super(parent, "latent-map", "latent-map");
    this.plot = element("div", { className: "plot" });
    this.cross = element("span", { className: "cross" });
    this.root.role = "application";
    this.root.append(this.plot, this.cross);
    const options = { capture: true, signal: this.listening.signal };
    const keys = { moved: (place) => this.showCross(place), acted: (place, event) => this.press(place, event) };
    steer(this.root, keys, this.listening.signal);
    this.root.addEventListener("pointerdown", (event) => (this.pressed = event.button ? undefined : event), options);
    window.addEventListener("pointerup", (event) => this.click(event), options);
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
    this.view = this.mode = undefined;
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
    this.root.ariaLabel = `${shown}, ${this.selected.size} selected. ${KEYS}`;
    Object.assign(this.root.dataset, { token: message.token, points: message.count, selected: this.selected.size });
  }

  listen() {
    this.listened = true;
    this.plot.on("plotly_relayout", ({ shapes, autosize }) => {
      if (autosize) return; // another size of the page is not the reader's choice
      const { xaxis, yaxis } = this.plot.layout;
      this.mode = this.plot.layout.dragmode;
      this.view = xaxis.autorange === false ? { x: [...xaxis.range], y: [...yaxis.range] } : undefined;
      if (!shapes?.length) return;
      this.select(within(outline(shapes.at(-1)), this.plot.data));
      if (TOUCH) Plotly.relayout(this.plot, "dragmode", false); // the next drag scrolls the page again
    });
    this.plot.on("plotly_restyle", () => {
      for (const { name, visible } of this.plot.data) this.hidden[visible === "legendonly" ? "add" : "delete"](name);
    });
  }

  // plotly.js reports no click in the modes for shapes, and takes a finger that scrolls the page for one.
  click({ clientX, clientY, pointerId, timeStamp }) {
    if (this.pressed?.pointerId !== pointerId) return;
    const { target, clientX: x, clientY: y } = this.pressed;
    this.pressed = undefined;
    if (!target.classList.contains("nsewdrag") || Math.hypot(clientX - x, clientY - y) > MOVED) return;
    const double = timeStamp - this.clickedAt < CLICK_MS;
    this.clickedAt = timeStamp;
    if (double) return [LASSO, BOX, false].includes(this.plot.layout.dragmode) && this.select([]);
    const nearest = nearestTo(clientX, clientY, target.getBoundingClientRect(), this.plot);
    if (nearest !== undefined) this.select([nearest]);
  }

  // With the keyboard: Enter selects the nearest point, and Shift and Enter the box from there to here.
  press(place, { shiftKey }) {
    const { left, top, width, height } = this.showCross(place);
    const [x, y] = [left + place[0] * width, top + place[1] * height];
    if (shiftKey && this.corner) return this.select(within(outline(between(this.corner, place, this.plot.layout)), this.plot.data));
    this.corner = place;
    const nearest = nearestTo(x, y, { left, bottom: top + height, width }, this.plot, Infinity);
    if (nearest !== undefined) this.select([nearest]);
  }

  showCross(place) {
    const area = this.plot.querySelector(".nsewdrag").getBoundingClientRect();
    const { left, top } = this.root.getBoundingClientRect();
    this.cross.style.left = `${area.left - left + place[0] * area.width}px`;
    this.cross.style.top = `${area.top - top + place[1] * area.height}px`;
    return area;
  }

  select(chosen) {
    if (!this.message.selectable || this.drawnTurn !== this.turn) return; // chosen among points that are to be replaced
    this.selected = new Set(chosen);
    this.dirty = true;
    this.draw();
    this.component.setStateValue("selection", { turn: this.turn, bits: bits(this.selected, this.message.count) });
  }
}

const unpackers = {
  points: ({ x, y }) => ({ x: numbers(x), y: numbers(y) }),
  colours: ({ kinds, kind_of, values, label }) => (kinds ? { kinds, kindOf: bytes(kind_of) } : { values: numbers(values), label }),
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

// The corners of a shape that plotly.js let the reader draw.
function outline({ path, x0, x1, y0, y1 }) {
  if (!path)
    return [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ];
  return path
    .slice(1, -1)
    .split("L")
    .map((corner) => corner.split(",").map(Number));
}

// The box between two places, shares of the map from its top left, in the map's own coordinates.
function between([x0, y0], [x1, y1], { xaxis, yaxis }) {
  const along = ({ range: [from, to] }, share) => from + share * (to - from);
  return { x0: along(xaxis, x0), x1: along(xaxis, x1), y0: along(yaxis, 1 - y0), y1: along(yaxis, 1 - y1) };
}

// The points of visible traces inside a polygon: those from which a ray crosses its edge an odd number of times.
function within(corners, traces) {
  const edges = corners.map((corner, i) => [...corner, ...corners.at(i - 1)]);
  const inside = (x, y) => {
    let odd = false;
    for (const [x0, y0, x1, y1] of edges) if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) odd = !odd;
    return odd;
  };
  return choosable(traces).flatMap(({ x, y, customdata }) => customdata.filter((_, place) => inside(x[place], y[place])));
}

// The point of a visible trace under the pointer, if there is one.
function nearestTo(clientX, clientY, { left, bottom, width }, { data, layout: { xaxis, yaxis } }, reach = NEAR) {
  const pixel = (xaxis.range[1] - xaxis.range[0]) / width; // on both axes
  const atX = xaxis.range[0] + (clientX - left) * pixel;
  const atY = yaxis.range[0] + (bottom - clientY) * pixel;
  let [nearest, least] = [undefined, reach * pixel];
  for (const { x, y, customdata } of choosable(data)) {
    for (let place = 0; place < x.length; place++) {
      const distance = Math.hypot(x[place] - atX, y[place] - atY);
      if (distance < least) [nearest, least] = [customdata[place], distance];
    }
  }
  return nearest;
}

function choosable(traces) {
  return traces.filter(({ customdata, visible }) => customdata && visible === true);
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
    for (const [i, kind] of colours.kindOf.entries()) groups[kind].push(i);
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
  return [
    {
      ...{ type: TYPE, mode: "markers", name, x, y, text: labels, marker: { color: theme.text, opacity: 1, ...look } },
      hovertemplate: "%{fullData.name}<br>%{text}<extra></extra>",
      selectedpoints: chosen ? [...x.keys()] : null, // selected points are drawn over the others, and these over all
      selected: opaque,
      unselected: opaque,
    },
  ];
}

// What the reader changed stays while the turn does, in our hands rather than those of plotly.js (`uirevision`), which forget it where the
// traces change.
function layout({ theme, message, parts, view, mode }) {
  const range = (letter) => (view ? { range: [...view[letter]], autorange: false } : { autorange: true });
  const axis = { showgrid: false, zeroline: false, showticklabels: false, ticks: "" };
  const common = themed(theme);
  const above = parts.colours.kinds ? {} : { y: 1, yanchor: "top" }; // the colour bar has its place below
  return {
    ...common,
    legend: { ...common.legend, ...above, itemsizing: "constant" },
    xaxis: { ...axis, ...range("x") },
    yaxis: { ...axis, ...range("y"), scaleanchor: "x" },
    dragmode: mode ?? (TOUCH ? false : message.selectable ? LASSO : "pan"),
    hovermode: "closest",
    newshape: { line: { color: theme.text, width: 1.5 }, fillcolor: "rgba(128,128,128,0.2)" },
    shapes: [],
  };
}

const configs = {}; // selectable -> config: given another one, even if it says the same, plotly.js would start over

function config({ selectable }) {
  const button = (title, icon, val) => ({
    ...{ name: title, title, icon: Plotly.Icons[icon], attr: "dragmode", val },
    click: (plot) => Plotly.relayout(plot, "dragmode", val),
  });
  const selecting = [button("Lasso select", "lasso", LASSO), button("Box select", "selectbox", BOX)];
  configs[selectable] ??= {
    displayModeBar: TOUCH ? true : "hover",
    displaylogo: false,
    showAxisDragHandles: false, // there are no axes to drag, and a lasso may begin at the edge
    doubleClick: "autosize",
    modeBarButtons: [["toImage", ...(selectable ? selecting : []), "zoom2d", "pan2d", "autoScale2d"]],
  };
  return configs[selectable];
}

export default mount(LatentMap, PLOTLY, "latent_map.css");
