// The browser's half of genmodels/ui/components/live_curves.py, whose docstring tells the protocol.

import { Charts, element, mount, PLOTLY, TOUCH } from "./common.js";
import { append, empty, kindOf, summary } from "./curve_data.js";
import { layout, readerView, traces } from "./curve_figure.js";
import { Mark } from "./curve_mark.js";
import { pictureButton } from "./picture.js";
import { readTheme } from "./theme.js";
import { tools, word } from "./words.js";

const DRAG = { dragmode: TOUCH ? false : "zoom" };

// What the reader had made of each chart when it was taken off the page, by its token. Streamlit mounts a component anew when one comes back
// to its page, and when the message of a whole rerun is dropped because the next tick came before it was sent.
const views = new Map();

class Curves extends Charts {
  panels = [];
  rows = 0;

  constructor(parent) {
    super(parent, "curves", "curves");
  }

  get plots() {
    return this.panels.map(({ plot }) => plot);
  }

  receive(message, component) {
    if (message !== this.message) {
      this.message = message;
      this.root.style.setProperty("--height", `${message.height}px`);
      const kind = kindOf(message, this);
      this.follow(message.follows);
      if (kind === "known") return;
      if (kind === "gap") return this.resync(component);
      if (kind === "full") this.reset(message);
      this.append(message);
    }
    const theme = readTheme(this.root);
    if (theme.id !== this.theme?.id) for (const panel of this.panels) panel.dirty = true;
    this.theme = theme;
    this.draw();
  }

  reset({ token, panels }) {
    this.answered();
    for (const panel of this.panels) panel.points = empty(panel.spec);
    if (token === this.token) return; // the same curves once more: the charts stay, and their zoom with them
    this.clear();
    this.token = token;
    const seen = views.get(token) ?? [];
    this.panels = panels.map((spec, i) => {
      const plot = element("div", { className: "plot" });
      const figure = element("figure", {}, caption(spec), plot);
      this.root.append(figure);
      return { spec, figure, plot, mark: new Mark(figure, plot), dirty: true, points: empty(spec), view: seen[i] ?? {} };
    });
  }

  destroy() {
    if (this.plots.every(({ layout }) => layout)) views.set(this.token, this.plots.map(readerView));
    super.destroy();
  }

  append({ rows, end }) {
    for (const panel of this.panels) panel.dirty = append(panel.points, panel.spec, rows) || panel.dirty;
    this.rows = end;
  }

  moved(moment) {
    this.moment = moment;
    for (const { mark } of this.panels) mark.move(moment.x);
    this.root.dataset.x = moment.x;
  }

  paint() {
    for (const panel of this.panels.filter(({ dirty }) => dirty)) {
      const drawn = { ...layout(panel, this.theme, this.token, this.rows), ...DRAG };
      panel.config ??= this.config(panel.spec); // given another one, plotly.js would start over
      const first = !panel.plot.layout;
      Plotly.react(panel.plot, traces(panel, this.theme), drawn, panel.config);
      if (first) panel.mark.listen();
      panel.mark.move(this.moment?.x);
      this.labelTools(panel.plot, panel.spec.title);
      panel.figure.ariaLabel = summary(panel.spec, panel.points);
      panel.dirty = false;
    }
    Object.assign(this.root.dataset, { token: this.token, rows: this.rows }); // what is drawn, of what
  }

  config({ of, title, unit }) {
    const picture = pictureButton(() => [of ? `${of}: ${title}` : title, unit, this.theme]);
    return {
      ...tools(),
      displayModeBar: TOUCH ? false : "hover",
      displaylogo: false,
      doubleClick: "autosize", // not "reset", which knows no more than the view that the chart was drawn with
      modeBarButtons: [[picture, "zoom2d", "pan2d", "autoScale2d"]],
    };
  }
}

function caption({ title, unit, series }) {
  const text = (tag, textContent) => element(tag, { textContent });
  const helped = series.filter(({ help }) => help);
  const terms = helped.flatMap(({ label, help }) => [text("dt", label), text("dd", help)]);
  const mark = element("summary", { textContent: "?", ariaLabel: word("What {title} shows", { title }), title: word("What is this?") });
  const help = element("details", { hidden: !helped.length }, mark, element("dl", {}, ...terms));
  return element("figcaption", {}, title, text("small", unit), help);
}

export default mount(Curves, PLOTLY, "charts.css", "live_curves.css");
