// The steps from noise to image that a page without a server takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { normal, uniform } from "../../genmodels/export/web/random.js";
import { guided, solve, times } from "../../genmodels/export/web/transport.js";

const near = (found, expected, tolerance = 1e-6) =>
  found.forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) <= tolerance, `${found} is not ${expected}`);
  });
const last = async (way) => {
  let found;
  for await (const x of way) found = x;
  return found;
};
const growth = async (x) => x; // dx/dt = x, which multiplies by e in 1

test("the times of flow matching are even, those of diffusion even in the 7th root of sigma", () => {
  near(times("flow-matching", 4), [0, 0.25, 0.5, 0.75, 1]);
  near(times("diffusion", 2), [1 / 81, 1 / 1.002, 1], 1e-9);
  const sigmas = times("diffusion", 5).map((t) => ((1 - t) / t) ** (1 / 7));
  near([sigmas[1] - sigmas[0], sigmas[3] - sigmas[2]], [sigmas[2] - sigmas[1], sigmas[4] - sigmas[3]], 1e-9);
});

test("Euler's and Heun's methods give what they do on paper", async () => {
  near(await last(solve(growth, [1, 2], times("flow-matching", 4), "euler")), [1.25 ** 4, 2 * 1.25 ** 4]);
  const step = 1 + 0.25 + 0.25 ** 2 / 2; // of Heun's method, but the last step is a plain one
  near(await last(solve(growth, [1], times("flow-matching", 4), "heun")), [step ** 3 * 1.25]);
});

test("fresh noise leaves the spread of noise as it is where nothing pulls", async () => {
  const random = uniform(3);
  const fresh = (count) => normal(count, random);
  const still = async (x, t) => x.map((value) => (-value * (1 - t)) / ((1 - t) ** 2 + 0.001)); // noise that shrinks as sigma does
  const found = await last(solve(still, fresh(2000), times("flow-matching", 20).slice(0, -2), "stochastic", fresh));
  const spread = Math.sqrt(found.reduce((sum, value) => sum + value ** 2, 0) / found.length);
  assert.ok(spread > 0.05 && spread < 0.2, `${spread}`); // 1 - t at the last of the times is 0.1
});

test("guidance of 1 is the class alone, and of 0 none", () => {
  near(guided([3], [1], 1), [3]);
  near(guided([3], [1], 0), [1]);
  near(guided([3], [1], 2), [5]);
});

test("random numbers are the same for the same seed, and normal", () => {
  const found = normal(20000, uniform(7));
  assert.deepEqual(found.slice(0, 5), normal(5, uniform(7)));
  assert.notDeepEqual(found.slice(0, 5), normal(5, uniform(8)));
  const mean = found.reduce((sum, value) => sum + value) / found.length;
  const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / found.length;
  near([mean, variance], [0, 1], 0.03);
});
