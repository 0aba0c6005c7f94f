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

// Where a film that has got other frames, whose numbers are `values`, goes on: at the nearest to the number where it stood, or at its end if it
// stood there.
export function goesOn(before, place, values) {
  const last = values.length - 1;
  if (place === undefined || place >= before.length - 1) return last;
  const stood = valueAt(before, place);
  const distances = values.map((value) => Math.abs(value - stood));
  return distances.indexOf(Math.min(...distances));
}
