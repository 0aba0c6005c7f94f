// The browser's half of genmodels/ui/components/latent_map.py, whose docstring tells the protocol.

import { Charts, element, mount, PLOTLY, TOUCH } from "./common.js";
import { between, coordinates, nearestTo, outline, within } from "./hit_test.js";
import { steer } from "./keys.js";
import { around, atMoment, colouring, inWords, layout } from "./latent_map_figure.js";
import { Pictures, told } from "./latent_map_pictures.js";
import { colourNumber, Points, sceneImage } from "./latent_map_points.js";
import { BOX, config, LASSO, LEAD } from "./latent_map_tools.js";
import { shownBy } from "./map_canvas.js";
import { OneAtATime } from "./one_at_a_time.js";
import { bits, indices, unpackers } from "./packing.js";
import { CLICK_MS } from "./paint_schedule.js";
import { pictureButton, SIZE } from "./picture.js";
import { plain } from "./plain_text.js";
import { readTheme } from "./theme.js";
import { word } from "./words.js";

const MOVED = 5; // pixels; a pointer that moved less clicked
const NONE_HIDDEN = { of: [], hidden: [] }; // extra points have no kinds

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
    this.points = new Points(this.root);
    this.pictures = new Pictures(this.root);
    this.places = new OneAtATime((at) => this.component.setStateValue("place", { turn: this.turn, at }));
    const options = { capture: true, signal: this.listening.signal };
    this.root.addEventListener("pointerdown", (event) => this.down(event), options);
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
        if (name === "colours") this.colour(this.parts.colours);
        this.dirty = true;
      }
    }
    const theme = readTheme(this.root);
    this.dirty ||= theme.id !== this.theme?.id;
    this.theme = theme;
    this.root.style.height = message.height;
    this.follow(message.follows);
    this.draw();
    this.places.heard(message.place);
  }

  reset({ turn, selected }) {
    this.turn = turn;
    this.selected = new Set(indices(selected));
    this.hidden.clear();
    this.view = this.mode = undefined;
    this.dirty = true;
  }

  colour(colours) {
    this.colours = colouring(colours);
    this.palette = Uint32Array.from(this.colours.css, colourNumber);
  }

  moved({ place }) {
    this.place = place;
    if (this.drawnTurn !== this.turn) return this.draw();
    this.pictures.hide();
    this.lay(true);
    this.root.dataset.place = place;
  }

  // What is drawn by ourselves: the points where they are now, with all that their look depends on.
  get scene() {
    const { colours, palette, hidden, parts, selected, theme } = this;
    const { x, y } = atMoment(parts.points, this.place);
    const { extra } = parts;
    const seen = extra && !hidden.has(plain(extra.name)) && { ...extra, ...NONE_HIDDEN, colour: colourNumber(theme.text) };
    return { x, y, ...colours, palette, hidden: colours.names.map((name) => hidden.has(name)), selected, extra: seen };
  }

  // Draws it, coarsely while the points or the view of them `moves`.
  lay(moves = false) {
    const { plot, scene } = this;
    this.points.draw(plot, scene, moves);
    this.pictures.lay(plot, scene);
  }

  paint() {
    if (!this.dirty) return;
    this.dirty = false;
    const { plot, message, theme } = this;
    const parts = { ...this.parts, points: atMoment(this.parts.points, this.place) };
    const drawn = around(parts, this.colours, this.hidden, theme);
    const dragmode = this.mode ?? (TOUCH ? false : message.selectable ? LASSO : "pan");
    this.shown = word("Map of {count} points, coloured by {kind}", { count: message.count, kind: parts.colours.label || word("kind") });
    Plotly.react(plot, drawn, { ...layout({ theme, parts, view: this.view }), dragmode }, this.config(message));
    if (!this.listened) this.listen();
    this.drawnTurn = this.turn;
    this.pictures.use(parts.pictures, () => this.lay());
    this.lay();
    this.labelTools(plot, this.shown);
    const keys = word("With the keyboard: arrows move a cross, Enter selects the point there, Shift+Enter the box since the last Enter.");
    this.root.ariaLabel = `${this.shown}, ${word("{n} selected", { n: this.selected.size })}. ${keys}`;
    Object.assign(this.root.dataset, { token: message.token, points: message.count, selected: this.selected.size, place: this.place });
  }

  config({ selectable, leads }) {
    const title = () => (this.message.name ? `${this.message.name}: ${this.shown}` : this.shown);
    const picture = pictureButton((plot) => [title(), "", this.theme, [sceneImage(this.scene, shownBy(plot), SIZE)]]);
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
      this.select(within(outline(shapes.at(-1)), this.scene));
      if (TOUCH) Plotly.relayout(this.plot, "dragmode", false); // the next drag scrolls the page again
    });
    this.plot.on("plotly_relayouting", () => this.layNext(true));
    for (const event of ["plotly_afterplot", "plotly_relayout"]) this.plot.on(event, () => this.layNext());
    this.plot.on("plotly_restyle", () => {
      for (const { name, visible } of this.plot.data) if (name) this.hidden[visible === "legendonly" ? "add" : "delete"](name);
      this.lay();
    });
    this.plot.addEventListener("pointermove", (event) => this.hover(event), { signal: this.listening.signal });
    this.plot.addEventListener("pointerleave", () => this.pictures.hide(), { signal: this.listening.signal });
  }

  // In the next frame, however often a hand moves before that.
  layNext(moves) {
    this.laying ??= requestAnimationFrame(() => {
      this.laying = undefined;
      this.lay(moves);
    });
  }

  // Tells of the point under the pointer; not while the pointer does something else.
  hover({ target, clientX, clientY }) {
    if (this.pressed || !target.classList.contains("nsewdrag")) return this.pictures.hide();
    const { plot, scene, parts } = this;
    const [area, axes] = [target.getBoundingClientRect(), shownBy(plot)];
    const placed = scene.extra && nearestTo(clientX, clientY, area, scene.extra, axes);
    if (placed !== undefined) {
      const lines = [parts.extra.name, parts.extra.labels[placed]].filter(Boolean);
      return this.pictures.show([...new Set(lines)], undefined, clientX, clientY);
    }
    const nearest = nearestTo(clientX, clientY, area, scene, axes);
    if (nearest === undefined) return this.pictures.hide();
    const lines = parts.pictures ? told(nearest, parts.pictures.facts) : [inWords(nearest, parts.colours)];
    this.pictures.show(lines, nearest, clientX, clientY);
  }

  down(event) {
    this.pressed = event.button ? undefined : event;
    this.pictures.hide();
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
    const nearest = nearestTo(clientX, clientY, area, this.scene, shownBy(this.plot));
    if (TOUCH) this.hover({ target, clientX, clientY }); // a finger hovers over nothing
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

  tell(clientX, clientY, area) {
    const { x, y } = coordinates(clientX, clientY, area, shownBy(this.plot));
    this.places.tell([x, y]);
  }

  // With the keyboard: Enter selects the nearest point, and Shift and Enter the box from there to here.
  press(place, { shiftKey }) {
    const nearest = this.nearestToCross(place);
    if (shiftKey && this.corner) return this.select(within(outline(between(this.corner, place, shownBy(this.plot))), this.scene));
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
    return nearestTo(x, y, { left, bottom: top + height, width }, this.scene, shownBy(this.plot), Infinity);
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
    this.lay();
    this.dirty = true;
    this.draw();
    this.component.setStateValue("selection", { turn: this.turn, bits: bits(this.selected, this.message.count) });
  }

  destroy() {
    cancelAnimationFrame(this.laying);
    this.points.end();
    super.destroy();
  }
}

export default mount(LatentMap, PLOTLY, "charts.css", "latent_map.css", "heard.css");
