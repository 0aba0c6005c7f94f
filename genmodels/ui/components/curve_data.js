// The rows that the browser has of some curves. The protocol by which they come is told in live_curves.py.

import { figure, word } from "./words.js";

// What a message is to a browser that has `rows` rows under `token`: "full" starts anew, "next" follows on, "known" was sent twice, and after
// a "gap" everything has to be asked for.
export function kindOf(message, { token, rows }) {
  if (message.panels || message.film) return "full";
  if (message.token !== token) return "gap";
  if (message.end <= rows) return "known";
  return message.start === rows ? "next" : "gap";
}

// The points of each series of a panel.
export function empty({ series }) {
  return series.map(() => ({ x: [], y: [] }));
}

// Appends what `rows`, {name: [x, y]}, has for a panel's series to their points, and says whether there was any.
export function append(points, { series }, rows) {
  const fresh = series.map(({ name }) => rows[name]);
  for (const [i, columns] of fresh.entries()) {
    if (!columns) continue;
    points[i].x.push(...columns[0]);
    points[i].y.push(...columns[1]);
  }
  return fresh.some(Boolean);
}

// A panel's curves in words, for those who do not see them.
export function summary({ title, unit, series }, points) {
  const last = series.map(({ label, pale, edge }, i) => {
    const value = points[i].y.at(-1);
    const of = pale
      ? word("{label} as measured", { label })
      : edge
        ? `${label}, ${edge === "lowest" ? word("lowest") : word("highest")}`
        : label;
    return `${of} ${value == null ? word("no value") : figure(value, { maximumSignificantDigits: 4 })}`;
  });
  return word("{title} ({unit}), last values: {values}", { title, unit, values: last.join(", ") });
}
