// The browser's half of genmodels/ui/components/clickable_grid.py.

import { element, mount } from "./common.js";
import { cellAt } from "./hit_test.js";
import { steer } from "./keys.js";
import { word } from "./words.js";

class ClickableGrid {
  constructor(parent) {
    this.image = element("img");
    this.frame = element("span", { className: "frame" });
    this.said = element("span", { className: "heard", role: "status" });
    this.root = element("div", { className: "clickable-grid", role: "application" }, this.image, this.frame, this.said);
    this.root.dataset.testid = "clickable-grid";
    parent.append(this.root);
    this.root.addEventListener("pointermove", (event) => this.show(this.under(event)));
    this.root.addEventListener("click", (event) => this.press(this.under(event)));
    const moved = (place) => this.say(this.show(place), "");
    steer(this.root, { moved, acted: (place) => this.say(this.press(place), word(" pressed")) });
  }

  receive({ picture, columns, rows, alt }, component) {
    this.component = component;
    Object.assign(this, { columns, rows });
    if (picture !== this.image.src) this.image.src = picture;
    this.image.alt = alt;
    this.root.ariaLabel = `${alt}. ${word("Arrows move a frame from image to image, Enter presses the one in it.")}`;
  }

  under({ clientX, clientY }) {
    const { left, top, width, height } = this.image.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  // The frame, around the image at a place, whose column and row are returned.
  show(place) {
    const [column, row] = cellAt(place, this.columns, this.rows);
    const { columns, rows } = this;
    const box = { left: column / columns, top: row / rows, width: 1 / columns, height: 1 / rows };
    for (const [side, share] of Object.entries(box)) this.frame.style[side] = `${100 * share}%`;
    return [column, row];
  }

  press(place) {
    const [column, row] = this.show(place);
    this.component.setTriggerValue("pressed", row * this.columns + column);
    return [column, row];
  }

  say([column, row], what) {
    this.said.textContent = word("Row {row}, column {column}", { row: row + 1, column: column + 1 }) + what;
  }

  destroy() {
    this.root.remove();
  }
}

export default mount(ClickableGrid, "clickable_grid.css", "heard.css");
