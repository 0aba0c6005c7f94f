// A chart as a picture to take away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../../genmodels/ui/components/picture.js";

const THEME = { paper: "#fff", text: "#111" };
const CHART = {
  data: [{ x: [0, 1], y: [2, 3] }],
  layout: { width: 282, height: 220, autosize: true, paper_bgcolor: "rgba(0,0,0,0)", xaxis: { range: [0, 1] }, yaxis: { type: "log" } },
};

test("it is large, whatever the size on the page", () => {
  const [{ layout }, { width, height, scale }] = picture(CHART, "My run: Losses", "nats", THEME);
  assert.ok(width * scale >= 1200);
  assert.ok(height * scale >= 700);
  assert.deepEqual([layout.width, layout.height, layout.autosize], [undefined, undefined, undefined]);
});

test("it has its title, its unit and the paper of the theme, and keeps the reader's view", () => {
  const [{ data, layout }] = picture(CHART, "My run: Losses", "nats", THEME);
  assert.equal(layout.title.text, "My run: Losses");
  assert.equal(layout.yaxis.title.text, "nats");
  assert.equal(layout.yaxis.type, "log");
  assert.equal(layout.paper_bgcolor, "#fff");
  assert.deepEqual(layout.xaxis.range, [0, 1]);
  assert.equal(data, CHART.data);
  assert.equal(CHART.layout.width, 282); // the chart on the page stays as it is
});

test("the file is named after run and curve, in any script, without what file systems refuse", () => {
  const name = (title) => picture(CHART, title, "", THEME)[1].filename;
  assert.equal(name("VAE on mnist: Loss / total"), "VAE-on-mnist-Loss-total");
  assert.equal(name("رقم ۳: Losses (2)"), "رقم-۳-Losses-2");
});

test("a long name goes on in another line, between words where there are any", () => {
  const [{ layout }] = picture(CHART, `${"a long name ".repeat(9)}${"x".repeat(100)}`, "", THEME);
  const lines = layout.title.text.split("<br>");
  assert.equal(lines.join(" ").replaceAll(" ", ""), `${"alongname".repeat(9)}${"x".repeat(100)}`);
  assert.ok(lines.every((line) => line.length <= 85));
  assert.ok(layout.margin.t >= 48 + 20 * (lines.length - 1));
});

test("the name of a run is text, not markup", () => {
  assert.equal(picture(CHART, "<b>x</b>", "", THEME)[0].layout.title.text, "&lt;b>x&lt;/b>");
});
