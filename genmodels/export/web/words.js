/** Texts of the page in the language that is spoken now: an element keeps the key of its text, or the text in each
 * language, and is filled again in another. */

/** The event after which all of the page is in another language. */
export const SPOKEN = "spoken";

let table = {};
let language = "";

/** Speak the language of the address or else of the reader, if the page has it, and have its buttons choose another. */
export function offerLanguages() {
  table = JSON.parse(document.querySelector("#words").textContent);
  const buttons = [...document.querySelectorAll("[data-language]")];
  const speakWanted = () => speak(wanted(buttons), buttons);
  for (const each of buttons) {
    each.addEventListener("click", () => {
      speak(each, buttons);
      location.replace(`#${language}`); // kept by a reload, a bookmark and a link; no step of its own for Back
    });
  }
  addEventListener("hashchange", speakWanted);
  speakWanted();
}

/** The button of the language to begin with: the first one's where none is asked for. */
function wanted(buttons) {
  const asked = [location.hash.slice(1), navigator.language.split("-")[0]];
  return asked.flatMap((code) => buttons.filter((each) => each.dataset.language === code))[0] ?? buttons[0];
}

function speak(chosen, buttons) {
  language = chosen.dataset.language;
  document.documentElement.lang = language;
  document.documentElement.dir = chosen.dir;
  for (const each of buttons) each.setAttribute("aria-pressed", each === chosen);
  for (const link of document.querySelectorAll("a[href]:not([download])")) link.hash = language; // which the next page begins with
  for (const element of document.querySelectorAll("[data-word], [data-told], [data-label]")) fill(element);
  dispatchEvent(new Event(SPOKEN));
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
  const { word, values, told, label, labelValues } = element.dataset;
  if (told) element.textContent = JSON.parse(told)[language];
  if (word) element.textContent = text(word, JSON.parse(values ?? "{}"));
  if (label) element.setAttribute("aria-label", text(label, JSON.parse(labelValues ?? "{}")));
}

function text(key, values) {
  return table[key][language].replace(/\{(\w+)\}/g, (_, name) => counted(values[name]));
}
