// A panel of curves as plotly.js is given it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { layout, readerView, traces } from "../../genmodels/ui/components/curve_figure.js";
import { speak } from "../../genmodels/ui/components/words.js";

const THEME = { blue: "#00f", orange: "#fa0", text: "#111", grid: "#ddd" };

function panel(series, { points, view = {}, ...spec } = {}) {
  return { spec: { lines: [], ...spec, series }, points: points ?? series.map(() => ({ x: [0, 1], y: [2, 3] })), view };
}

test("a curve has its hue in the theme, and test is dashed", () => {
  const drawn = traces(
    panel([
      { label: "train", colour: "blue" },
      { label: "test", colour: "orange", dash: true },
    ]),
    THEME,
  );
  assert.deepEqual(
    drawn.map(({ name, line: { color, dash } }) => [name, color, dash]),
    [
      ["train", "#00f", "solid"],
      ["test", "#fa0", "dash"],
    ],
  );
});

test("a single point is a marker, as a line it would be invisible", () => {
  const mode = (x) => traces(panel([{ label: "train", colour: "blue" }], { points: [{ x, y: x }] }), THEME)[0].mode;
  assert.equal(mode([1]), "markers");
  assert.equal(mode([1, 2]), "lines");
});

test("the axis of values at one place goes from the beginning to there, and else as far as they do", () => {
  const series = [{ label: "train", colour: "blue" }];
  const axis = (...x) => layout(panel(series, { points: x.map((each) => ({ x: each, y: each })) }), THEME, "", 1).xaxis;
  assert.deepEqual(axis([2], [], [2]).autorangeoptions, { clipmin: 0, clipmax: 2.2 });
  for (const x of [[[1, 2]], [[1], [2]], [[]], [[0]]]) assert.equal(axis(...x).autorangeoptions, undefined);
});

test("a curve and its average are one entry of the legend", () => {
  const [pale, average] = traces(
    panel([
      { label: "run", colour: "blue", pale: true },
      { label: "run", colour: "blue" },
    ]),
    THEME,
  );
  assert.equal(pale.legendgroup, average.legendgroup);
  assert.deepEqual([pale.showlegend, average.showlegend], [false, true]);
  assert.ok(pale.opacity < average.opacity);
});

test("what a run was before it began is paler, and one entry of the legend", () => {
  const drawn = traces(
    panel([
      { label: "before: origin", colour: "blue", past: true },
      { label: "before: origin", colour: "blue", dash: true, past: true },
      { label: "train", colour: "blue" },
    ]),
    THEME,
  );
  assert.deepEqual(
    drawn.map(({ legendgroup, showlegend }) => [legendgroup, showlegend]),
    [
      ["past", true],
      ["past", false],
      [undefined, undefined],
    ],
  );
  assert.ok(drawn[0].opacity < 1);
  assert.equal(drawn[2].opacity, undefined);
});

test("the name of a run is text, not markup", () => {
  const [{ name }] = traces(panel([{ label: '<a href="https://elsewhere">a & b</a>', colour: "blue" }]), THEME);
  assert.equal(name, '&lt;a href="https://elsewhere">a &amp; b&lt;/a>');
});

test("what the reader made of a chart is kept and given back", () => {
  const seen = readerView({
    layout: { xaxis: { autorange: false, range: [1, 2] }, yaxis: { autorange: true, range: [0, 9] } },
    data: [{ visible: true }, { visible: "legendonly" }],
  });
  const series = [
    { label: "train", colour: "blue" },
    { label: "test", colour: "orange" },
  ];
  const again = panel(series, { view: seen });
  const { xaxis, yaxis } = layout(again, THEME, "run:1", 4);
  assert.deepEqual([xaxis.autorange, xaxis.range], [false, [1, 2]]);
  assert.equal(yaxis.range, undefined); // goes on following the curve
  assert.deepEqual(
    traces(again, THEME).map(({ visible }) => visible),
    [true, "legendonly"],
  );
});

test("plotly.js is told that arrays grew, and that they are of the same run", () => {
  const [before, after] = [4, 6].map((rows) => layout(panel([]), THEME, "run:1", rows));
  assert.notEqual(before.datarevision, after.datarevision);
  assert.equal(before.uirevision, after.uirevision);
  assert.notEqual(layout(panel([]), THEME, "run:2", 6).uirevision, after.uirevision);
});

test("reference lines and a logarithmic axis", () => {
  const { shapes, yaxis } = layout(panel([], { log: true, lines: [[1.386, "2 ln 2"]] }), THEME, "run:1", 0);
  assert.equal(yaxis.type, "log");
  assert.deepEqual(
    shapes.map(({ y0, y1, name }) => [y0, y1, name]),
    [[1.386, 1.386, "2 ln 2"]],
  );
});

test("a band is filled between its edges, which are of the legend's entry of their curve", () => {
  const ofTheme = (blue) => traces(panel([{ label: "tag", colour: "blue", edge: "highest" }]), { ...THEME, blue })[0].fillcolor;
  assert.equal(ofTheme("#3b82f6"), "#3b82f633");
  assert.equal(ofTheme("rgb(1, 2, 3)"), "rgba(1, 2, 3, 0.2)");
  const [low, high, mean] = traces(
    panel([
      { label: "tag", colour: "blue", edge: "lowest" },
      { label: "tag", colour: "blue", edge: "highest" },
      { label: "tag", colour: "blue", edge: "" },
    ]),
    THEME,
  );
  assert.deepEqual([low.fill, high.fill, mean.fill], [undefined, "tonexty", undefined]);
  assert.deepEqual([low.line.width, high.line.width], [0, 0]);
  assert.deepEqual([low.showlegend, high.showlegend, mean.showlegend], [false, false, true]);
  assert.equal(new Set([low, high, mean].map(({ legendgroup }) => legendgroup)).size, 1);
});

test("the x axis says what it shows", () => {
  const { xaxis } = layout(panel([], { x: "minutes trained" }), THEME, "run:1", 0);
  assert.equal(xaxis.title.text, "minutes trained");
});

test("in a language that is read from the right, the labels are, though a chart is laid out from the left", () => {
  speak({ language: "fa", direction: "rtl", texts: {} });
  const one = panel([{ label: "D(x)، واقعی", colour: "blue" }], { lines: [[1.386, "D در تعادل"]] });
  const [[{ name }], { shapes }] = [traces(one, THEME), layout(one, THEME, "t", 0)];
  speak({});
  assert.deepEqual([name, shapes[0].name], ["\u2067D(x)، واقعی\u2069", "\u2067D در تعادل\u2069"]);
  assert.equal(traces(one, THEME)[0].name, "D(x)، واقعی");
});

test("points of one epoch are told apart, train from test, by more than their place", () => {
  const symbol = (dash) => traces(panel([{ label: "x", colour: "blue", dash }], { points: [{ x: [1], y: [1] }] }), THEME)[0].marker.symbol;
  assert.notEqual(symbol(true), symbol(false));
});

test("numbers that plotly.js writes are drawn in the digits of the language", () => {
  const drawn = panel([{ label: "train", colour: "blue", dash: true }], { x: "epoch" });
  const family = () => layout(drawn, { ...THEME, font: "Own" }).yaxis.tickfont.family;
  assert.equal(family(), undefined);
  assert.equal(traces(drawn, THEME)[0].hovertemplate, "%{y:.4~g} (epoch %{x:,.2~f})");
  speak({ language: "fa", direction: "rtl", texts: {} });
  assert.equal(family(), "GenmodelsDigits, Own");
  const { hovertemplate } = traces(drawn, THEME)[0];
  assert.deepEqual(hovertemplate.match(/(?<=>)%[^<]*(?=<\/span>)/g), ["%{y:.4~g}", "%{x:,.2~f}"]);
  speak({});
});
