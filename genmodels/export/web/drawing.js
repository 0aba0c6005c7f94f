import { completing } from "./completing.js";
import { button, choice, make, slider } from "./controls.js";
import { newest } from "./network.js";
import { paint } from "./picture.js";
import { normal, uniform } from "./random.js";
import { label, say } from "./words.js";

const REACH = 4; // standard deviations of a standard normal, either way
const FIRST = 8; // sliders that are always in sight
const SAMPLES = 16;
const MOST_LABELS = 24;
const PAUSE = 150; // milliseconds of rest after which the samples follow the image in hand

/** The section of a network that makes an image of z at once: sliders, and samples to begin from. The function that takes a code. */
export function drawing(record, run) {
  const {
    z: [dimensions],
    labels,
    codes,
  } = record;
  const count = labels ? Math.min(MOST_LABELS, Math.max(SAMPLES, 2 * labels.names.length)) : SAMPLES;
  const state = { z: new Float32Array(dimensions), label: 0, codes: new Float32Array(codes) };
  const completion = record.pictures && completing(record, () => drawAll());
  const large = document.querySelector("#large");
  const cells = Array.from({ length: count }, () => make("canvas"));
  let seed = 0;
  let soon = 0;
  let samples = [];

  function inputs(of, given) {
    const found = { z: [joined(of), dimensions] };
    if (labels) found.labels = [given];
    if (codes) found.codes = [joined(of.map(() => state.codes)), codes];
    return completion ? { ...found, ...completion.inputs(of.length) } : found;
  }

  const draw = newest(async () => {
    const start = performance.now();
    const values = await run(1, inputs([state.z], [state.label]));
    say(document.querySelector("#took"), "took", { ms: Math.max(1, Math.round(performance.now() - start)) });
    for (const canvas of document.querySelectorAll(".decoded")) paint(canvas, values, 0, record);
    large.dataset.drawn = Number(large.dataset.drawn ?? 0) + 1;
  });
  const drawSamples = newest(async () => {
    const values = await run(
      count,
      inputs(
        samples,
        samples.map((_, index) => labelOf(index)),
      ),
    );
    cells.forEach((cell, index) => {
      paint(cell, values, index, record);
    });
  });
  const labelOf = (index) => (labels ? index % labels.names.length : 0);
  const drawAll = () => {
    clearTimeout(soon);
    soon = setTimeout(drawSamples, PAUSE);
    return draw();
  };

  function take(z, given = state.label) {
    z.forEach((value, dimension) => {
      state.z[dimension] = Math.round(100 * Math.max(-REACH, Math.min(REACH, value))) / 100; // as the sliders show it
      sliders[dimension].set(state.z[dimension]);
    });
    state.label = given;
    chosen?.set(given);
    return draw();
  }

  function resample() {
    seed += 1;
    const random = uniform(seed);
    samples = cells.map(() => normal(dimensions, random));
    take(samples[0], labelOf(0));
    drawSamples();
  }

  const sliders = Array.from({ length: dimensions }, (_, dimension) =>
    slider(name(record, dimension), {
      min: -REACH,
      max: REACH,
      step: 0.01,
      value: 0,
      changed(value) {
        state.z[dimension] = value;
        draw();
      },
    }),
  );
  const chosen =
    labels &&
    choice(labels.word, [...labels.names, ...(labels.none ? [["no_class"]] : [])], 0, (index) => {
      state.label = index;
      draw();
    });
  const own = Array.from({ length: codes }, (_, code) =>
    slider(["code", { n: code }], {
      min: -2, // beyond the [-1, 1] of training
      max: 2,
      step: 0.01,
      value: 0,
      changed(value) {
        state.codes[code] = value;
        drawAll();
      },
    }),
  );

  const [first, more] = [record.order.slice(0, FIRST), record.order.slice(FIRST)].map((of) => of.map((at) => sliders[at].element));
  const zero = button("zero", () => take(new Float32Array(dimensions)));
  const controls = document.querySelector("#controls");
  controls.append(make("div", "row", button("resample", resample), zero), ...(completion ? [completion.element] : []));
  controls.append(...(chosen ? [chosen.element] : []), ...own.map(({ element }) => element), ...first);
  if (more.length) controls.append(make("details", "", say(make("summary"), "more", { n: more.length }), make("div", "", ...more)));
  const place = document.querySelector("#samples");
  cells.forEach((cell, index) => {
    const pressed = label(make("button", "cell", cell), "sample", { n: index + 1 });
    pressed.type = "button";
    pressed.addEventListener("click", () => take(samples[index], labelOf(index)));
    place.append(pressed);
  });
  resample();
  return take;
}

function name(record, dimension) {
  return record.kl ? ["dimension_kl", { n: dimension, kl: record.kl[dimension] }] : ["dimension", { n: dimension }];
}

function joined(rows) {
  return Float32Array.from(rows.flatMap((row) => [...row]));
}
