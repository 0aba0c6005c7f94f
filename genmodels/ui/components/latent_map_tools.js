// The tools of a latent map, in plotly.js's bar.

import { TOUCH } from "./common.js";
import { tools, word } from "./words.js";

// The selecting modes of plotly.js look at all points at every move of the pointer, and it does not have ours. So these are its modes for drawing
// shapes, which draw an outline alone, and we find out what lies inside.
export const LASSO = "drawclosedpath";
export const BOX = "drawrect";
export const LEAD = false; // a mode in which plotly.js does nothing by itself

// plotly.js's config with the button `picture`, and those of what can be done: "select", "lead".
export function config(able, picture) {
  const button = (title, icon, val) => ({
    ...{ name: title, title, icon: Plotly.Icons[icon], attr: "dragmode", val },
    click: (plot) => Plotly.relayout(plot, "dragmode", val),
  });
  const modes = {
    select: [button(word("Lasso select"), "lasso", LASSO), button(word("Box select"), "selectbox", BOX)],
    lead: [button(word("Decode where the pointer is dragged"), "spikeline", LEAD)],
  };
  return {
    ...tools(),
    displayModeBar: TOUCH ? true : "hover",
    displaylogo: false,
    showAxisDragHandles: false, // there are no axes to drag, and a lasso may begin at the edge
    doubleClick: "autosize",
    modeBarButtons: [[picture, ...able.flatMap((action) => modes[action]), "zoom2d", "pan2d", "autoScale2d"]],
  };
}
