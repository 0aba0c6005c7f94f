// The numbers beside the pictures of a training on the plane.

import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, texts } from "../../genmodels/ui/components/toy_numbers.js";
import { speak } from "../../genmodels/ui/components/words.js";

const NAMES = [
  ...["flow_energy", "diffusion_energy", "gan_energy", "noise_energy", "flow_detour", "diffusion_detour"],
  ...["flow_loss", "diffusion_loss", "discriminator_loss", "generator_loss"],
];

test("every number has its place, and a GAN has no path", () => {
  const rows = texts(
    NAMES.map((_, i) => i + 0.25),
    NAMES,
  );
  assert.deepEqual(rows, [
    ["0.2500", "1.2500", "2.2500", "3.2500"],
    ["4.25", "5.25", "—", "—"],
    ["6.250", "7.250", "D 8.250, G 9.250", "—"],
  ]);
  assert.ok(rows.every((row) => row.length === columns().length));
});

test("numbers are written as the language of the page writes them, a minus before its number", () => {
  speak({ language: "fa", texts: {} });
  const [first] = texts(
    NAMES.map((_, i) => [-0.0001, 0, 1234.5][i] ?? 0),
    NAMES,
  );
  speak(undefined);
  assert.deepEqual(first, ["\u200e−۰٫۰۰۰۱", "۰٫۰۰۰۰", "۱۲۳۴٫۵۰۰۰", "۰٫۰۰۰۰"]);
});
