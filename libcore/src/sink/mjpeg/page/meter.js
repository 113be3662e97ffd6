// SPDX-License-Identifier: Apache-2.0
// How many pictures were shown, and how old they were: over the last seconds, so that the numbers can be read.

const OVER_MS = 3000;

export class Meter {
  #seen = []; // {at, lag} of each picture, milliseconds

  reset() {
    this.#seen = [];
  }

  add(at, lag) {
    this.#seen.push({ at, lag });
    this.#forget(at);
  }

  /** Pictures per second. */
  rate(now) {
    this.#forget(now);
    if (this.#seen.length < 2) return 0;
    const span = Math.max(now, this.#seen.at(-1).at) - this.#seen[0].at;
    return ((this.#seen.length - 1) * 1000) / span;
  }

  /** The lag that half of them are below, in milliseconds; null where there was no picture. */
  lag(now) {
    this.#forget(now);
    const lags = this.#seen.map((each) => each.lag).sort((a, b) => a - b);
    return lags.length > 0 ? lags[Math.floor(lags.length / 2)] : null;
  }

  #forget(now) {
    const first = this.#seen.findIndex((each) => now - each.at <= OVER_MS);
    if (first !== 0) this.#seen = first < 0 ? [] : this.#seen.slice(first);
  }
}
