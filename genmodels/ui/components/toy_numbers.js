// What the table beside the pictures of a training on the plane says.

import { figure, word } from "./words.js";

const NONE = "—";
const fixed = (digits) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
export const columns = () => [word("Flow matching"), word("Diffusion"), "GAN", word("Noise as it is")];
// Of each row the number that it has in each column, and its digits.
const ROWS = [
  [["flow_energy", "diffusion_energy", "gan_energy", "noise_energy"], 4],
  [["flow_detour", "diffusion_detour"], 2],
  [["flow_loss", "diffusion_loss", ["discriminator_loss", "generator_loss"]], 3],
];
export const titles = () => [word("Energy distance to the target"), word("Length of the paths / distance of their ends"), word("Loss")];

// What each cell says at a moment, row by row; `numbers` are called `names`.
export function texts(numbers, names) {
  const value = (name, digits) => figure(numbers[names.indexOf(name)], fixed(digits));
  const said = (name, digits) => {
    if (Array.isArray(name)) return `D ${value(name[0], digits)}, G ${value(name[1], digits)}`;
    return name ? value(name, digits) : NONE;
  };
  return ROWS.map(([asked, digits]) => columns().map((_, i) => said(asked[i], digits)));
}
