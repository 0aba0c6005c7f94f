// What is drawn on the pad, and how it is undone.

export class Drawing {
  strokes = []; // each a list of points, [x, y] as shares of the pad
  before = undefined; // the picture that was drawn before this pad was mounted, one step of Undo
  growing = false; // whether the last stroke is still being drawn

  begin(point) {
    this.strokes.push([point]);
    this.growing = true;
  }

  // Ignored once the stroke was ended, by Undo for one, which another finger may press meanwhile.
  extend(point) {
    if (this.growing) this.strokes.at(-1).push(point);
  }

  end() {
    this.growing = false;
  }

  undo() {
    this.end();
    if (!this.strokes.pop()) this.before = undefined;
  }

  clear() {
    this.end();
    this.strokes = [];
    this.before = undefined;
  }

  get steps() {
    return this.strokes.length + (this.before ? 1 : 0);
  }
}

// Lets a canvas's context, or whatever takes its calls, draw a stroke: curves from middle to middle of the measured points, which are their
// corners; smooth however fast the pointer went.
export function trace(context, stroke) {
  context.beginPath();
  context.moveTo(...stroke[0]);
  for (const [i, [x, y]] of stroke.slice(1).entries()) {
    const [cornerX, cornerY] = stroke[i];
    context.quadraticCurveTo(cornerX, cornerY, (cornerX + x) / 2, (cornerY + y) / 2);
  }
  const [x, y] = stroke.at(-1);
  context.lineTo(x + 1e-3, y); // a line without length would not be drawn, and a tap makes a dot
  context.stroke();
}
