// Many small shapes in an array of pixels. A canvas takes a microsecond and more for each shape that it is asked for, and plotly.js without a
// GPU far more; here a point costs as much as the few pixels that it covers, so that 70,000 of them move under a hand.

const FINE = 4; // places within a pixel, along each axis, for which a shape is kept
const SAMPLES = 4; // of a pixel, along each axis: the share of them that lies inside is how much of it is covered

// Shapes around (0, 0): how far they reach, and whether they cover a place.
export const disc = (diameter) => ({
  name: `disc ${diameter}`,
  reach: diameter / 2,
  covers: (x, y) => Math.hypot(x, y) <= diameter / 2,
});
export const diamond = (radius, line) => ({
  name: `diamond ${radius} ${line}`,
  reach: radius + line,
  covers: (x, y) => Math.abs(Math.abs(x) + Math.abs(y) - radius) <= line * Math.SQRT1_2,
});
export const cross = (radius, line) => ({
  name: `cross ${radius} ${line}`,
  reach: radius,
  covers: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= radius && Math.abs(Math.abs(x) - Math.abs(y)) <= line * Math.SQRT1_2,
});

export class Dots {
  known = new Map(); // name of a shape -> what `ready` found

  // A picture of `width` x `height` pixels, in the middle of one with a margin around it, within which the shapes at its edges are drawn whole.
  constructor(width, height, margin) {
    Object.assign(this, { width, height, margin, across: width + 2 * margin, down: height + 2 * margin });
    this.bytes = new Uint8ClampedArray(4 * this.across * this.down); // red, green, blue, opacity, as ImageData has them
    this.pixels = new Int32Array(this.bytes.buffer);
  }

  clear() {
    this.pixels.fill(0);
  }

  // A shape as `put` takes it: the pixels that it covers, by their distance in the array, and how much of each, at every place within a pixel.
  ready({ name, reach, covers }) {
    if (!this.known.has(name)) {
      const far = Math.ceil(reach) + 1;
      const places = Array.from({ length: FINE ** 2 }, (_, i) => this.covered(covers, far, (i % FINE) / FINE, Math.floor(i / FINE) / FINE));
      const { steps, shares } = this.covered(covers, far, 0.5, 0.5);
      const solid = steps.filter((_, i) => shares[i] >= 128);
      this.known.set(name, { spare: this.margin - far, places, solid });
    }
    return this.known.get(name);
  }

  covered(covers, far, x, y) {
    const [steps, shares] = [[], []];
    for (let row = -far; row <= far; row++) {
      for (let column = -far; column <= far; column++) {
        let inside = 0;
        for (let i = 0; i < SAMPLES ** 2; i++) {
          const [right, below] = [((i % SAMPLES) + 0.5) / SAMPLES, (Math.floor(i / SAMPLES) + 0.5) / SAMPLES];
          inside += covers(column + right - x, row + below - y);
        }
        if (inside) {
          steps.push(row * this.across + column);
          shares.push(Math.round((255 * inside) / SAMPLES ** 2));
        }
      }
    }
    return { steps: Int32Array.from(steps), shares: Uint8Array.from(shares) };
  }

  // A shape at a place in pixels; what is not in the picture, or no number, is left out. `colour` is blue, green and red in one number.
  put(x, y, shape, colour, opacity) {
    if (!this.hasRoom(x, y, shape)) return;
    const [column, row] = [Math.round(x * FINE), Math.round(y * FINE)];
    const { steps, shares } = shape.places[(row & (FINE - 1)) * FINE + (column & (FINE - 1))];
    const most = Math.round(256 * opacity);
    const start = (Math.floor(row / FINE) + this.margin) * this.across + Math.floor(column / FINE) + this.margin;
    for (let i = 0; i < steps.length; i++) this.blend(start + steps[i], colour, (shares[i] * most) >> 8);
  }

  // The same, faster, with steps for its edges and nothing seen through it.
  stamp(x, y, shape, colour, opacity) {
    if (!this.hasRoom(x, y, shape)) return;
    const { pixels } = this;
    const { solid } = shape;
    const painted = (Math.round(255 * opacity) << 24) | colour;
    const start = (Math.floor(y) + this.margin) * this.across + Math.floor(x) + this.margin;
    for (let i = 0; i < solid.length; i++) pixels[start + solid[i]] = painted;
  }

  hasRoom(x, y, { spare }) {
    return x >= -spare && x <= this.width + spare && y >= -spare && y <= this.height + spare;
  }

  // The colour, with an opacity up to 255, over what is there (Porter & Duff 1984, "over"; the opacity of a pixel is not multiplied into its
  // colour). In whole numbers, red and blue at once: this is where the time of a map is spent.
  blend(at, colour, opacity) {
    const under = this.pixels[at];
    const below = under >>> 24;
    if (below === 0 || opacity === 255) {
      this.pixels[at] = (opacity << 24) | colour;
      return;
    }
    const whole = opacity + (((below * (255 - opacity) + 128) * 257) >> 16);
    const share = ((opacity << 8) / whole) | 0;
    const rest = 256 - share;
    const redAndBlue = (((colour & 0xff00ff) * share + (under & 0xff00ff) * rest) >>> 8) & 0xff00ff;
    const green = (((colour & 0x00ff00) * share + (under & 0x00ff00) * rest) >>> 8) & 0x00ff00;
    this.pixels[at] = (whole << 24) | redAndBlue | green;
  }
}
