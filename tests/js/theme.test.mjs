// The theme that Streamlit gives to components, as CSS properties.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { readTheme, themed } from "../../genmodels/ui/components/theme.js";

const LIGHT = {
  "--st-text-color": " #31333f ",
  "--st-background-color": "white",
  "--st-blue-color": "#1c83e1",
  "--st-font": "Source Sans",
};

afterEach(() => {
  delete globalThis.getComputedStyle;
});

function read(properties) {
  globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => properties[name] ?? "" });
  return readTheme({});
}

test("colours go by the names of hues", () => {
  const { text, paper, blue, font } = read(LIGHT);
  assert.deepEqual({ text, paper, blue, font }, { text: "#31333f", paper: "white", blue: "#1c83e1", font: "Source Sans" });
});

test("another theme, and nothing else, has another id", () => {
  const light = read(LIGHT).id;
  assert.equal(read({ ...LIGHT }).id, light);
  assert.notEqual(read({ ...LIGHT, "--st-blue-color": "#3d9df3" }).id, light);
});

test("charts take text, font and hover boxes from the theme", () => {
  const { font, hoverlabel } = themed(read(LIGHT));
  assert.equal(font.color, "#31333f");
  assert.equal(font.family, "Source Sans");
  assert.equal(hoverlabel.bgcolor, "white");
});
