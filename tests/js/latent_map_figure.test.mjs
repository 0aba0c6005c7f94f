// What is around the points of the latent map, and how they are coloured.

import assert from "node:assert/strict";
import { test } from "node:test";
import { around, atMoment, colouring, inWords, layout } from "../../genmodels/ui/components/latent_map_figure.js";

const POINTS = { x: Float64Array.of(0, 1, 2), y: Float64Array.of(3, 4, 5) };
const KINDS = [
  { label: "one", colour: "red" },
  { label: "none", colour: "green" },
  { label: "<b>two", colour: "blue" },
];
const BY_KIND = { points: POINTS, colours: { kinds: KINDS, kindOf: Uint8Array.of(2, 0, 2) } };
const BY_VALUE = { points: POINTS, colours: { values: Float64Array.of(7, 8, 9), label: "height" } };
const THEME = { text: "#111" };

const drawn = (parts, hidden = new Set()) => around(parts, colouring(parts.colours), hidden, THEME);

test("each kind that has points has an entry in the legend, and no points of plotly.js", () => {
  const entries = drawn(BY_KIND).filter(({ showlegend }) => showlegend !== false);
  assert.deepEqual(
    entries.map(({ name, x, marker }) => [name, x, marker.color]),
    [
      ["one", [null], "red"],
      ["&lt;b>two", [null], "blue"],
    ],
  );
});

test("a kind that was hidden stays so", () => {
  assert.deepEqual(
    drawn(BY_KIND, new Set(["one"])).map(({ visible }) => visible),
    ["legendonly", true, undefined],
  );
});

test("autoscaling shows all points, also those placed in", () => {
  const extent = (parts) => (({ x, y }) => [x, y])(drawn(parts).at(-1));
  assert.deepEqual(extent(BY_KIND), [
    [0, 2],
    [3, 5],
  ]);
  const extra = { x: [9, NaN], y: [-1, 0], labels: [], name: "yours" };
  assert.deepEqual(extent({ ...BY_KIND, extra }), [
    [0, 9],
    [-1, 5],
  ]);
  const nowhere = { x: Float64Array.of(NaN), y: Float64Array.of(NaN) };
  assert.deepEqual(extent({ ...BY_VALUE, points: nowhere }), [
    [null, null],
    [null, null],
  ]);
});

test("a point is told by its number and its kind or its value", () => {
  assert.equal(inWords(1, BY_KIND.colours), "image 1, one");
  assert.equal(inWords(2, BY_VALUE.colours), "image 2, height 9");
});

test("the name of what is placed in is text, not markup, and its entry tells how it looks", () => {
  const entry = (count) => drawn({ ...BY_KIND, extra: { x: Array(count).fill(0), y: Array(count).fill(0), labels: [], name: "R&D" } })[2];
  assert.deepEqual([entry(20).name, entry(20).marker.symbol], ["R&amp;D", "diamond-open"]);
  assert.equal(entry(21).marker.symbol, "x-thin-open");
});

test("values are on a scale with a title, from the lowest to the highest", () => {
  const [{ marker, showlegend }, ...others] = drawn(BY_VALUE);
  assert.deepEqual([others, showlegend], [[], false]);
  assert.deepEqual([marker.color, marker.colorbar.title.text], [[7, 9], "height"]);
  const { css, of } = colouring(BY_VALUE.colours);
  const [lowest, middle, highest] = [...of].map((shade) => css[shade]);
  assert.deepEqual([lowest, highest], ["rgb(68,1,84)", "rgb(253,231,37)"]);
  assert.match(middle, /^rgb\(3\d,14\d,13\d\)$/);
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
