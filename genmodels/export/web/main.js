import { drawing } from "./drawing.js";
import { flowing } from "./flowing.js";
import { latentMap } from "./map.js";
import { network } from "./network.js";
import { offerLanguages, SPOKEN, say } from "./words.js";

/** The page of a model: `ort` is ONNX Runtime; what the page is made of stands in it as JSON and as `parts`. */
export async function start(ort) {
  const record = JSON.parse(document.querySelector("#record").textContent);
  offerLanguages();
  history(record.history);
  const failed = (error, key = "failed") => {
    console.error(error);
    const state = say(document.querySelector("#state"), key);
    state.setAttribute("role", "alert");
    state.hidden = false;
  };
  addEventListener("unhandledrejection", ({ reason }) => failed(reason)); // of what a press began
  const { runtime, model } = globalThis.parts ?? {};
  if (!runtime || !model) return failed("A part of the page is missing.", "incomplete");
  try {
    const run = await network(ort, { runtime, model });
    for (const section of document.querySelectorAll("[data-needs-network]")) section.hidden = false;
    if (record.transport) {
      flowing(record, run);
    } else {
      const take = drawing(record, run);
      if (record.map) latentMap(record, take);
    }
    document.querySelector("#state").hidden = true;
  } catch (error) {
    failed(error);
  }
}

function history(frames) {
  const slider = document.querySelector("#history input");
  if (!slider) return;
  const show = () => {
    const frame = frames[Number(slider.value)];
    document.querySelector("#history img").src = frame.picture;
    say(document.querySelector("#history output"), "epoch", { n: frame.epoch });
    slider.setAttribute("aria-valuetext", document.querySelector("#history output").textContent);
  };
  slider.max = frames.length - 1;
  slider.value = frames.length - 1;
  slider.addEventListener("input", show);
  addEventListener(SPOKEN, show); // for who hears it, too
  show();
}
