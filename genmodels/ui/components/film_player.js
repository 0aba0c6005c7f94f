// The browser's half of genmodels/ui/components/film_player.py.

import { element, mount } from "./common.js";
import { goesOn, stills, valueAt } from "./film_frames.js";
import { tell } from "./moments.js";
import { advanced, start, stepped } from "./playing.js";
import { word } from "./words.js";

const SHARP = 3; // canvas pixels for one of the picture, so that nothing is blurred
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

class FilmPlayer {
  constructor(parent) {
    this.canvas = element("canvas", { role: "img" });
    this.button = element("button", { type: "button", onclick: () => (this.playing ? this.pause() : this.play()) });
    this.slider = element("input", { type: "range", min: 0, step: "any", ariaLabel: word("Frame") });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    this.slider.addEventListener("keydown", (event) => this.press(event));
    this.label = element("output", { role: "status" });
    const bar = element("div", { className: "bar", role: "group", ariaLabel: word("Playback") }, this.button, this.slider, this.label);
    this.stills = element("div", { className: "stills" });
    const screen = element("div", { className: "screen" }, this.canvas, bar);
    this.root = element("div", { className: "film-player" }, element("div", {}, screen, this.stills));
    this.root.dataset.testid = "film-player";
    parent.append(this.root);
  }

  get last() {
    return this.data.frames.length - 1;
  }

  receive({ side, ...data }) {
    this.root.style.setProperty("--side", side);
    const drawn = JSON.stringify(data);
    if (drawn === this.drawn) return; // the page was drawn anew: what the reader looks at stays
    this.drawn = drawn;
    const plays = data.playing || (this.playing && data.film === this.data.film);
    const place = data.film && data.film === this.data?.film ? goesOn(this.data.at, this.place, data.at) : data.frames.length - 1;
    this.data = data;
    this.pause();
    this.images = data.frames.map(({ picture }) => element("img", { src: picture }));
    this.stills.replaceChildren(...stills(data.frames.length, data.stills).map((index) => this.still(index)));
    this.slider.max = this.last;
    this.show(place);
    if (plays) this.play();
  }

  still(index) {
    const { label, picture } = this.data.frames[index];
    const inside = [element("img", { src: picture, alt: "" }), element("span", { textContent: label })];
    return element("button", { type: "button", title: word("Show {label}", { label }), onclick: () => this.go(index) }, ...inside);
  }

  play() {
    this.show(start(this.place, this.last));
    let [before, place] = [undefined, this.place];
    const tick = (now) => {
      place = advanced(place, this.last, now - (before ?? now), this.data.seconds, STILL.matches);
      before = now;
      this.show(STILL.matches ? Math.floor(place) : place);
      if (place === this.last) return this.pause();
      this.playing = requestAnimationFrame(tick);
    };
    this.playing = requestAnimationFrame(tick);
    this.tell();
  }

  pause() {
    cancelAnimationFrame(this.playing);
    this.playing = undefined;
    this.tell();
  }

  // Where the reader wants to be, who has the film in their own hands now.
  go(place) {
    this.pause();
    this.show(place);
  }

  // An arrow leads to the next frame, while the pointer finds what lies between two.
  press(event) {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.go(stepped(this.place, this.last, by));
  }

  // `place` may be between two frames, of which the nearer one is seen; what follows the film may show more of it.
  show(place) {
    const { frames, name, film, at } = this.data;
    const index = Math.round(place);
    const { label } = frames[index];
    this.place = place;
    this.slider.value = place;
    this.slider.ariaValueText = label;
    if (this.label.textContent !== label) this.label.textContent = label;
    this.canvas.ariaLabel = `${name}, ${label}`;
    this.root.dataset.frame = index;
    if (this.images[index] !== this.drawnImage) this.draw(this.images[index]);
    if (film) tell(film, { place, x: valueAt(at, place) });
  }

  async draw(image) {
    this.drawnImage = image;
    await image.decode();
    if (image !== this.drawnImage) return; // another one was asked for meanwhile
    Object.assign(this.canvas, { width: SHARP * image.naturalWidth, height: SHARP * image.naturalHeight });
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
  }

  tell() {
    this.button.textContent = this.playing ? `❚❚ ${word("Pause")}` : `▶ ${word("Play")}`;
    this.label.ariaLive = this.playing ? "off" : "polite"; // no reader can follow a film in words
  }

  destroy() {
    cancelAnimationFrame(this.playing);
    this.root.remove();
  }
}

export default mount(FilmPlayer, "film_player.css");
