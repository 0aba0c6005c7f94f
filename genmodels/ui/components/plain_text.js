// Text of others, such as the name of a run or of a folder's class, for plotly.js, which takes some tags and entities in text for its own.

export function plain(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
