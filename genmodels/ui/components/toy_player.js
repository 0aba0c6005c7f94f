// The browser's half of genmodels/ui/components/toy_player.py.

import { Asking, element, mount } from "./common.js";
import { kindOf } from "./curve_data.js";
import { advanced, start, stepped } from "./playing.js";
import { readTheme } from "./theme.js";
import { append, atTime, between, unpack } from "./toy_film.js";
import { begin, drawArrows, drawPoints, drawSurface, drawTarget, drawWays, gridPlaces } from "./toy_picture.js";
import { numbersTable } from "./toy_table.js";
import { word, figure as written } from "./words.js";

const RESOLUTION = 560; // of each canvas
const WAY_TIMES = 17; // SOLVER_STEPS + 1 in genmodels/toys/setup.py
const FIELD_TIMES = 9;
const SECONDS = { training: 12, time: 3 }; // of playing all of it at full speed
const ARROWS = { velocity: 0.16, gradient: 1 }; // how long one of 1 is drawn; the discriminator's are small
const speeds = () => [
  [word("Slow motion, ⅛"), 0.125],
  [word("Slow, ½"), 0.5],
  [word("Full speed"), 1],
  [word("Double speed"), 2],
];
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const models = () => ({ flow: word("Flow matching"), diffusion: word("Diffusion"), gan: "GAN" });

class ToyPlayer {
  moments = [];
  place = 0; // in the training, between two moments
  t = 1; // of the flow and the diffusion
  follows = true; // the training that goes on, until the reader takes it into their hands
  asking = new Asking();

  constructor(parent) {
    this.canvases = Object.fromEntries(
      Object.keys(models()).map((name) => [name, element("canvas", { width: RESOLUTION, height: RESOLUTION, role: "img" })]),
    );
    const figure = ([name, title]) => element("figure", {}, element("figcaption", { textContent: title }), this.canvases[name]);
    this.training = this.bar(word("Training"), "training", [
      ["◀", word("One moment back"), () => this.go(stepped(this.place, this.last, -1))],
      ["▶❘", word("One moment on"), () => this.go(stepped(this.place, this.last, 1))],
    ]);
    this.time = this.bar(word("Flow, t from noise to data"), "time");
    Object.assign(this.time.slider, { max: 1, step: 0.01 });
    this.speed = element("select", { ariaLabel: word("Speed") }, ...speeds().map(([text, speed]) => new Option(text, speed)));
    this.speed.value = 1;
    this.arrows = element("input", { type: "checkbox", checked: true, onchange: () => this.draw() });
    this.ways = element("input", { type: "checkbox", checked: true, onchange: () => this.draw() });
    const choices = element(
      "div",
      { className: "choices" },
      this.speed,
      label(this.arrows, word("Arrows")),
      label(this.ways, word("Paths")),
    );
    this.table = numbersTable();
    this.root = element(
      "div",
      { className: "toy-player" },
      element("div", { className: "screens" }, ...Object.entries(models()).map(figure)),
      element("div", { className: "controls" }, this.training.root, this.time.root, choices),
      element("div", { className: "numbers", tabIndex: 0, role: "region", ariaLabel: word("Numbers") }, this.table.root),
    );
    this.root.dataset.testid = "toy-player";
    parent.append(this.root);
  }

  // Play, slider and what it stands at, of what is called `title`; `more` buttons as [text, name, what they do].
  bar(title, what, more = []) {
    const play = element("button", {
      type: "button",
      className: "play",
      onclick: () => (this.moves(what) ? this.stop() : this.play(what)),
    });
    const extra = more.map(([textContent, name, onclick]) =>
      element("button", { type: "button", textContent, ariaLabel: name, title: name, onclick }),
    );
    const oninput = () => this.moveTo(what, Number(bar.slider.value));
    const slider = element("input", { type: "range", min: 0, step: "any", ariaLabel: title, oninput });
    const said = element("output", { role: "status" });
    const root = element("div", { className: "bar", role: "group", ariaLabel: title }, play, ...extra, slider, said);
    const bar = { title, play, slider, said, root };
    return bar;
  }

  get last() {
    return this.moments.length - 1;
  }

  receive(message, component) {
    if (message !== this.message) {
      this.message = message;
      const kind = kindOf(message, { token: this.token, rows: this.moments.length });
      if (kind === "gap") return this.asking.ask(component);
      if (kind === "full") this.reset(message);
      if (kind !== "known") this.moments = append(this.moments, message);
      this.training.slider.max = this.last;
      if (this.follows) this.place = this.last;
    }
    this.theme = readTheme(this.root);
    this.draw();
    this.tell();
  }

  reset({ token, film }) {
    this.asking.answered();
    this.film = { ...film, target: unpack(film.target) };
    if (token === this.token) return; // the same film once more: the reader stays where they are
    this.pause();
    Object.assign(this, { token, moments: [], place: 0, t: 1, follows: true });
  }

  // Whether the reader sees it go on: it is played, or the training itself is followed.
  moves(what) {
    return this.playing === what || (what === "training" && this.follows && Boolean(this.message?.going));
  }

  play(what) {
    this.pause();
    if (what === "training" && this.message.going && this.place >= this.last) {
      this.follows = true;
      return this.tell();
    }
    this.playing = what;
    if (what === "time") this.t = this.t < 1 ? this.t : 0;
    else this.take(start(this.place, this.last));
    this.began = { time: undefined, place: what === "time" ? this.t : this.place };
    this.frame = requestAnimationFrame((now) => this.tick(now));
    this.tell();
    this.draw();
  }

  tick(now) {
    const time = this.playing === "time";
    const last = time ? 1 : this.last;
    this.began.time ??= now;
    const [milliseconds, seconds] = [now - this.began.time, SECONDS[this.playing] / Number(this.speed.value)];
    this.began.time = now;
    const scale = time && STILL.matches ? 0.125 : 1; // eight still pictures from noise to data
    const place = advanced(this.began.place / scale, last / scale, milliseconds, seconds, STILL.matches) * scale;
    this.began.place = place;
    const shown = STILL.matches ? Math.floor(place / scale) * scale : place;
    if (time) this.t = shown;
    else this.place = shown;
    this.draw();
    if (place >= last && !(this.message.going && !time)) return this.pause();
    this.frame = requestAnimationFrame((then) => this.tick(then));
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.playing = undefined;
    this.tell();
  }

  stop() {
    this.follows = false;
    this.pause();
  }

  moveTo(what, value) {
    if (what === "training") return this.go(value);
    this.pause();
    this.t = value;
    this.draw();
  }

  // Where the reader wants to be in the training, which they have in their own hands now.
  go(place) {
    this.pause();
    this.take(place);
    this.draw();
    this.tell();
  }

  take(place) {
    this.place = place;
    this.follows = place >= this.last;
  }

  draw() {
    if (!this.film || this.last < 0) return;
    const moment = this.moments[Math.floor(this.place)];
    this.table.show(moment.numbers, this.film.numbers);
    this.flow("flow", this.theme.blue);
    this.flow("diffusion", this.theme.orange);
    this.gan();
    this.say(moment);
  }

  flow(name, colour) {
    const { units, extent, target } = this.film;
    const context = this.canvases[name].getContext("2d");
    const ways = between(this.moments, `${name}_ways`, this.place);
    const field = atTime(between(this.moments, `${name}_field`, this.place), FIELD_TIMES, this.t);
    begin(context, extent);
    drawTarget(context, target, units, this.theme.text);
    if (this.arrows.checked)
      drawArrows(context, gridPlaces(field.length / 2, extent, units), field, units, this.theme.text, ARROWS.velocity);
    if (this.ways.checked) drawWays(context, ways, WAY_TIMES, this.t, units, colour);
    drawPoints(context, atTime(ways, WAY_TIMES, this.t), units, colour);
  }

  gan() {
    const { units, extent, target } = this.film;
    const context = this.canvases.gan.getContext("2d");
    const points = between(this.moments, "gan_points", this.place);
    begin(context, extent);
    drawSurface(context, between(this.moments, "gan_surface", this.place), extent, this.theme.violet, this.theme.green);
    drawTarget(context, target, units, this.theme.text);
    drawPoints(context, points, units, this.theme.violet);
    const pull = between(this.moments, "gan_pull", this.place);
    if (this.arrows.checked) drawArrows(context, points, pull, units, this.theme.text, ARROWS.gradient);
  }

  say({ steps }) {
    const step = word("step {step} of {total}", { step: written(steps[0]), total: written(this.message.total) });
    const time = `t = ${written(this.t, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
    for (const [bar, value, text] of [
      [this.training, this.place, step],
      [this.time, this.t, time],
    ]) {
      bar.slider.value = value;
      bar.slider.ariaValueText = text;
      if (bar.said.textContent !== text) bar.said.textContent = text;
    }
    for (const [name, title] of Object.entries(models())) {
      const what =
        name === "gan"
          ? word("{step}: generated points, and what the discriminator takes for real", { step })
          : word("{step}, {time}: points on their way from noise", { step, time });
      this.canvases[name].ariaLabel = word("{title}, {what}, over those of the target", { title, what });
    }
    Object.assign(this.root.dataset, { step: steps[0], t: this.t.toFixed(2), moments: this.moments.length });
  }

  tell() {
    for (const [what, { play, said, title }] of [
      ["training", this.training],
      ["time", this.time],
    ]) {
      const playing = this.moves(what);
      play.textContent = playing ? `❚❚ ${word("Pause")}` : what === "training" ? `▶ ${word("Training")}` : `▶ ${word("Flow")}`;
      play.ariaLabel = `${playing ? word("Pause") : word("Play")}: ${title}`;
      said.ariaLive = playing ? "off" : "polite"; // no reader can follow a film in words
    }
  }

  destroy() {
    this.asking.answered();
    cancelAnimationFrame(this.frame);
    this.root.remove();
  }
}

function label(input, text) {
  return element("label", {}, input, text);
}

export default mount(ToyPlayer, "toy_player.css");
