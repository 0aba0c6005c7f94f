// A chart as a picture to take away, which says by itself what it shows.

import { plain } from "./plain_text.js";
import { word } from "./words.js";

export const SIZE = { width: 800, height: 500, scale: 2 }; // pixels, and how many times as many the file has
const [LINE, LINE_HEIGHT] = [/.{1,85}(\s|$)|.{1,85}/gu, 21]; // of the title: what fits in one, and pixels

// What plotly.js's downloadImage is given: the chart with `title` above it, on the theme's paper, over `images` if it has any that plotly.js does
// not know, and the file's name and size.
export function picture({ data, layout }, title, unit, theme, images = []) {
  const lines = title.match(LINE) ?? [];
  const named = {
    ...layout,
    title: { text: lines.map((line) => plain(line.trim())).join("<br>"), x: 0.02, y: 0.97, yanchor: "top", font: { size: 16 } },
    margin: { l: 16, r: 16, t: 48 + LINE_HEIGHT * Math.max(0, lines.length - 1), b: 16 },
    yaxis: { ...layout.yaxis, ...(unit && { title: { text: plain(unit), standoff: 8 } }) },
    paper_bgcolor: theme.paper,
    images,
    modebar: undefined,
  };
  for (const size of ["width", "height", "autosize"]) delete named[size]; // those of the page
  return [
    { data, layout: named },
    { format: "png", ...SIZE, filename: fileName(title) },
  ];
}

function fileName(title) {
  return title.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "");
}

// The button of the mode bar; `given(plot)` is [title, unit, theme], and images if there are any.
export function pictureButton(given) {
  const title = word("Download as PNG");
  const click = (plot) => Plotly.downloadImage(...picture(plot, ...given(plot)));
  return { name: title, title, icon: Plotly.Icons.camera, click };
}
