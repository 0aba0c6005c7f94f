// A panel of curves as traces and layout of plotly.js.

import { plain } from "./plain_text.js";
import { themed } from "./theme.js";
import { numeral, tickFont } from "./words.js";

const X = "%{x:,.2~f}";

// What the reader has made of a chart: the ranges that were chosen, and the entries of the legend that were hidden.
export function readerView({ layout: { xaxis, yaxis }, data }) {
  const range = (axis) => (axis.autorange === false ? { autorange: false, range: axis.range } : {});
  return { xaxis: range(xaxis), yaxis: range(yaxis), visible: data.map(({ visible }) => visible) };
}

// A colour of the theme, `#rrggbb` or `rgb(…)`, through which one sees what is behind: plotly.js takes a trace's opacity for its line alone.
function faint(colour) {
  return colour.startsWith("#") ? `${colour}33` : colour.replace("rgb(", "rgba(").replace(")", ", 0.2)");
}

export function traces({ spec, points, view }, theme) {
  const behind = spec.series.some(({ pale, edge }) => pale || edge);
  const before = spec.series.findIndex(({ past }) => past);
  return spec.series.map(({ label, colour, dash, pale, past, edge }, i) => ({
    ...points[i],
    name: plain(label),
    visible: view.visible?.[i] ?? true,
    ...(behind && { legendgroup: colour, showlegend: !pale && !edge, opacity: pale ? 0.3 : 1 }), // hidden and shown together
    ...(past && { legendgroup: "past", showlegend: i === before, opacity: 0.45 }),
    hoverinfo: pale || edge ? "skip" : "all",
    mode: points[i].x.length > 1 ? "lines" : "markers", // a line of one point is invisible
    line: { color: theme[colour], width: edge ? 0 : 1.75, dash: dash ? "dash" : "solid" },
    ...(edge && { mode: "lines" }),
    ...(edge === "highest" && { fill: "tonexty", fillcolor: faint(theme[colour]) }), // down to the series before, the lower edge
    marker: { color: theme[colour], size: dash ? 8 : 6, symbol: dash ? "circle-open" : "circle" },
    hovertemplate: dash ? `${numeral("%{y:.4~g}")} (${spec.x} ${numeral(X)})` : numeral("%{y:.4~g}"), // test points are few, the nearest may be some way off
  }));
}

// Around values at a single x, plotly.js would draw an axis from before the beginning to twice as far.
function within(points) {
  const places = new Set(points.flatMap(({ x }) => [x[0], x.at(-1)]).filter((x) => x !== undefined));
  const [x] = places;
  return places.size === 1 && x > 0 ? { autorangeoptions: { clipmin: 0, clipmax: 1.1 * x } } : {};
}

// `rows` is how many rows of `token` the traces stand for.
export function layout({ spec, points, view }, theme, token, rows) {
  const axis = { gridcolor: theme.grid, zeroline: false, automargin: true, tickfont: tickFont(11, theme.font) };
  const reference = ([y, name]) => ({
    ...{ type: "line", name: plain(name), showlegend: true, xref: "paper", x0: 0, x1: 1, y0: y, y1: y, opacity: 0.7 },
    line: { color: theme.text, width: 1, dash: "dot" },
  });
  return {
    ...themed(theme),
    uirevision: token, // keeps zoom, pan and hidden entries
    datarevision: rows, // the arrays grow in place; this tells plotly.js that they did
    xaxis: {
      ...axis,
      ...within(points),
      ...view.xaxis,
      title: { text: spec.x, standoff: 4, font: { size: 11 } },
      unifiedhovertitle: { text: `${spec.x} ${numeral(X)}` },
    },
    yaxis: { ...axis, ...view.yaxis, type: spec.log ? "log" : "linear", tickformat: spec.log ? "~g" : "" },
    shapes: spec.lines.map(reference),
    hovermode: "x unified",
  };
}
