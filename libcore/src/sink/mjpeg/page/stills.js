// SPDX-License-Identifier: Apache-2.0
// A stream as single pictures, one short request after the other: for many tiles over few connections. A picture
// that is there already comes as 304, without its bytes.
import { address } from "./address.js";
import { ask, sleep, within } from "./http.js";
import { pictures } from "./limiter.js";

const PATIENCE_MS = 15000; // the server waits 5 s for a first picture by itself
const TROUBLED_MS = 2000;

/**
 * Asks until `signal` fires, or the server refuses for good.
 * `source`: {base, parameters()}; `pace()`: milliseconds from one picture to the next, Infinity while none is
 * wanted; `onPicture`({blob, captured}); `onTrouble`(error) with null when that is over.
 */
export async function playStills(source, { signal, pace, onPicture, onTrouble }) {
  let tag = "";
  while (!signal.aborted) {
    const began = performance.now();
    if (pace() === Infinity) {
      await sleep(250, signal);
      continue;
    }
    let rest = 0;
    try {
      tag = await pictures.run(() => (signal.aborted ? tag : next(source, tag, signal, onPicture)));
      onTrouble(null);
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(error);
      if (error.isFinal) return;
      rest = TROUBLED_MS;
    }
    await sleep(Math.max(rest, pace() === Infinity ? 0 : pace() - (performance.now() - began)), signal);
  }
}

/** One picture; gives its tag. */
async function next(source, tag, signal, onPicture) {
  const patience = within(PATIENCE_MS, signal);
  try {
    const answer = await ask(address(source.base, "snapshot", source.parameters()), {
      signal: patience.signal,
      headers: tag ? { "If-None-Match": tag } : {},
    });
    if (answer.status === 304) return tag;
    const blob = await answer.blob();
    onPicture({ blob, captured: Number(answer.headers.get("X-Timestamp")) * 1000 });
    return answer.headers.get("ETag") ?? "";
  } finally {
    patience.end();
  }
}
