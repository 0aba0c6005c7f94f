// Text for plotly.js, such as the name of a run or of a folder's class: it takes some tags and entities in text for its own, and draws all
// from the left.

import { directed } from "./words.js";

export function plain(text) {
  return directed(text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
}
