// What the table beside the pictures of a training on the plane says.

const NONE = "—";
export const COLUMNS = ["Flow matching", "Diffusion", "GAN", "Noise as it is"];
// What a row is called, and of each column the number that it has there.
const ROWS = [
  ["Energy distance to the target", ["flow_energy", "diffusion_energy", "gan_energy", "noise_energy"], 4],
  ["Length of the paths / distance of their ends", ["flow_detour", "diffusion_detour"], 2],
  ["Loss", ["flow_loss", "diffusion_loss", ["discriminator_loss", "generator_loss"]], 3],
];
export const TITLES = ROWS.map(([title]) => title);

// What each cell says at a moment, row by row; `numbers` are called `names`.
export function texts(numbers, names) {
  const value = (name, digits) => numbers[names.indexOf(name)].toFixed(digits);
  const said = (name, digits) => {
    if (Array.isArray(name)) return `D ${value(name[0], digits)}, G ${value(name[1], digits)}`;
    return name ? value(name, digits) : NONE;
  };
  return ROWS.map(([, asked, digits]) => COLUMNS.map((_, i) => said(asked[i], digits)));
}
