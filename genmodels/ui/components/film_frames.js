// What of a film is shown.

// The indices of at most `most` of `count` frames, evenly from the first to the last.
export function stills(count, most) {
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, shown - 1)));
}

// A number that each frame has, such as its epoch, at a place between two frames.
export function valueAt(values, place) {
  const before = Math.floor(place);
  const after = Math.min(before + 1, values.length - 1);
  return values[before] + (place - before) * (values[after] - values[before]);
}
