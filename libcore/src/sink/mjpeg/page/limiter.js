// SPDX-License-Identifier: Apache-2.0
// A browser opens six connections to a host and lets all else wait. Pictures of tiles share three of them, in
// turn, so that the status, a snapshot and the enlarged stream never stand behind them.

export class Limiter {
  #free;
  #waiting = [];

  constructor(limit) {
    this.#free = limit;
  }

  /** Runs `task` when it is its turn and gives what it gives. */
  async run(task) {
    if (this.#free > 0) {
      --this.#free;
    } else {
      await new Promise((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else ++this.#free;
    }
  }
}

export const pictures = new Limiter(3);
