// The latent map as traces and layout of plotly.js.

import { plain } from "./plain_text.js";
import { atPlace } from "./playing.js";
import { themed } from "./theme.js";
import { word } from "./words.js";

const FEW = 20; // extra points up to this number are drawn large

// The points of several moments at a place among these, such as 2.5, in a view of all of them, so that it stands still.
export function atMoment(points, place) {
  const { x, y, moments } = points;
  if (!(moments > 1)) return points;
  points.view ??= { x: range(x), y: range(y) };
  return { x: atPlace(x, moments, place), y: atPlace(y, moments, place), view: points.view };
}

function range(numbers) {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const number of numbers) if (!Number.isNaN(number)) [lowest, highest] = [Math.min(lowest, number), Math.max(highest, number)];
  const margin = 0.05 * (highest - lowest) || 1;
  return lowest <= highest ? [lowest - margin, highest + margin] : [-1, 1];
}

// A trace for each kind that has points, or one of all points by their values.
export function colouring({ points, colours }, selected) {
  const count = points.x.length;
  const size = Math.min(8, Math.max(3, 11 - 1.75 * Math.log10(count)));
  const trace = (name, of, marker) => ({
    mode: "markers",
    name: plain(name),
    x: of.map((i) => points.x[i]),
    y: of.map((i) => points.y[i]),
    customdata: of, // a point's index in Python, which its place in this trace is not
    hovertemplate: "%{fullData.name}<br>image %{customdata}<extra></extra>",
    marker: { size, opacity: 0.85, ...marker },
    selectedpoints: selected.size ? of.flatMap((i, place) => (selected.has(i) ? [place] : [])) : null,
    selected: { marker: { opacity: 1, size: size + 1.5 } },
    unselected: { marker: { opacity: 0.15 } },
  });
  const all = Array.from({ length: count }, (_, i) => i);
  if (colours.kinds) {
    const groups = colours.kinds.map(() => []);
    for (const [i, kind] of colours.kindOf.entries()) groups[kind].push(i);
    return colours.kinds.map(({ label, colour }, k) => trace(label, groups[k], { color: colour })).filter(({ x }) => x.length);
  }
  const color = all.map((i) => colours.values[i]);
  const title = { text: plain(colours.label), side: "top", font: { size: 11 } };
  const place = { orientation: "h", yref: "container", y: 0, yanchor: "bottom", ypad: 0, thickness: 8 }; // where the legend is otherwise
  const colorbar = { ...place, title, outlinewidth: 0, tickfont: { size: 11 } };
  return [{ ...trace(colours.label, all, { color, colorscale: "Viridis", colorbar }), showlegend: false }];
}

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

// A point by its index, as one who hovers over it is told.
export function inWords(point, { kinds, kindOf, values, label }) {
  return `${word("image {number}", { number: point })}, ${kinds ? kinds[kindOf[point]].label : `${label} ${NUMBER.format(values[point])}`}`;
}

// The points that were placed in later, `chosen` of the others being selected.
export function placed(extra, chosen, theme) {
  if (!extra) return [];
  const { x, y, labels, name } = extra;
  const look = x.length <= FEW ? { symbol: "diamond-open", size: 14, line: { width: 3 } } : { symbol: "x-thin-open", size: 5 };
  const opaque = { marker: { opacity: 1 } };
  return [
    {
      ...{ mode: "markers", name: plain(name), x, y, text: labels.map(plain), marker: { color: theme.text, opacity: 1, ...look } },
      hovertemplate: "%{fullData.name}<br>%{text}<extra></extra>",
      selectedpoints: chosen ? [...x.keys()] : null, // selected points are drawn over the others, and these over all
      selected: opaque,
      unselected: opaque,
    },
  ];
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
    hovermode: "closest",
    newshape: { line: { color: theme.text, width: 1.5 }, fillcolor: "rgba(128,128,128,0.2)" },
    shapes: [],
  };
}
