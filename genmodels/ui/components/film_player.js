// The browser's half of genmodels/ui/components/film_player.py.

import { element, mount } from "./common.js";
import { interval, start, stills } from "./film_frames.js";
import { word } from "./words.js";

const SHARP = 3; // canvas pixels for one of the picture, so that nothing is blurred
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

class FilmPlayer {
  constructor(parent) {
    this.canvas = element("canvas", { role: "img" });
    this.button = element("button", { type: "button", onclick: () => (this.timer ? this.pause() : this.play()) });
    this.slider = element("input", { type: "range", min: 0, ariaLabel: word("Frame"), oninput: () => this.go(Number(this.slider.value)) });
    this.label = element("output", { role: "status" });
    const bar = element("div", { className: "bar", role: "group", ariaLabel: word("Playback") }, this.button, this.slider, this.label);
    this.stills = element("div", { className: "stills" });
    const screen = element("div", { className: "screen" }, this.canvas, bar);
    this.root = element("div", { className: "film-player" }, element("div", {}, screen, this.stills));
    this.root.dataset.testid = "film-player";
    parent.append(this.root);
  }

  receive(data) {
    const drawn = JSON.stringify(data);
    if (drawn === this.drawn) return; // the page was drawn anew: what the reader looks at stays
    this.drawn = drawn;
    this.pause();
    this.data = data;
    this.images = data.frames.map(({ picture }) => element("img", { src: picture }));
    this.stills.replaceChildren(...stills(data.frames.length, data.stills).map((index) => this.still(index)));
    this.slider.max = data.frames.length - 1;
    this.show(data.frames.length - 1);
    if (data.playing) this.play();
  }

  still(index) {
    const { label, picture } = this.data.frames[index];
    const inside = [element("img", { src: picture, alt: "" }), element("span", { textContent: label })];
    return element("button", { type: "button", title: word("Show {label}", { label }), onclick: () => this.go(index) }, ...inside);
  }

  play() {
    const { frames, seconds } = this.data;
    this.show(start(this.index, frames.length));
    this.timer = setInterval(() => this.step(), interval(frames.length, seconds, STILL.matches));
    this.tell();
  }

  step() {
    this.show(this.index + 1);
    if (this.index === this.data.frames.length - 1) this.pause();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.tell();
  }

  // Where the reader wants to be, who has the film in their own hands now.
  go(index) {
    this.pause();
    this.show(index);
  }

  show(index) {
    const { label } = this.data.frames[index];
    this.index = index;
    this.slider.value = index;
    this.slider.ariaValueText = label;
    this.label.textContent = label;
    this.canvas.ariaLabel = `${this.data.name}, ${label}`;
    this.root.dataset.frame = index;
    this.draw(this.images[index]);
  }

  async draw(image) {
    await image.decode();
    if (image !== this.images[this.index]) return; // another one was asked for meanwhile
    Object.assign(this.canvas, { width: SHARP * image.naturalWidth, height: SHARP * image.naturalHeight });
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
  }

  tell() {
    this.button.textContent = this.timer ? `❚❚ ${word("Pause")}` : `▶ ${word("Play")}`;
    this.label.ariaLive = this.timer ? "off" : "polite"; // no reader can follow a film in words
  }

  destroy() {
    clearInterval(this.timer);
    this.root.remove();
  }
}

export default mount(FilmPlayer, "film_player.css");
