import { button, choice, make, slider } from "./controls.js";
import { newest } from "./network.js";
import { paint } from "./picture.js";
import { normal, uniform } from "./random.js";
import { guided, solve, times } from "./transport.js";
import { label, say } from "./words.js";

const IMAGES = 9;
const MOST_STEPS = 50; // offered, and of guidance, unless the model's own are more
const MOST_GUIDANCE = 6;
const SAMPLERS = ["heun", "euler", "stochastic"];

/** The section of a network that gives velocities: noise is led to images in steps, which are seen. */
export function flowing(record, run) {
  const { z: shape, labels, transport } = record;
  const state = { steps: transport.steps, sampler: transport.sampler, guidance: transport.guidance, label: -1, seed: 1 };
  const cells = Array.from({ length: IMAGES }, () => make("canvas"));
  const samples = document.querySelector("#samples");
  let turn = 0;
  let way = [];

  async function field(x, t) {
    const given = { z: [x, ...shape], t: [new Float32Array(IMAGES).fill(t)] };
    if (!labels) return run(IMAGES, given);
    const none = labels.names.length;
    const chosen = cells.map((_, index) => (state.label < 0 ? index % none : state.label));
    const conditional = await run(IMAGES, { ...given, labels: [chosen] });
    if (state.guidance === 1) return conditional;
    return guided(conditional, await run(IMAGES, { ...given, labels: [chosen.map(() => none)] }), state.guidance);
  }

  const draw = newest(async (mine) => {
    const random = uniform(state.seed);
    const fresh = (count) => normal(count, random);
    const grid = times(transport.objective, state.steps);
    way = [];
    samples.dataset.done = "";
    const start = performance.now();
    for await (const x of solve(field, fresh(IMAGES * shape.reduce((all, one) => all * one)), grid, state.sampler, fresh)) {
      if (mine !== turn) return;
      way.push(x);
      moment.set(way.length - 1, way.length - 1);
      show(way.length - 1);
      await new Promise((resolve) => setTimeout(resolve)); // so that the step is seen, and presses are heard
    }
    say(document.querySelector("#took"), "took", { ms: Math.round(performance.now() - start) });
    samples.dataset.done = state.seed;
  });
  const again = () => {
    turn += 1;
    draw(turn);
  };

  function show(index) {
    const images = way[index].map((value) => Math.min(1, Math.max(0, (value + 1) / 2)));
    cells.forEach((cell, at) => {
      paint(cell, images, at, record);
    });
  }

  const changing = (key) => (value) => {
    state[key] = value;
    again();
  };
  const moment = slider(["moment", {}], { min: 0, max: state.steps, step: 1, value: 0, changed: show });
  const controls = document.querySelector("#controls");
  controls.append(
    make(
      "div",
      "row",
      button("resample", () => changing("seed")(state.seed + 1)),
    ),
    choice(
      "sampler",
      SAMPLERS.map((name) => [name]),
      SAMPLERS.indexOf(state.sampler),
      (index) => changing("sampler")(SAMPLERS[index]),
    ).element,
    slider(["steps", {}], { min: 1, max: Math.max(MOST_STEPS, state.steps), step: 1, value: state.steps, changed: changing("steps") })
      .element,
  );
  if (labels) {
    const names = [["in_turn"], ...labels.names, ["no_class"]];
    controls.append(
      choice(labels.word, names, 0, (index) => changing("label")(index - 1)).element,
      slider(["guidance", {}], {
        min: 0,
        max: Math.max(MOST_GUIDANCE, state.guidance),
        step: 0.5,
        value: state.guidance,
        changed: changing("guidance"),
      }).element,
    );
  }
  controls.append(moment.element);
  cells.forEach((cell, index) => {
    cell.role = "img";
    samples.append(label(cell, "sample", { n: index + 1 }));
  });
  again();
}
