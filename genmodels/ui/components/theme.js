// How charts look like the app around them.

// Streamlit's theme, which components get as --st-* properties; `id` changes with it.
export function readTheme(node) {
  const style = getComputedStyle(node);
  const get = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const hues = ["blue", "orange", "green", "violet", "red", "yellow", "gray"];
  const theme = { text: get("text-color"), paper: get("background-color"), grid: get("border-color-light"), font: get("font") };
  for (const hue of hues) theme[hue] = get(`${hue}-color`);
  return { ...theme, id: JSON.stringify(theme) };
}

// What all charts look alike in: the parts of plotly.js's layout that come from the theme.
export function themed(theme) {
  return {
    font: { family: theme.font, color: theme.text, size: 12 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 8, r: 8, t: 8, b: 8 },
    hoverlabel: { bgcolor: theme.paper, bordercolor: theme.grid, font: { color: theme.text, size: 12 } },
    showlegend: true,
    legend: { orientation: "h", yref: "container", y: 0, yanchor: "bottom", font: { size: 11 }, bgcolor: "rgba(0,0,0,0)", entrywidth: 0 }, // each as wide as its words
    modebar: { bgcolor: theme.paper, color: theme.text, activecolor: theme.blue },
  };
}
