// Columns and sets of points as latent_map.py packs them: binary, in base64.

// Of each part of a message.
export const unpackers = {
  points: ({ x, y, ...others }) => ({ x: numbers(x), y: numbers(y), ...others }),
  colours: ({ kinds, kind_of, values, label }) => (kinds ? { kinds, kindOf: bytes(kind_of) } : { values: numbers(values), label }),
  pictures: ({ facts, ...sheet }) => facts && { ...sheet, facts: facts.map(fact) },
  extra: ({ x, y, labels, name }) => x && { x: numbers(x), y: numbers(y), labels, name },
};

// What is told of each point: one of some names, or a number.
function fact({ title, names, of, values }) {
  return names ? { title, names, of: bytes(of) } : { title, values: numbers(values) };
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function numbers({ low, step, steps }) {
  return Float64Array.from(new Uint16Array(bytes(steps).buffer), (n) => (n === 65535 ? NaN : low + n * step));
}

// The points, ascending, whose bit is set.
export function indices(base64) {
  const packed = bytes(base64);
  return Array.from({ length: 8 * packed.length }, (_, i) => i).filter((i) => packed[i >> 3] & (1 << (i & 7)));
}

// The inverse of `indices`, for `count` points.
export function bits(selected, count) {
  const packed = new Uint8Array(Math.ceil(count / 8));
  for (const i of selected) packed[i >> 3] |= 1 << (i & 7);
  return btoa(String.fromCharCode(...packed));
}
