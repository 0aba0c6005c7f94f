// Which frames of a film are shown, and when.

// The indices of at most `most` of `count` frames, evenly from the first to the last.
export function stills(count, most) {
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, shown - 1)));
}

// Milliseconds from one frame to the next. Who wants less motion gets one still picture after another.
export function interval(count, seconds, reduced) {
  return reduced ? 1000 : (1000 * seconds) / Math.max(1, count - 1);
}

// Where playing starts: from the beginning again once the end is reached.
export function start(index, count) {
  return index < count - 1 ? index : 0;
}
