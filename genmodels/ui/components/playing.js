// Where a player is in a film of moments, and what lies between two of them.

// Where playing starts: from the beginning again once the end is reached.
export function start(place, last) {
  return place < last ? place : 0;
}

// Where a player is after so many milliseconds, which takes `seconds` from 0 to `last`. Who wants less motion gets one still picture after
// another, a second each: `whole` places only.
export function advanced(place, last, milliseconds, seconds, whole) {
  const next = whole ? place + milliseconds / 1000 : place + (last * milliseconds) / (1000 * seconds);
  return Math.min(last, next);
}

// The next whole place in either direction.
export function stepped(place, last, by) {
  return Math.min(last, Math.max(0, by > 0 ? Math.floor(place) + 1 : Math.ceil(place) - 1));
}

// The numbers of one moment at a place between two, such as 2.5, on the straight line from one to the other; those of `moments` moments
// follow each other in `numbers`.
export function atPlace(numbers, moments, place) {
  const count = numbers.length / moments;
  const before = Math.min(Math.floor(place), moments - 1);
  const row = (i) => numbers.subarray(i * count, (i + 1) * count);
  return mixed(row(before), row(Math.min(before + 1, moments - 1)), place - before);
}

export function mixed(first, second, share) {
  if (!share) return first;
  const between = new Float32Array(first.length);
  for (let i = 0; i < between.length; i++) between[i] = first[i] + share * (second[i] - first[i]);
  return between;
}
