// SPDX-License-Identifier: Apache-2.0
// Saving the picture of the moment, in full size, under a name that says of what and when.
import { address } from "./address.js";
import { snapshotParameters } from "./choices.js";
import { here } from "./clock.js";
import { ask, within } from "./http.js";
import { bytesText } from "./words.js";

const PATIENCE_MS = 20000;
const SHOWN_MS = 6000;

function fileName(name, milliseconds) {
  const then = new Date(milliseconds);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${then.getFullYear()}${two(then.getMonth() + 1)}${two(then.getDate())}`;
  return `${name}-${day}-${two(then.getHours())}${two(then.getMinutes())}${two(then.getSeconds())}.jpg`;
}

/** A few words that go by themselves. */
function toast(text, isGood) {
  const entry = document.createElement("p");
  entry.textContent = text;
  entry.dataset.kind = isGood ? "good" : "bad";
  // Above a dialog nothing is seen but what is in it.
  const place = document.querySelector("dialog[open] .toasts") ?? document.getElementById("toasts");
  place.append(entry);
  setTimeout(() => entry.remove(), SHOWN_MS);
}

function hand(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Of that stream; `button` is out of use meanwhile. */
export async function saveSnapshot(stream, button) {
  const patience = within(PATIENCE_MS);
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(address(stream.base, "snapshot", snapshotParameters()), { signal: patience.signal });
    const blob = await answer.blob();
    const name = fileName(stream.name, here(Number(answer.headers.get("X-Timestamp")) * 1000));
    hand(blob, name);
    toast(`Saved ${name}, ${bytesText(blob.size)}`, true);
  } catch (error) {
    const why = error.code ? error.message : "the server does not answer";
    toast(`No snapshot of ${stream.name}: ${why}`, false);
  } finally {
    patience.end();
    button.removeAttribute("aria-busy");
  }
}
