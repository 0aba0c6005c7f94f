// Small shapes in an array of pixels.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cross, Dots, diamond, disc } from "../../genmodels/ui/components/dots.js";

const [RED, BLUE] = [0x0000ff, 0xff0000];

// The pixel of a picture, [red, green, blue, opacity].
function pixel({ bytes, across, margin }, x, y) {
  const at = 4 * ((y + margin) * across + x + margin);
  return [...bytes.slice(at, at + 4)];
}

// How much of the whole picture is covered, in pixels.
function covered({ bytes }) {
  return bytes.reduce((sum, value, i) => sum + (i % 4 === 3 ? value / 255 : 0), 0);
}

test("a disc covers its area, wherever within a pixel it is", () => {
  for (const x of [20, 20.25, 20.5, 20.9]) {
    const dots = new Dots(40, 40, 10);
    dots.put(x, 20.3, dots.ready(disc(8)), RED, 1);
    assert.ok(Math.abs(covered(dots) - Math.PI * 16) < 2);
    assert.deepEqual(pixel(dots, 20, 20), [255, 0, 0, 255]);
    assert.deepEqual(pixel(dots, 30, 20), [0, 0, 0, 0]);
  }
});

test("its middle of gravity is its place, to an eighth of a pixel", () => {
  const dots = new Dots(40, 40, 10);
  dots.put(20.6, 10.4, dots.ready(disc(6)), RED, 1);
  let [sum, x, y] = [0, 0, 0];
  for (let row = 0; row < 40; row++) {
    for (let column = 0; column < 40; column++) {
      const [, , , opacity] = pixel(dots, column, row);
      sum += opacity;
      x += opacity * (column + 0.5);
      y += opacity * (row + 0.5);
    }
  }
  assert.ok(Math.abs(x / sum - 20.6) <= 0.15);
  assert.ok(Math.abs(y / sum - 10.4) <= 0.15);
});

test("one colour over another is mixed by its opacity", () => {
  const dots = new Dots(20, 20, 10);
  const shape = dots.ready(disc(8));
  dots.put(10, 10, shape, RED, 1);
  dots.put(10, 10, shape, BLUE, 0.25);
  const [wine, , share, whole] = pixel(dots, 10, 10);
  assert.equal(whole, 255);
  assert.ok(Math.abs(wine - 191) < 2 && Math.abs(share - 64) < 3);
  dots.clear();
  dots.put(10, 10, shape, RED, 0.5);
  dots.put(10, 10, shape, BLUE, 0.5);
  const [red, , blue, opacity] = pixel(dots, 10, 10); // 0.5 of blue over 0.5 * 0.5 of red
  assert.ok(Math.abs(opacity - 191) < 2);
  assert.ok(Math.abs(red - 85) < 2 && Math.abs(blue - 170) < 2);
});

test("what lies over the edge is cut, and what is outside or no number is left out", () => {
  const dots = new Dots(20, 20, 10);
  const shape = dots.ready(disc(8));
  for (const [x, y] of [
    [NaN, 5],
    [5, Infinity],
    [-100, 5],
    [5, 1e9],
  ])
    dots.put(x, y, shape, RED, 1);
  assert.equal(covered(dots), 0);
  dots.put(0, 20, shape, RED, 1);
  assert.deepEqual(pixel(dots, 0, 19), [255, 0, 0, 255]);
});

test("a stamp covers what most of a shape does", () => {
  const dots = new Dots(20, 20, 10);
  dots.stamp(10.2, 10.7, dots.ready(disc(3)), RED, 0.5);
  assert.deepEqual(pixel(dots, 10, 10), [255, 0, 0, 128]);
  assert.ok(Math.abs(covered(dots) - Math.PI * 1.5 ** 2 * 0.5) < 1.5);
  dots.stamp(NaN, 10, dots.ready(disc(3)), BLUE, 1);
  assert.deepEqual(pixel(dots, 10, 10), [255, 0, 0, 128]);
});

test("a diamond and a cross are hollow where a disc is not", () => {
  const dots = new Dots(40, 40, 15);
  dots.put(20.5, 20.5, dots.ready(diamond(9, 2.5)), RED, 1);
  assert.equal(pixel(dots, 20, 20)[3], 0);
  assert.equal(pixel(dots, 29, 20)[3] > 100, true);
  dots.clear();
  dots.put(20.5, 20.5, dots.ready(cross(3, 1)), RED, 1);
  assert.equal(pixel(dots, 20, 20)[3] > 100, true);
  assert.equal(pixel(dots, 23, 20)[3], 0);
});
