import { label, say } from "./words.js";

const SIZE = 720; // pixels of the canvas; CSS makes it as wide as the page allows
const MARGIN = 24;
const NEAR = 18; // pixels within which a point is meant
const PACE = 12; // pixels that an arrow key moves the place by

/** The codes of test images on the plane of their principal axes. A place that is pressed, or reached by arrow keys, is decoded. */
export function latentMap({ map, side }, take) {
  const canvas = document.querySelector("#map .plane");
  const pointed = document.querySelector("#map .pointed");
  const about = document.querySelector("#map .about");
  const pictures = document.querySelector("#map input");
  const context = canvas.getContext("2d");
  const [left, right] = bounds(map.points.map(([x]) => x));
  const [bottom, top] = bounds(map.points.map(([, y]) => y));
  const scale = Math.min((SIZE - 2 * MARGIN) / (right - left), (SIZE - 2 * MARGIN) / (top - bottom));
  const to = ([x, y]) => [SIZE / 2 + scale * (x - (left + right) / 2), SIZE / 2 - scale * (y - (bottom + top) / 2)];
  const from = ([x, y]) => [(x - SIZE / 2) / scale + (left + right) / 2, (SIZE / 2 - y) / scale + (bottom + top) / 2];
  const places = map.points.map(to);
  const sheet = new Image();
  let cursor = null;

  function draw() {
    context.clearRect(0, 0, SIZE, SIZE);
    const taken = new Set();
    places.forEach(([x, y], index) => {
      const cell = `${Math.floor(x / side)}:${Math.floor(y / side)}`;
      if (pictures.checked && !taken.has(cell)) {
        taken.add(cell); // one picture a place, or none could be seen
        context.drawImage(sheet, ...corner(index), side, side, x - side / 2, y - side / 2, side, side);
      } else if (!pictures.checked) {
        context.fillStyle = map.colours[map.labels ? map.labels[index] : 0];
        context.fillRect(x - 2, y - 2, 4, 4);
      }
    });
    if (!cursor) return;
    for (const [width, colour] of [
      [4, "#fff"],
      [2, "#000"],
    ]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      context.arc(...cursor, 9, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  const corner = (index) => [(index % map.columns) * side, Math.floor(index / map.columns) * side];

  function nearest([x, y]) {
    let [found, least] = [-1, NEAR ** 2];
    places.forEach(([px, py], index) => {
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) [found, least] = [index, distance];
    });
    return found;
  }

  function tell(place) {
    const index = nearest(place);
    if (index < 0) return say(about, "map_about");
    pointed.getContext("2d").drawImage(sheet, ...corner(index), side, side, 0, 0, side, side);
    if (!map.labels) return say(about, "map_image", { n: index });
    return say(about, "map_point", { n: index, name: map.classes[map.labels[index]] });
  }

  function decode(place) {
    cursor = place.map((value) => Math.min(SIZE, Math.max(0, value)));
    const [u, v] = from(cursor);
    take(map.origin.map((value, d) => value + u * map.axes[0][d] + v * map.axes[1][d]));
    tell(cursor);
    draw();
  }

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * SIZE) / box.width, ((event.clientY - box.top) * SIZE) / box.height];
  };
  canvas.width = canvas.height = SIZE;
  pointed.width = pointed.height = side;
  canvas.addEventListener("pointermove", (event) => (event.buttons ? decode(at(event)) : tell(at(event))));
  canvas.addEventListener("pointerdown", (event) => decode(at(event)));
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const [x, y] = cursor ?? [SIZE / 2, SIZE / 2];
    decode([x + PACE * move[0], y + PACE * move[1]]);
  });
  pictures.addEventListener("change", draw);
  label(canvas, "map_keys");
  sheet.addEventListener("load", draw);
  sheet.src = map.sheet;
  draw();
}

function bounds(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high > low ? [low, high] : [low - 1, high + 1];
}
