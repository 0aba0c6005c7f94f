// The browser's side of the protocol of the live curves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { append, empty, kindOf, summary } from "../../genmodels/ui/components/curve_data.js";

const SPEC = {
  title: "Loss",
  unit: "nats",
  series: [
    { name: "train/kl", label: "train" },
    { name: "test/kl", label: "test" },
  ],
};
const HERE = { token: "run:1", rows: 10 };

for (const [what, message, expected] of [
  ["a message with panels starts anew", { token: "run:1", start: 0, end: 12, panels: [SPEC] }, "full"],
  ["panels of another run start anew", { token: "run:2", start: 0, end: 3, panels: [SPEC] }, "full"],
  ["the next rows follow on", { token: "run:1", start: 10, end: 14 }, "next"],
  ["rows sent twice are known", { token: "run:1", start: 6, end: 10 }, "known"],
  ["a tick without news is known", { token: "run:1", start: 10, end: 10 }, "known"],
  ["rows that were lost leave a gap", { token: "run:1", start: 12, end: 14 }, "gap"],
  ["rows of which some are known do not fit", { token: "run:1", start: 8, end: 14 }, "gap"],
  ["rows of another run do not fit", { token: "run:2", start: 10, end: 14 }, "gap"],
  ["nor do old rows of another run", { token: "run:2", start: 0, end: 4 }, "gap"],
]) {
  test(what, () => assert.equal(kindOf(message, HERE), expected));
}

test("a browser that starts empty asks for everything", () => {
  assert.equal(kindOf({ token: "run:1", start: 0, end: 4 }, { token: undefined, rows: 0 }), "gap");
});

test("rows are appended to the series of their name", () => {
  const points = empty(SPEC);
  assert.equal(
    append(points, SPEC, {
      "train/kl": [
        [0, 1],
        [9, 8],
      ],
      other: [[0], [1]],
    }),
    true,
  );
  assert.equal(append(points, SPEC, { "test/kl": [[1], [7]], "train/kl": [[2], [null]] }), true);
  assert.deepEqual(points, [
    { x: [0, 1, 2], y: [9, 8, null] },
    { x: [1], y: [7] },
  ]);
});

test("a panel that got no rows need not be drawn", () => {
  const points = empty(SPEC);
  assert.equal(append(points, SPEC, { other: [[0], [1]] }), false);
  assert.deepEqual(points, empty(SPEC));
});

test("the summary tells each curve's last value", () => {
  const points = [
    { x: [0, 1], y: [9, 1234.5678] },
    { x: [], y: [] },
  ];
  assert.equal(summary(SPEC, points), "Loss (nats), last values: train 1,235, test no value");
  points[0].y.push(null);
  assert.equal(summary(SPEC, points), "Loss (nats), last values: train no value, test no value");
});

test("the summary tells a curve as measured from its average", () => {
  const series = [
    { name: "a", label: "run", pale: true },
    { name: "a:average", label: "run" },
  ];
  const points = [
    { x: [0], y: [0.5] },
    { x: [0], y: [0.25] },
  ];
  assert.equal(summary({ ...SPEC, series }, points), "Loss (nats), last values: run as measured 0.5, run 0.25");
});

test("the summary tells the edges of a band", () => {
  const series = [
    { name: "a:lowest", label: "tag", edge: "lowest" },
    { name: "a", label: "tag", edge: "" },
  ];
  const points = [
    { x: [0], y: [0.5] },
    { x: [0], y: [0.75] },
  ];
  assert.equal(summary({ ...SPEC, series }, points), "Loss (nats), last values: tag, lowest 0.5, tag 0.75");
});
