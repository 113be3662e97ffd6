// SPDX-License-Identifier: Apache-2.0
// Quality and size: what can be chosen, and what comes of it for a picture on the screen.
import { choose, onChoice, setting } from "./settings.js";

const QUALITIES = [30, 50, 70, 85, 95];
const SIZES = [320, 640, 960, 1280, 1920];
// Tiles are of any width, but pictures only of these: who watches alike shares what is encoded.
const STEPS = [160, 240, 320, 480, 640, 800, 960, 1280, 1600, 1920, 2560, 3840];
const FULL = "full";

/** Pixels across that a picture of so many CSS pixels has use for. */
function needed(width) {
  const pixels = width * (window.devicePixelRatio || 1);
  return STEPS.find((step) => step >= pixels) ?? "";
}

/** Parameters of a picture in a tile: never more than it has use for. */
export function tileParameters(width) {
  const fitting = needed(width);
  const chosen = Number(setting("size"));
  return { quality: setting("quality"), width: chosen > 0 ? Math.min(chosen, fitting || chosen) : fitting };
}

/** Parameters of the picture that one looks at. */
export function largeParameters(width) {
  const chosen = setting("size");
  return { quality: setting("quality"), width: chosen === "" ? needed(width) : chosen === FULL ? "" : chosen };
}

/** Parameters of one that is saved: of full size. */
export function snapshotParameters() {
  return { quality: setting("quality") };
}

function fill(select, options) {
  const entries = options.map(([value, text]) => {
    const option = document.createElement("option");
    option.value = value;
    option.textContent = text;
    return option;
  });
  select.replaceChildren(...entries);
}

function follow(select, name) {
  select.value = setting(name);
  if (select.selectedIndex < 0) select.value = ""; // chosen where there was more to choose from
  if (select.value !== setting(name)) choose(name, select.value);
}

export function setUpChoices(quality, size) {
  fill(size, [["", "Automatic"], ...SIZES.map((each) => [`${each}`, `${each} px wide`]), [FULL, "Full size"]]);
  follow(size, "size");
  fill(quality, [["", "Automatic"], ...QUALITIES.map((each) => [`${each}`, `${each}`])]);
  quality.value = setting("quality");
  size.addEventListener("change", () => choose("size", size.value));
  quality.addEventListener("change", () => choose("quality", quality.value));
  onChoice((name) => name === "quality" && (quality.value = setting("quality")));
}

let offered = "";

/** Leaves the qualities that this server gives. */
export function offerQualities(select, { quality: [low, high] }) {
  if (offered === `${low} ${high}`) return;
  offered = `${low} ${high}`;
  const given = QUALITIES.filter((each) => each >= low && each <= high);
  fill(select, [["", "Automatic"], ...given.map((each) => [`${each}`, `${each}`])]);
  follow(select, "quality");
}
