// What our components say by themselves, in the language of the page.

let known = {}; // English -> the page's language
let language = "en";
let fromRight = false; // whether it is read so

// `given` are the words of one component, in a language; none are in English, which needs none.
export function speak(given) {
  if ((given?.language ?? "en") !== language) known = {};
  language = given?.language ?? "en";
  fromRight = given?.direction === "rtl";
  Object.assign(known, given?.texts);
}

export const spoken = () => language;

// A text with its {places} filled.
export function word(text, values = {}) {
  return (known[text] ?? text).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

// A text on a chart, which is laid out from the left, in the direction of the language: "D at equilibrium" begins with D in each.
export const directed = (text) => (fromRight && text ? `\u2067${text}\u2069` : text);

// Draws the Latin digits of plotly.js, which knows no others, as those of the language: language/typeface.py.
const DIGITS = "GenmodelsDigits";

// The typefaces of an axis.
export const tickFont = (size, family) => (fromRight ? { size, family: `${DIGITS}, ${family}` } : { size });

// A place for a number in a template of plotly.js.
export const numeral = (place) => (fromRight ? `<span style="font-family: ${DIGITS}, sans-serif">${place}</span>` : place);

// What plotly.js is to call the tools that it draws itself.
export function tools() {
  if (language === "en") return {};
  const dictionary = { Zoom: word("Zoom"), Pan: word("Pan"), Autoscale: word("Autoscale") };
  return { locale: language, locales: { [language]: { dictionary, format: {} } } };
}

// A number as the language writes it.
export function figure(value, digits) {
  return new Intl.NumberFormat(language, digits).format(value);
}
