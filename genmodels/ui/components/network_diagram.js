// The browser's half of genmodels/ui/components/network_diagram.py.

import { element, mount } from "./common.js";
import { outline, rows } from "./diagram_rows.js";
import { word } from "./words.js";

let diagrams = 0; // on this page: the radio buttons of each have a name of their own

class NetworkDiagram {
  group = `network-diagram-${diagrams++}`;

  constructor(parent) {
    // The share of a screen that is pictures is measured by their class (benchmarks/screens.py).
    this.root = element("fieldset", { className: "network-diagram picture" });
    this.root.dataset.testid = "network-diagram";
    this.said = element("p", { className: "heard", role: "status" });
    parent.append(this.root, this.said);
  }

  receive(data, component) {
    this.component = component;
    const drawn = outline(data);
    if (drawn !== this.drawn) this.build(data);
    this.drawn = drawn;
    for (const [i, { picture }] of data.boxes.entries()) if (this.pictures[i].src !== picture) this.pictures[i].src = picture;
  }

  build({ name, boxes, chosen }) {
    this.pictures = boxes.map(({ picture }) => element("img", { alt: "", hidden: !picture }));
    const nodes = boxes.map((box, i) => this.box(box, i, i === chosen));
    const legend = element("legend", {
      className: "heard",
      textContent: word("{name}: its layers in the order in which they run", { name }),
    });
    const lines = rows(boxes).map((row) => element("div", { className: "row" }, ...row.map((i) => nodes[i])));
    this.root.replaceChildren(legend, ...lines);
  }

  box({ title, lines, layer }, index, checked) {
    const text = [element("strong", { textContent: title }), ...lines.map((line) => element("small", { textContent: line }))];
    const inside = [this.pictures[index], element("span", {}, ...text)];
    if (!layer) return element("div", { className: "box" }, ...inside);
    const onchange = () => this.choose(index, title);
    const button = element("input", { type: "radio", name: this.group, value: index, checked, onchange });
    return element("label", { className: "box" }, button, ...inside);
  }

  choose(index, title) {
    this.said.textContent = `${title} is shown large.`;
    this.component.setStateValue("chosen", index);
  }

  destroy() {
    this.root.remove();
    this.said.remove();
  }
}

export default mount(NetworkDiagram, "network_diagram.css", "heard.css");
