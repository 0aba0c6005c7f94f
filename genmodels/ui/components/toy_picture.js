// What is drawn of a training on the plane, each on a canvas's context whose unit is the plane's and whose y goes up.

const WAYS = 40; // so many of the particles' ways, for more hide each other
const ARROW = { shortest: 0.02, longest: 0.5, head: 0.1 }; // lengths in the plane
const POINT = { particle: 0.055, target: 0.03 };

// Begins a picture of [-extent, extent] in both directions; `line` is how wide a pixel of the screen is there.
export function begin(context, extent) {
  const { width, height } = context.canvas;
  context.reset();
  context.scale(width / (2 * extent), -height / (2 * extent));
  context.translate(extent, -extent);
  context.lineCap = "round";
}

export function drawPoints(context, places, units, colour, { size = POINT.particle, alpha = 1 } = {}) {
  Object.assign(context, { fillStyle: colour, globalAlpha: alpha });
  context.beginPath();
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = [places[i] / units, places[i + 1] / units];
    context.moveTo(x + size, y);
    context.arc(x, y, size, 0, 2 * Math.PI);
  }
  context.fill();
}

export function drawTarget(context, places, units, colour) {
  drawPoints(context, places, units, colour, { size: POINT.target, alpha: 0.35 });
}

// The ways of the first particles, (times, particles, 2): what lies behind them at time t is darker than what is to come.
export function drawWays(context, ways, times, t, units, colour) {
  const particles = ways.length / times / 2;
  const reached = t * (times - 1);
  const at = (time, i) => [0, 1].map((axis) => ways[2 * (time * particles + i) + axis] / units);
  Object.assign(context, { strokeStyle: colour, lineWidth: 0.02 });
  for (const [alpha, from, to] of [
    [0.2, Math.floor(reached), times - 1],
    [0.65, 0, Math.ceil(reached)],
  ]) {
    context.globalAlpha = alpha;
    context.beginPath();
    for (let i = 0; i < Math.min(WAYS, particles); i++) {
      context.moveTo(...at(from, i));
      for (let time = from + 1; time <= to; time++) context.lineTo(...at(time, i));
    }
    context.stroke();
  }
}

// An arrow at each of the places, `scale` times as long as its velocity, but never so long that it hides others.
export function drawArrows(context, places, velocities, units, colour, scale) {
  Object.assign(context, { strokeStyle: colour, lineWidth: 0.022, globalAlpha: 0.45 });
  context.beginPath();
  for (let i = 0; i < places.length; i += 2) {
    const [dx, dy, length] = arrow(velocities[i] / units, velocities[i + 1] / units, scale);
    if (length < ARROW.shortest) continue;
    const [x, y] = [places[i] / units, places[i + 1] / units];
    const head = Math.min(ARROW.head, length / 2) / length;
    context.moveTo(x, y);
    context.lineTo(x + dx, y + dy);
    for (const side of [-0.6, 0.6]) {
      context.moveTo(x + dx, y + dy);
      context.lineTo(x + dx - head * (dx - side * dy), y + dy - head * (dy + side * dx));
    }
  }
  context.stroke();
}

// [dx, dy, length] in the plane.
export function arrow(vx, vy, scale) {
  const speed = Math.hypot(vx, vy);
  const length = Math.min(scale * speed, ARROW.longest);
  return speed ? [(length * vx) / speed, (length * vy) / speed, length] : [0, 0, 0];
}

// The discriminator's answers, shades from 0 to 255 on a grid of side², its first row the lowest: the colour of what it takes for generated or
// for real, the stronger the surer it is.
export function drawSurface(context, shades, extent, generated, real) {
  const side = Math.sqrt(shades.length);
  const cell = (2 * extent) / (side - 1); // the outermost cells are cut by the edge, on which their middle lies
  for (const [i, shade] of shades.entries()) {
    const sure = shade / 127.5 - 1;
    Object.assign(context, { fillStyle: sure < 0 ? generated : real, globalAlpha: 0.45 * Math.abs(sure) });
    context.fillRect(-extent + (Math.floor(i % side) - 0.5) * cell, -extent + (Math.floor(i / side) - 0.5) * cell, cell, cell);
  }
}

// The places (side², 2) of a square grid, in rows from the bottom to the top, in units.
export function gridPlaces(count, extent, units) {
  const side = Math.sqrt(count);
  const line = (i) => units * extent * ((2 * i) / (side - 1) - 1);
  return Float32Array.from({ length: 2 * count }, (_, i) => line(i % 2 ? Math.floor(i / 2 / side) : Math.floor(i / 2) % side));
}
