// What is around the points of a latent map, as traces and layout of plotly.js: legend, colour bar, axes.

import { diameter, FEW } from "./latent_map_scene.js";
import { plain } from "./plain_text.js";
import { atPlace } from "./playing.js";
import { themed } from "./theme.js";
import { figure, tickFont, word } from "./words.js";

// Matplotlib's (Smith & van der Walt 2015), at ten places.
const VIRIDIS = ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"];
const SHADES = 256;
const NOTHING = { type: "scatter", mode: "markers", x: [null], y: [null], hoverinfo: "skip" };

// The points of several moments at a place among these, such as 2.5, in a view of all of them, so that it stands still.
export function atMoment(points, place) {
  const { x, y, moments } = points;
  if (!(moments > 1)) return points;
  points.view ??= { x: range(x), y: range(y) };
  return { x: atPlace(x, moments, place), y: atPlace(y, moments, place), view: points.view };
}

function range(numbers) {
  const [lowest, highest] = extent(numbers);
  const margin = 0.05 * (highest - lowest) || 1;
  return lowest === null ? [-1, 1] : [lowest - margin, highest + margin];
}

// The lowest and the highest of what is a number; nulls where nothing is.
function extent(numbers) {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const number of numbers)
    if (number !== null && !Number.isNaN(number)) [lowest, highest] = [Math.min(lowest, number), Math.max(highest, number)];
  return lowest <= highest ? [lowest, highest] : [null, null];
}

// How points are coloured: `css`, colours of the page, which of them each point has, `of`, and the names of these colours in the legend.
export function colouring({ kinds, kindOf, values }) {
  if (kinds) return { css: kinds.map(({ colour }) => colour), of: kindOf, names: kinds.map(({ label }) => plain(label)) };
  const [lowest, highest] = extent(values);
  const scale = (SHADES - 1) / (highest - lowest || 1);
  return { css: shades(), of: Uint8Array.from(values, (value) => Math.round((value - lowest) * scale)), names: [] };
}

// The colour scale at so many places, from its lowest to its highest.
function shades() {
  const rgb = VIRIDIS.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));
  return Array.from({ length: SHADES }, (_, i) => {
    const at = (i * (rgb.length - 1)) / (SHADES - 1);
    const before = Math.min(Math.floor(at), rgb.length - 2);
    const mixed = rgb[before].map((value, c) => Math.round(value + (at - before) * (rgb[before + 1][c] - value)));
    return `rgb(${mixed})`;
  });
}

// What plotly.js draws around the points, which it does not have: an entry of the legend for each kind that has any, or the colour bar of values,
// one for extra points, and how far all of them reach, which autoscaling asks for.
export function around({ points, colours, extra }, { of, names }, hidden, theme) {
  const size = diameter(points.x.length);
  const entry = (name, marker) => ({ ...NOTHING, name, marker, visible: hidden.has(name) ? "legendonly" : true });
  const used = new Set(of);
  const entries = names.flatMap((name, k) => (used.has(k) ? [entry(name, { color: colours.kinds[k].colour, size, opacity: 0.85 })] : []));
  if (extra) {
    const symbol = extra.x.length <= FEW ? { symbol: "diamond-open", line: { width: 2 } } : { symbol: "x-thin-open" };
    entries.push(entry(plain(extra.name), { color: theme.text, size, ...symbol }));
  }
  const corners = (letter) => extent([...extent(points[letter]), ...extent(extra?.[letter] ?? [])]);
  return [
    ...entries,
    { ...NOTHING, x: corners("x"), y: corners("y"), showlegend: false, marker: { size, opacity: 0, ...bar(colours, theme) } },
  ];
}

function bar({ values, label }, theme) {
  if (!values) return {};
  const title = { text: plain(label), side: "top", font: { size: 11 } };
  const place = { orientation: "h", yref: "container", y: 0, yanchor: "bottom", ypad: 0, thickness: 8 }; // where the legend is otherwise
  const colorbar = { ...place, title, outlinewidth: 0, tickfont: tickFont(11, theme.font) };
  return { color: extent(values), colorscale: VIRIDIS.map((colour, i) => [i / (VIRIDIS.length - 1), colour]), colorbar };
}

// A point by its index, as one who hovers over it is told.
export function inWords(point, { kinds, kindOf, values, label }) {
  const fact = kinds ? kinds[kindOf[point]].label : `${label} ${figure(values[point], { maximumSignificantDigits: 3 })}`;
  return `${word("image {number}", { number: figure(point, { useGrouping: false }) })}, ${fact}`;
}

// What the reader changed stays while the turn does, in our hands rather than those of plotly.js (`uirevision`), which forget it where the
// traces change.
export function layout({ theme, parts, view }) {
  const chosen = view ?? parts.points.view;
  const range = (letter) => (chosen ? { range: [...chosen[letter]], autorange: false } : { autorange: true });
  const axis = { showgrid: false, zeroline: false, showticklabels: false, ticks: "" };
  const common = themed(theme);
  const above = parts.colours.kinds ? {} : { y: 1, yanchor: "top" }; // the colour bar has its place below
  return {
    ...common,
    legend: { ...common.legend, ...above, itemsizing: "constant" },
    xaxis: { ...axis, ...range("x") },
    yaxis: { ...axis, ...range("y"), scaleanchor: "x" },
    hovermode: false,
    newshape: { line: { color: theme.text, width: 1.5 }, fillcolor: "rgba(128,128,128,0.2)" },
    shapes: [],
  };
}
