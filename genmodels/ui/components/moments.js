// The moment that the reader looks at. The component that has the slider tells it to those beside it that show the same moment, without the
// server, which would take longer than a hand waits.

const last = new Map(); // film -> its moment
const followers = new Map(); // film -> who wants to be told

export function tell(film, moment) {
  last.set(film, moment);
  for (const told of followers.get(film) ?? []) told(moment);
}

// Calls `told` with the present moment of a film, if there is one, and with each that comes; what it returns ends that.
export function follow(film, told) {
  if (!followers.has(film)) followers.set(film, new Set());
  followers.get(film).add(told);
  if (last.has(film)) told(last.get(film));
  return () => followers.get(film).delete(told);
}
