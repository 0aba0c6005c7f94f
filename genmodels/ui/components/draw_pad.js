// The browser's half of genmodels/ui/components/draw_pad.py, whose docstring tells what is sent.

import { element, mount } from "./common.js";
import { Drawing, trace } from "./drawing.js";
import { steer } from "./keys.js";
import { word } from "./words.js";

const RESOLUTION = 448; // of the canvas, twice its size in CSS pixels
// lineWidth is a share of the pad: a digit that fills 20 of MNIST's 28 pixels has strokes of 2 to 3.
const CHALK = { strokeStyle: "white", lineWidth: 0.085, lineCap: "round", lineJoin: "round" };
const BRUSH = { ...CHALK, strokeStyle: "#f58518", lineWidth: 0.16 }; // TINT in conditional/mask_picker.py

class DrawPad {
  drawing = new Drawing();

  constructor(parent) {
    this.canvas = element("canvas", { width: RESOLUTION, height: RESOLUTION, role: "application" });
    this.cross = element("span", { className: "cross" });
    const board = element("div", { className: "board" }, this.canvas, this.cross);
    this.undo = element("button", { type: "button", textContent: word("Undo"), onclick: () => this.takeBack() });
    this.clear = element("button", { type: "button", textContent: word("Clear"), onclick: () => this.wipe() });
    const buttons = element("div", { className: "buttons", role: "toolbar", ariaLabel: word("What is drawn") }, this.undo, this.clear);
    this.root = element("div", { className: "draw-pad" }, board, buttons);
    this.root.dataset.testid = "draw-pad";
    parent.append(this.root);
    this.canvas.addEventListener("pointerdown", (event) => this.start(event));
    this.canvas.addEventListener("pointermove", (event) => this.go(event));
    this.canvas.addEventListener("pointerup", (event) => this.end(event));
    this.canvas.addEventListener("pointercancel", (event) => this.end(event));
    steer(this.canvas, { moved: (place) => this.steered(place), acted: (place) => this.press(place) });
    this.canvas.addEventListener("blur", () => this.lift());
  }

  receive({ side, picture, under }, component) {
    this.component = component;
    this.canvas.style.backgroundImage = under && `url(${under})`;
    this.tool = under ? BRUSH : CHALK;
    if (this.side) return; // what comes later is what this pad itself has sent
    this.side = side;
    if (picture) this.drawing.before = element("img", { src: picture, onload: () => this.show() });
    this.show();
  }

  start(event) {
    if (this.pointer !== undefined || event.button) return; // one pointer draws at a time; a palm beside the pen does not
    this.lift();
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing.begin(this.place(event));
    this.show();
  }

  go(event) {
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.drawing.extend(this.place(each));
    this.show();
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.drawing.end();
    this.send();
  }

  place({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  // With the keyboard: Enter or Space puts the chalk down or lifts it, and the arrows move it.
  press(place) {
    if (this.pointer !== undefined) return;
    if (this.down) return this.lift();
    this.down = true;
    this.drawing.begin(place);
    this.steered(place);
  }

  steered(place) {
    [this.cross.style.left, this.cross.style.top] = place.map((at) => `${100 * at}%`);
    if (!this.down) return;
    this.drawing.extend(place);
    this.show();
  }

  lift() {
    if (!this.down) return;
    this.down = false;
    this.drawing.end();
    this.send();
  }

  takeBack() {
    this.drawing.undo();
    this.send();
  }

  wipe() {
    this.drawing.clear();
    this.send();
  }

  show() {
    const { steps } = this.drawing;
    draw(this.canvas, this.drawing, this.tool);
    this.canvas.ariaLabel = steps ? word("Your drawing") : word("Nothing is drawn yet: draw here with mouse, pen or finger");
    this.canvas.ariaLabel += `. ${word("With the keyboard: arrows move the chalk, Enter puts it down or lifts it.")}`;
    this.undo.disabled = this.clear.disabled = !steps;
    this.root.dataset.strokes = steps;
  }

  send() {
    this.show();
    const small = element("canvas", { width: this.side, height: this.side });
    draw(small, this.drawing, this.tool);
    this.component.setStateValue("picture", this.drawing.steps ? small.toDataURL("image/png") : "");
  }

  destroy() {
    this.root.remove();
  }
}

function draw(canvas, { before, strokes }, tool) {
  const context = canvas.getContext("2d");
  context.reset();
  context.scale(canvas.width, canvas.height);
  if (before?.complete) context.drawImage(before, 0, 0, 1, 1);
  Object.assign(context, tool);
  for (const stroke of strokes) trace(context, stroke);
}

export default mount(DrawPad, "draw_pad.css");
