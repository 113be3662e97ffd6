// SPDX-License-Identifier: Apache-2.0
// Dark and light: as the system has it, until somebody says otherwise.
import { choose, setting } from "./settings.js";

const CHOICES = ["", "light", "dark"];
const NAMES = { "": "System", light: "Light", dark: "Dark" };
const ICONS = { "": "#icon-system", light: "#icon-light", dark: "#icon-dark" };

function current() {
  return CHOICES.includes(setting("theme")) ? setting("theme") : "";
}

function apply() {
  if (current()) document.documentElement.dataset.theme = current();
  else delete document.documentElement.dataset.theme;
}

function label(button) {
  const name = NAMES[current()];
  button.querySelector("use").setAttribute("href", ICONS[current()]);
  button.querySelector("span").textContent = name;
  button.setAttribute("aria-label", `Colours: ${name}`);
  button.title = current() ? `Colours: ${name}` : "Colours: as the system has them";
}

export function setUpTheme(button) {
  label(button);
  button.addEventListener("click", () => {
    choose("theme", CHOICES[(CHOICES.indexOf(current()) + 1) % CHOICES.length]);
    apply();
    label(button);
  });
}

apply();
