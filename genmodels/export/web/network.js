import { unpacked } from "./parts.js";

const TYPES = { labels: "int64" }; // all other inputs are float32

/** The model: a function that promises the output of its inputs, each `[values, ...shape of one]`, for `count` images. */
export async function network(ort, parts) {
  const [wasm, model] = await Promise.all([unpacked(parts.runtime), unpacked(parts.model)]);
  ort.env.wasm.numThreads = 1; // more need headers that neither a file nor GitHub Pages sends
  ort.env.wasm.wasmBinary = wasm;
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  let before = Promise.resolve(); // a session computes one thing at a time
  return (count, inputs) => {
    const now = before.then(() => computed(ort, session, count, inputs));
    before = now.catch(() => {});
    return now;
  };
}

async function computed(ort, session, count, inputs) {
  const given = Object.entries(inputs).map(([name, [values, ...shape]]) => {
    const type = TYPES[name] ?? "float32";
    const data = type === "int64" ? BigInt64Array.from(values, (value) => BigInt(value)) : values;
    return [name, new ort.Tensor(type, data, [count, ...shape])];
  });
  const found = await session.run(Object.fromEntries(given));
  return found[session.outputNames[0]].data;
}

/** A function that computes the newest of what it is asked for: what was asked in between is passed over. */
export function newest(compute) {
  let waiting = null;
  let going = null;
  const go = async () => {
    try {
      while (waiting) {
        const asked = waiting;
        waiting = null;
        await compute(...asked);
      }
    } finally {
      going = null;
    }
  };
  return (...asked) => {
    waiting = asked;
    going ??= go();
    return going;
  };
}
