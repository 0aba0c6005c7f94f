// The latent map as plotly.js is given it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atMoment, colouring, inWords, layout, placed } from "../../genmodels/ui/components/latent_map_figure.js";

const POINTS = { x: Float64Array.of(0, 1, 2), y: Float64Array.of(3, 4, 5) };
const KINDS = [
  { label: "one", colour: "red" },
  { label: "none", colour: "green" },
  { label: "<b>two", colour: "blue" },
];
const BY_KIND = { points: POINTS, colours: { kinds: KINDS, kindOf: Uint8Array.of(2, 0, 2) } };
const BY_VALUE = { points: POINTS, colours: { values: Float64Array.of(7, 8, 9), label: "height" } };
const THEME = { text: "#111" };

test("each kind that has points is a trace, whose points know their index in Python", () => {
  const traces = colouring(BY_KIND, new Set());
  assert.deepEqual(
    traces.map(({ x, y, customdata, marker }) => [x, y, customdata, marker.color]),
    [
      [[1], [4], [1], "red"],
      [[0, 2], [3, 5], [0, 2], "blue"],
    ],
  );
});

test("a point is told by its number and its kind or its value", () => {
  assert.equal(inWords(1, BY_KIND.colours), "image 1, one");
  assert.equal(inWords(2, BY_VALUE.colours), "image 2, height 9");
});

test("the name of a class is text, not markup", () => {
  assert.equal(colouring(BY_KIND, new Set())[1].name, "&lt;b>two");
  const [trace] = placed({ x: [0], y: [0], labels: ["a < b"], name: "R&D" }, 0, THEME);
  assert.deepEqual([trace.name, trace.text], ["R&amp;D", ["a &lt; b"]]);
});

test("values are one trace on a scale with a title", () => {
  const [{ marker, customdata }, ...others] = colouring(BY_VALUE, new Set());
  assert.deepEqual(others, []);
  assert.deepEqual(marker.color, [7, 8, 9]);
  assert.equal(marker.colorbar.title.text, "height");
  assert.deepEqual(customdata, [0, 1, 2]);
});

test("the same points are selected in every colouring", () => {
  const marked = (parts) => colouring(parts, new Set([1, 2])).flatMap((trace) => trace.selectedpoints.map((i) => trace.customdata[i]));
  assert.deepEqual(marked(BY_KIND).sort(), [1, 2]);
  assert.deepEqual(marked(BY_VALUE), [1, 2]);
});

test("nothing selected fades nothing", () => {
  assert.equal(colouring(BY_VALUE, new Set())[0].selectedpoints, null);
  assert.equal(placed({ x: [0], y: [0], labels: [], name: "yours" }, 0, THEME)[0].selectedpoints, null);
});

test("points placed in are above the selected ones, large where they are few", () => {
  const look = (count) => placed({ x: Array(count).fill(0), y: Array(count).fill(0), labels: [], name: "yours" }, 3, THEME)[0];
  assert.deepEqual(look(2).selectedpoints, [0, 1]);
  assert.ok(look(20).marker.size > look(21).marker.size);
  assert.deepEqual(placed(undefined, 3, THEME), []);
});

test("the reader's view is kept, and both axes have one scale", () => {
  const axes = (view) => layout({ theme: THEME, parts: BY_KIND, view });
  const { xaxis, yaxis } = axes({ x: [1, 2], y: [3, 4] });
  assert.deepEqual([xaxis.range, xaxis.autorange, yaxis.range, yaxis.autorange], [[1, 2], false, [3, 4], false]);
  assert.equal(axes(undefined).xaxis.autorange, true);
  assert.equal(yaxis.scaleanchor, "x");
});

test("points of several moments move in a view that stands still, unless the reader has chosen one", () => {
  const points = { x: Float64Array.of(0, 0, 4, 8), y: Float64Array.of(0, NaN, 2, 4), moments: 2 };
  const [first, halfway] = [atMoment(points, 0), atMoment(points, 0.5)];
  assert.deepEqual(
    [[...first.x], [...halfway.x]],
    [
      [0, 0],
      [2, 4],
    ],
  );
  assert.equal(halfway.y[0], 1);
  const drawn = (now, view) => layout({ theme: THEME, parts: { ...BY_KIND, points: now }, view }).xaxis;
  assert.deepEqual(drawn(first), drawn(halfway));
  assert.deepEqual(drawn(halfway).range, [-0.4, 8.4]);
  assert.deepEqual(drawn(halfway, { x: [1, 2], y: [1, 2] }).range, [1, 2]);
  assert.equal(atMoment(POINTS, 3), POINTS);
});
