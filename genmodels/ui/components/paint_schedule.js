// When a chart is drawn: at most once an animation frame, and never under the reader's hands.

export const CLICK_MS = 350; // plotly.js waits 300 ms for the second click; a redraw in between would make two single ones of it

export class PaintSchedule {
  held = false; // a pointer is down, or was just now: nothing is drawn under a drag or between two clicks

  constructor(paint) {
    this.paint = paint;
  }

  // An animation frame: nothing is drawn in a hidden tab, and what came meanwhile is drawn at once when it is shown again.
  request() {
    if (this.held || this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      if (!this.held) this.paint();
    });
  }

  hold() {
    clearTimeout(this.releasing);
    this.held = true;
  }

  release() {
    if (!this.held) return;
    clearTimeout(this.releasing);
    this.releasing = setTimeout(() => {
      this.held = false;
      this.request();
    }, CLICK_MS);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.releasing);
  }
}
