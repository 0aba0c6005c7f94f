/** Texts of the page in the language that is spoken now: an element keeps the key of its text, and is filled again in another language. */

const RIGHT_TO_LEFT = ["fa"];
let table = {};
let language = "en";

/** Speak the reader's language if the page has it, and have its buttons choose another. */
export function offerLanguages() {
  table = JSON.parse(document.querySelector("#words").textContent);
  const buttons = [...document.querySelectorAll("[data-language]")];
  const languages = buttons.map((each) => each.dataset.language);
  const wanted = location.hash.slice(1) || navigator.language.slice(0, 2);
  for (const each of buttons) each.addEventListener("click", () => speak(each.dataset.language, buttons));
  speak(languages.includes(wanted) ? wanted : "en", buttons);
}

function speak(chosen, buttons) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(chosen) ? "rtl" : "ltr";
  for (const each of buttons) each.setAttribute("aria-pressed", each.dataset.language === chosen);
  for (const link of document.querySelectorAll("a[href]:not([download])")) link.hash = chosen; // which the next page begins with
  for (const element of document.querySelectorAll("[data-word], [data-label]")) fill(element);
}

/** Have `element` say the text of `key`, with its {places} filled. */
export function say(element, key, values = {}) {
  element.dataset.word = key;
  element.dataset.values = JSON.stringify(values);
  fill(element);
  return element;
}

/** The same for what a screen reader calls it. */
export function label(element, key, values = {}) {
  element.dataset.label = key;
  element.dataset.labelValues = JSON.stringify(values);
  fill(element);
  return element;
}

function counted(number) {
  return typeof number === "number" ? number.toLocaleString(language, { maximumFractionDigits: 2 }) : number;
}

function fill(element) {
  const { word, values, label, labelValues } = element.dataset;
  if (word) element.textContent = text(word, JSON.parse(values ?? "{}"));
  if (label) element.setAttribute("aria-label", text(label, JSON.parse(labelValues ?? "{}")));
}

function text(key, values) {
  return table[key][language].replace(/\{(\w+)\}/g, (_, name) => counted(values[name]));
}
