// SPDX-License-Identifier: Apache-2.0
// The server's clock as seen from here. Pictures say when they were taken by the server's clock, and that of a
// telephone may be seconds away from it.

const KEPT = 30; // about half a minute: clocks are set, and drift
let samples = [];

/** The server said `serverMs` in an answer to what was asked at `askedMs` and came at `answeredMs`. */
export function learn(serverMs, askedMs, answeredMs) {
  samples.push({ offset: serverMs - (askedMs + answeredMs) / 2, doubt: answeredMs - askedMs });
  samples = samples.slice(-KEPT);
}

/** Forget: it is another server, maybe. */
export function forgetClock() {
  samples = [];
}

/** Milliseconds since 1970 by the server's clock. The answer that came fastest says it best. */
export function serverNow() {
  let best = { offset: 0, doubt: Infinity };
  for (const sample of samples) if (sample.doubt <= best.doubt) best = sample;
  return Date.now() + best.offset;
}

export function knowsClock() {
  return samples.length > 0;
}

/** A moment of the server's clock, by the clock of this computer. */
export function here(serverMs) {
  return serverMs - (serverNow() - Date.now());
}
