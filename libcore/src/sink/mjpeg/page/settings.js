// SPDX-License-Identifier: Apache-2.0
// What somebody chose, kept in the browser where that may be.

const PREFIX = "shm-mjpeg.";
const listeners = new Set();
const chosen = new Map();

/** The choice, or "" where there is none. */
export function setting(name) {
  if (!chosen.has(name)) {
    let kept = "";
    try {
      kept = localStorage.getItem(PREFIX + name) ?? "";
    } catch {
      // Kept nowhere, then.
    }
    chosen.set(name, kept);
  }
  return chosen.get(name);
}

export function choose(name, value) {
  chosen.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // For as long as the page is open, then.
  }
  for (const listener of listeners) listener(name);
}

/** Calls `listener` with the name of what was chosen anew. */
export function onChoice(listener) {
  listeners.add(listener);
}
