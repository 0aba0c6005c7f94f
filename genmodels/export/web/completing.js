import { choice, make } from "./controls.js";
import { paint } from "./picture.js";
import { label, say } from "./words.js";

/** What is hidden, of a row and a column that are 0 to 1. */
const HALVES = {
  lower: (row) => row >= 0.5,
  upper: (row) => row < 0.5,
  left: (_, column) => column < 0.5,
  right: (_, column) => column >= 0.5,
  all: () => true,
};

/** The choice of a picture and of what is hidden of it, for a network that completes pictures. */
export function completing({ pictures, channels, side }, changed) {
  const plane = side * side;
  const values = Uint8Array.from(atob(pictures.pixels), (letter) => letter.charCodeAt(0));
  const all = Float32Array.from(values, (value) => value / 255);
  const masks = Object.values(HALVES).map((hides) =>
    Float32Array.from({ length: plane }, (_, at) => Number(hides(Math.floor(at / side) / side, (at % side) / side))),
  );
  const count = all.length / (channels * plane);
  const state = { picture: 0, hidden: 0 };
  const shown = Array.from({ length: count }, (_, index) => {
    const canvas = make("canvas");
    paint(canvas, all, index, { channels, side });
    const pressed = label(make("button", "cell", canvas), "picture", { n: index + 1 });
    pressed.type = "button";
    pressed.addEventListener("click", () => choose(index));
    return pressed;
  });

  function choose(index) {
    state.picture = index;
    shown.forEach((each, at) => {
      each.setAttribute("aria-pressed", at === index);
    });
    changed();
  }

  const names = Object.keys(HALVES).map((half) => [`hide_${half}`]);
  const hidden = choice("hidden", names, 0, (index) => {
    state.hidden = index;
    changed();
  });
  shown[0].setAttribute("aria-pressed", true);
  const strip = make("div", "strip", ...shown);
  const repeated = (of, n) => Float32Array.from({ length: n * of.length }, (_, at) => of[at % of.length]);
  return {
    element: make("div", "completing", say(make("span"), "complete_this"), strip, hidden.element),
    inputs(n) {
      const picture = all.subarray(state.picture * channels * plane, (state.picture + 1) * channels * plane);
      return { images: [repeated(picture, n), channels, side, side], hidden: [repeated(masks[state.hidden], n), 1, side, side] };
    },
  };
}
