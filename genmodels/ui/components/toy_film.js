// The film of a training on the plane as toy_player.py sends it: its moments, and what lies between two of them.

import { atPlace, mixed } from "./playing.js";

const KINDS = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, int32: Int32Array, float32: Float32Array };

export function unpack({ kind, bytes }) {
  return new KINDS[kind](Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)).buffer);
}

// Adds what a message has to the moments, {name: numbers} each; a full one begins anew.
export function append(moments, { start, end, film, moments: packed }) {
  const kept = film ? [] : moments.slice(0, start);
  if (!packed) return kept;
  const columns = Object.entries(packed).map(([name, column]) => [name, unpack(column)]);
  const part = (numbers, i) => numbers.subarray((i * numbers.length) / (end - start), ((i + 1) * numbers.length) / (end - start));
  for (let i = 0; i < end - start; i++) kept.push(Object.fromEntries(columns.map(([name, numbers]) => [name, part(numbers, i)])));
  return kept;
}

// The numbers of one name at a place between two moments, such as 2.5, on the straight line from one to the other.
export function between(moments, name, place) {
  const before = Math.floor(place);
  return mixed(moments[before][name], moments[Math.min(before + 1, moments.length - 1)][name], place - before);
}

// The `count` numbers at time t from 0 to 1, of `times` times that follow each other in `numbers`.
export function atTime(numbers, times, t) {
  return atPlace(numbers, times, t * (times - 1));
}
