// The browser's half of genmodels/ui/components/browser_token.py: a random token that stays with this browser, over reloads and for all tabs.

import { onceAtRest } from "./page_change.js";

const PLACE = "genmodels:token";
const BYTES = 32;

let unkept; // where nothing may be kept, it lasts as long as the page

function token() {
  const made = () => Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const kept = localStorage.getItem(PLACE) ?? made();
    localStorage.setItem(PLACE, kept);
    return kept;
  } catch {
    unkept ??= made();
    return unkept;
  }
}

export default ({ setStateValue }) => onceAtRest(() => setStateValue("token", token()));
