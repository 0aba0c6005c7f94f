// The table beside the pictures of a training on the plane.

import { element } from "./common.js";
import { columns, texts, titles } from "./toy_numbers.js";
import { word } from "./words.js";

// Its root, and `show(numbers, names)`, which its cells follow.
export function numbersTable() {
  const heads = [word("On held-out points"), ...columns()].map((textContent) => element("th", { textContent, scope: "col" }));
  const cells = titles().map(() => columns().map(() => element("td", {})));
  const lines = cells.map((row, i) => element("tr", {}, element("th", { textContent: titles()[i], scope: "row" }), ...row));
  const root = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines));
  const show = (numbers, names) => {
    for (const [i, row] of texts(numbers, names).entries())
      for (const [j, text] of row.entries()) if (cells[i][j].textContent !== text) cells[i][j].textContent = text;
  };
  return { root, show };
}
