// The browser's half of genmodels/ui/components/latent_map.py, whose docstring tells the protocol.

import { Charts, element, mount, PLOTLY, TOUCH } from "./common.js";
import { between, coordinates, nearestTo, outline, within } from "./hit_test.js";
import { steer } from "./keys.js";
import { atMoment, colouring, inWords, layout, placed } from "./latent_map_figure.js";
import { Motion } from "./latent_map_motion.js";
import { Pictures } from "./latent_map_pictures.js";
import { bits, indices, unpackers } from "./packing.js";
import { CLICK_MS } from "./paint_schedule.js";
import { pictureButton } from "./picture.js";
import { readTheme } from "./theme.js";
import { tools, word } from "./words.js";

// The selecting modes of plotly.js draw all points anew at every move of the pointer, which without a GPU takes seconds. So these are its modes
// for drawing shapes, which draw an outline alone, and we find out what lies inside.
const LASSO = "drawclosedpath";
const BOX = "drawrect";
const LEAD = false; // a mode in which plotly.js does nothing by itself
const MOVED = 5; // pixels; a pointer that moved less clicked
const UNANSWERED_MS = 5000; // after which a place that was told is given up
const TYPE = document.createElement("canvas").getContext("webgl") ? "scattergl" : "scatter";

class LatentMap extends Charts {
  digests = {};
  parts = {};
  selected = new Set();
  place = 0; // in the film that it follows
  configs = {}; // what can be done -> config: given another one, even if it says the same, plotly.js would start over
  hidden = new Set(); // labels of the legend's entries that the reader hid, also of a colouring that is not shown now

  constructor(parent) {
    super(parent, "latent-map", "latent-map");
    this.plot = element("div", { className: "plot" });
    this.cross = element("span", { className: "cross" });
    this.root.role = "application";
    this.said = element("span", { className: "heard", role: "status" });
    this.root.append(this.plot, this.cross, this.said);
    this.motion = new Motion(this.root, () => this.draw());
    this.pictures = new Pictures(this.root);
    const options = { capture: true, signal: this.listening.signal };
    this.root.addEventListener("pointerdown", (event) => (this.pressed = event.button ? undefined : event), options);
    window.addEventListener("pointerup", (event) => this.click(event), options);
    window.addEventListener("pointermove", (event) => this.lead(event), options);
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
    this.root.style.height = message.height;
    this.follow(message.follows);
    this.draw();
    this.heard(message.place);
  }

  reset({ turn, selected }) {
    this.turn = turn;
    this.selected = new Set(indices(selected));
    this.hidden.clear();
    this.view = this.mode = undefined;
    this.dirty = true;
  }

  moved({ place }) {
    this.place = place;
    this.dirty = true;
    if (this.drawnTurn !== this.turn || !this.parts.colours.kinds) return this.draw(); // the colours of values are those of plotly.js
    this.motion.draw(this.plot, this.traces(atMoment(this.parts.points, place)));
    this.root.dataset.place = place;
  }

  // What lies where, also while it moves.
  get seen() {
    return { data: this.motion.traces ?? this.plot.data, layout: this.plot.layout };
  }

  traces(points) {
    const drawn = colouring({ ...this.parts, points }, this.selected);
    const all = [...drawn, ...placed(this.parts.extra, this.selected.size, this.theme)];
    for (const trace of all) Object.assign(trace, { type: TYPE, visible: this.hidden.has(trace.name) ? "legendonly" : true });
    return all;
  }

  paint() {
    if (!this.dirty) return;
    this.dirty = false;
    const { plot, message, theme } = this;
    const parts = { ...this.parts, points: atMoment(this.parts.points, this.place) };
    const drawn = this.traces(parts.points);
    if (parts.pictures) for (const trace of drawn) if (trace.customdata) Object.assign(trace, { hoverinfo: "none", hovertemplate: null });
    const dragmode = this.mode ?? (TOUCH ? false : message.selectable ? LASSO : "pan");
    this.shown = word("Map of {count} points, coloured by {kind}", { count: message.count, kind: parts.colours.label || word("kind") });
    Plotly.react(plot, drawn, { ...layout({ theme, parts, view: this.view }), dragmode }, this.config(message));
    this.motion.end();
    if (!this.listened) this.listen();
    this.drawnTurn = this.turn;
    this.pictures.use(parts.pictures, () => this.pictures.lay(plot, this.selected));
    this.pictures.lay(plot, this.selected);
    this.labelTools(plot, this.shown);
    const keys = word("With the keyboard: arrows move a cross, Enter selects the point there, Shift+Enter the box since the last Enter.");
    this.root.ariaLabel = `${this.shown}, ${word("{n} selected", { n: this.selected.size })}. ${keys}`;
    Object.assign(this.root.dataset, { token: message.token, points: message.count, selected: this.selected.size, place: this.place });
  }

  config({ selectable, leads }) {
    const title = () => (this.message.name ? `${this.message.name}: ${this.shown}` : this.shown);
    const picture = pictureButton(() => [title(), "", this.theme]);
    const able = [selectable && "select", leads && !TOUCH && "lead"].filter(Boolean);
    this.configs[able] ??= config(able, picture);
    return this.configs[able];
  }

  listen() {
    this.listened = true;
    const keys = { moved: (place) => this.steered(place), acted: (place, event) => this.press(place, event) };
    steer(this.root, keys, this.listening.signal);
    this.plot.on("plotly_relayout", ({ shapes, autosize }) => {
      if (autosize) return; // another size of the page is not the reader's choice
      const { xaxis, yaxis } = this.plot.layout;
      this.mode = this.plot.layout.dragmode;
      this.view = xaxis.autorange === false ? { x: [...xaxis.range], y: [...yaxis.range] } : undefined;
      if (!shapes?.length) return;
      this.select(within(outline(shapes.at(-1)), this.seen.data));
      if (TOUCH) Plotly.relayout(this.plot, "dragmode", false); // the next drag scrolls the page again
    });
    const lay = () => this.pictures.lay(this.plot, this.selected);
    for (const event of ["plotly_relayout", "plotly_relayouting", "plotly_restyle"]) this.plot.on(event, lay);
    this.plot.on("plotly_unhover", () => this.pictures.hide());
    this.plot.on("plotly_hover", ({ points: [{ customdata }], event }) => {
      if (customdata !== undefined && !(this.pressed && this.leading)) this.pictures.show(customdata, event.clientX, event.clientY);
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
    if (!target.classList.contains("nsewdrag")) return;
    const area = target.getBoundingClientRect();
    if (this.leading) return this.tell(clientX, clientY, area);
    if (Math.hypot(clientX - x, clientY - y) > MOVED) return;
    const double = timeStamp - this.clickedAt < CLICK_MS;
    this.clickedAt = timeStamp;
    if (double) return [LASSO, BOX, false].includes(this.plot.layout.dragmode) && this.select([]);
    const nearest = nearestTo(clientX, clientY, area, this.seen);
    if (nearest !== undefined) return this.select([nearest]);
    this.tell(clientX, clientY, area);
  }

  get leading() {
    return this.message.leads && !TOUCH && this.plot.layout.dragmode === LEAD;
  }

  // Told where the pointer is dragged, and not only where it is let go, the page follows it.
  lead({ clientX, clientY }) {
    if (!this.pressed?.target.classList.contains("nsewdrag") || !this.leading) return;
    this.pictures.hide();
    this.tell(clientX, clientY, this.pressed.target.getBoundingClientRect());
  }

  // One place at a time: the next one would end what the page does for this one.
  tell(clientX, clientY, area) {
    const { x, y } = coordinates(clientX, clientY, area, this.plot.layout);
    this.next = [x, y];
    if (!(performance.now() - this.toldAt < UNANSWERED_MS)) this.tellNext();
  }

  tellNext() {
    this.told = this.next;
    this.next = undefined;
    this.toldAt = performance.now();
    this.component.setStateValue("place", { turn: this.turn, at: this.told });
  }

  heard(place) {
    if (!this.told || place?.[0] !== this.told[0] || place[1] !== this.told[1]) return;
    this.told = this.toldAt = undefined;
    if (this.next) this.tellNext();
  }

  // With the keyboard: Enter selects the nearest point, and Shift and Enter the box from there to here.
  press(place, { shiftKey }) {
    const nearest = this.nearestToCross(place);
    if (shiftKey && this.corner) return this.select(within(outline(between(this.corner, place, this.plot.layout)), this.seen.data));
    this.corner = place;
    if (nearest !== undefined) this.select([nearest]);
  }

  steered(place) {
    const nearest = this.nearestToCross(place);
    if (nearest !== undefined) this.said.textContent = word("Nearest is {point}", { point: inWords(nearest, this.parts.colours) });
  }

  nearestToCross(place) {
    const { left, top, width, height } = this.showCross(place);
    const [x, y] = [left + place[0] * width, top + place[1] * height];
    return nearestTo(x, y, { left, bottom: top + height, width }, this.seen, Infinity);
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
    this.said.textContent =
      chosen.length === 1
        ? word("Selected: {point}", { point: inWords(chosen[0], this.parts.colours) })
        : word("{n} selected", { n: chosen.length });
    this.dirty = true;
    this.draw();
    this.component.setStateValue("selection", { turn: this.turn, bits: bits(this.selected, this.message.count) });
  }

  destroy() {
    this.motion.end();
    super.destroy();
  }
}

function config(able, picture) {
  const button = (title, icon, val) => ({
    ...{ name: title, title, icon: Plotly.Icons[icon], attr: "dragmode", val },
    click: (plot) => Plotly.relayout(plot, "dragmode", val),
  });
  const modes = {
    select: [button(word("Lasso select"), "lasso", LASSO), button(word("Box select"), "selectbox", BOX)],
    lead: [button(word("Decode where the pointer is dragged"), "spikeline", LEAD)],
  };
  return {
    ...tools(),
    displayModeBar: TOUCH ? true : "hover",
    displaylogo: false,
    showAxisDragHandles: false, // there are no axes to drag, and a lasso may begin at the edge
    doubleClick: "autosize",
    modeBarButtons: [[picture, ...able.flatMap((action) => modes[action]), "zoom2d", "pan2d", "autoScale2d"]],
  };
}

export default mount(LatentMap, PLOTLY, "charts.css", "latent_map.css", "heard.css");
