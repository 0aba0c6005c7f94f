// What a pointer does on a picture, for those who have a keyboard: the arrows move a cross, other keys act where it is.

const STEP = 1 / 28; // of the picture's side: a pixel of MNIST; a fifth of it with Alt
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// `node` takes the focus. moved(place, event) is called with the cross as [x, y], shares of the picture, (0, 0) at its top left, and
// acted(place, event) when Enter or Space is pressed there.
export function steer(node, { moved, acted }, signal) {
  let place = [0.5, 0.5];
  node.tabIndex = 0;
  node.addEventListener(
    "keydown",
    (event) => {
      if (event.target !== node) return; // a button inside has keys of its own
      if (event.ctrlKey || event.metaKey) return; // the shortcuts of browsers and screen readers
      const arrow = ARROWS[event.key];
      if (!arrow && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // which would scroll the page
      event.stopPropagation();
      if (!arrow) return event.repeat || acted(place, event);
      const step = event.altKey ? STEP / 5 : STEP;
      place = place.map((at, i) => Math.min(1, Math.max(0, at + step * arrow[i])));
      moved(place, event);
    },
    { signal },
  );
}
