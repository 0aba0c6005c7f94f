// A panel of curves as traces and layout of plotly.js.

import { plain } from "./plain_text.js";
import { themed } from "./theme.js";

// What the reader has made of a chart: the ranges that were chosen, and the entries of the legend that were hidden.
export function readerView({ layout: { xaxis, yaxis }, data }) {
  const range = (axis) => (axis.autorange === false ? { autorange: false, range: axis.range } : {});
  return { xaxis: range(xaxis), yaxis: range(yaxis), visible: data.map(({ visible }) => visible) };
}

export function traces({ spec, points, view }, theme) {
  const averaged = spec.series.some(({ pale }) => pale);
  return spec.series.map(({ label, colour, dash, pale }, i) => ({
    ...points[i],
    name: plain(label),
    visible: view.visible?.[i] ?? true,
    ...(averaged && { legendgroup: colour, showlegend: !pale, opacity: pale ? 0.3 : 1 }), // hidden and shown together
    hoverinfo: pale ? "skip" : "all",
    mode: points[i].x.length > 1 ? "lines" : "markers", // a line of one point is invisible
    line: { color: theme[colour], width: 1.75, dash: dash ? "dash" : "solid" },
    marker: { color: theme[colour], size: 6 },
    hovertemplate: dash ? "%{y:.4~g} (epoch %{x:.4~g})" : "%{y:.4~g}", // test points are few, the nearest may be some way off
  }));
}

// `rows` is how many rows of `token` the traces stand for.
export function layout({ spec, view }, theme, token, rows) {
  const axis = { gridcolor: theme.grid, zeroline: false, automargin: true, tickfont: { size: 11 } };
  const reference = ([y, name]) => ({
    ...{ type: "line", name, showlegend: true, xref: "paper", x0: 0, x1: 1, y0: y, y1: y, opacity: 0.7 },
    line: { color: theme.text, width: 1, dash: "dot" },
  });
  return {
    ...themed(theme),
    uirevision: token, // keeps zoom, pan and hidden entries
    datarevision: rows, // the arrays grow in place; this tells plotly.js that they did
    xaxis: {
      ...axis,
      ...view.xaxis,
      title: { text: "epoch", standoff: 4, font: { size: 11 } },
      unifiedhovertitle: { text: "epoch %{x:.2f}" },
    },
    yaxis: { ...axis, ...view.yaxis, type: spec.log ? "log" : "linear", tickformat: spec.log ? "~g" : "" },
    shapes: spec.lines.map(reference),
    hovermode: "x unified",
  };
}
