// SPDX-License-Identifier: Apache-2.0
// Whether pictures are wanted at all: not in a tab that nobody sees, and not while they are paused.

const listeners = new Set();
let isPaused = false;
let isLeft = false;

export const activity = {
  get isPaused() {
    return isPaused;
  },
  /** Whether somebody sees the page. */
  get isSeen() {
    return !document.hidden && !isLeft;
  },
  /** Whether pictures are to move. */
  get isActive() {
    return this.isSeen && !isPaused;
  },
  pause(should) {
    isPaused = should;
    tell();
  },
  /** Calls `listener` after every change. */
  onChange(listener) {
    listeners.add(listener);
  },
};

function tell() {
  for (const listener of listeners) listener();
}

document.addEventListener("visibilitychange", tell);
// A page that is kept for the back button would keep its streams.
window.addEventListener("pagehide", () => {
  isLeft = true;
  tell();
});
window.addEventListener("pageshow", () => {
  isLeft = false;
  tell();
});
