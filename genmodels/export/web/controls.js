import { label, say } from "./words.js";

export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

export function button(key, press) {
  const made = say(make("button"), key);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** A slider with its name, `[key, values]` of a text, and its value; `set(value, max)` moves it without a word to `changed`. */
export function slider([key, values], { min, max, step, value, changed }) {
  const input = make("input");
  Object.assign(input, { type: "range", min, max, step, value });
  label(input, key, values); // without its value, which a screen reader reads after it
  input.dir = "ltr"; // less is on the left, as on an axis
  const shown = make("output");
  const show = () => {
    say(shown, "number", { n: Number(input.value) });
  };
  input.addEventListener("input", () => {
    show();
    changed(Number(input.value));
  });
  const element = make("label", "slider", say(make("span"), key, values), shown, input);
  const set = (given, most = max) => {
    input.max = most;
    input.value = given;
    show();
  };
  set(value);
  return { element, set };
}

/** A list to choose from; each option is text as it stands, or `[key]` of one. */
export function choice(key, options, chosen, changed) {
  const select = make("select");
  options.forEach((option, index) => {
    const entry = typeof option === "string" ? make("option", "", option) : say(make("option"), ...option);
    entry.value = index;
    select.append(entry);
  });
  select.value = chosen;
  select.addEventListener("change", () => changed(Number(select.value)));
  const set = (index) => {
    select.value = index;
  };
  return { element: make("label", "choice", say(make("span"), key), select), set };
}
