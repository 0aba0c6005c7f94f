/** From noise to images by a network that gives velocities: the solvers of genmodels/models/flow_samplers.py. */

const CHURN = 5; // S_churn, and the most that it raises sigma by (Karras et al. 2022, algorithm 2)
const MOST_CHURN = Math.SQRT2 - 1;
const LOUDEST = 50; // sigma between which there is churn (table 5)
const FAINTEST = 0.05;

/** `steps` + 1 times from noise to data, the last 1, as in genmodels/models/flow_objectives.py. */
export function times(objective, steps) {
  if (objective === "flow-matching") return Array.from({ length: steps + 1 }, (_, step) => step / steps);
  const [first, last] = [80 ** (1 / 7), 0.002 ** (1 / 7)];
  const shares = Array.from({ length: steps }, (_, step) => step / Math.max(1, steps - 1));
  return [...shares.map((share) => 1 / (1 + (first + share * (last - first)) ** 7)), 1];
}

/** x at each of the `grid`'s times, from `noise` on; `field(x, t)` promises the velocity, `fresh(count)` gives normal numbers. */
export async function* solve(field, noise, grid, sampler, fresh) {
  let x = noise.map((value) => (1 - grid[0]) * value);
  yield x;
  for (let index = 0; index + 1 < grid.length; index++) {
    let t = grid[index];
    const then = grid[index + 1];
    if (sampler === "stochastic" && index) [x, t] = churned(x, t, grid.length - 1, fresh);
    let velocity = await field(x, t);
    if (sampler !== "euler" && then < 1) {
      const ahead = await field(moved(x, velocity, then - t), then);
      velocity = velocity.map((value, at) => (value + ahead[at]) / 2);
    }
    x = moved(x, velocity, then - t);
    yield x;
  }
}

/** v(none) + g (v(class) - v(none)) (Ho & Salimans 2022). */
export function guided(conditional, free, strength) {
  return free.map((value, at) => value + strength * (conditional[at] - value));
}

function moved(x, velocity, step) {
  return x.map((value, at) => value + step * velocity[at]);
}

function churned(x, t, steps, fresh) {
  const sigma = (1 - t) / t;
  if (sigma < FAINTEST || sigma > LOUDEST) return [x, t];
  const raised = sigma * (1 + Math.min(CHURN / steps, MOST_CHURN));
  const back = 1 / (1 + raised);
  const noise = fresh(x.length);
  return [x.map((value, at) => back * (value / t + Math.sqrt(raised ** 2 - sigma ** 2) * noise[at])), back];
}
