// How the boxes of a network diagram lie: one below the other, and parallel ones side by side.

// The indices of the boxes, row by row.
export function rows(boxes) {
  const found = [];
  for (const [index, { parallel }] of boxes.entries()) {
    if (parallel && found.length) found.at(-1).push(index);
    else found.push([index]);
  }
  return found;
}

// What is the same as long as only pictures and the choice change: then the boxes stay, and the keyboard's focus with them.
export function outline({ name, boxes }) {
  return JSON.stringify([name, boxes.map(({ title, lines, layer, parallel }) => [title, lines, layer, parallel])]);
}
