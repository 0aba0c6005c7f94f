// The table beside the pictures of a training on the plane.

import { element } from "./common.js";
import { COLUMNS, TITLES, texts } from "./toy_numbers.js";

// Its root, and `show(numbers, names)`, which its cells follow.
export function numbersTable() {
  const heads = ["On held-out points", ...COLUMNS].map((textContent) => element("th", { textContent, scope: "col" }));
  const cells = TITLES.map(() => COLUMNS.map(() => element("td", {})));
  const lines = cells.map((row, i) => element("tr", {}, element("th", { textContent: TITLES[i], scope: "row" }), ...row));
  const root = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines));
  const show = (numbers, names) => {
    for (const [i, row] of texts(numbers, names).entries())
      for (const [j, text] of row.entries()) if (cells[i][j].textContent !== text) cells[i][j].textContent = text;
  };
  return { root, show };
}
