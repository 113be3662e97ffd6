// SPDX-License-Identifier: Apache-2.0
// A stream as the server sends it, read by the page itself: so every picture's time is known, the stream ends for
// sure when the page ends it, and a browser's ways of showing such streams do not matter.
import { address } from "./address.js";
import { ask, sleep, within } from "./http.js";
import { PartReader } from "./parts.js";

const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 4000;
const SILENCE_MS = 15000;

/** How this page is known among the clients of the status. */
export const pageKey = `page-${Math.random().toString(36).slice(2, 10)}`;

/**
 * Reads until `signal` fires, or the server refuses for good; a stream that breaks off is asked for again.
 * `source`: {base, parameters()}; `onPicture`({blob, captured, isOnline}); `onTrouble`(error) with null when
 * that is over.
 */
export async function playLive(source, { signal, onPicture, onTrouble }) {
  let rest = FIRST_REST_MS;
  while (!signal.aborted) {
    try {
      await readStream(source, signal, (picture) => {
        rest = FIRST_REST_MS;
        onTrouble(null);
        onPicture(picture);
      });
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(error);
      if (error.isFinal) return;
    }
    await sleep(rest, signal);
    rest = Math.min(2 * rest, LONGEST_REST_MS);
  }
}

async function readStream(source, signal, onPicture) {
  const url = address(source.base, "stream/video", {
    ...source.parameters(),
    adaptive: "1",
    advance_headers: "0",
    dual_final_frames: "0",
    key: pageKey,
  });
  const reader = new PartReader((fields, chunks) =>
    onPicture({
      blob: new Blob(chunks, { type: "image/jpeg" }),
      captured: Number(fields.get("x-timestamp")) * 1000,
      isOnline: fields.get("x-shmvideo-online") !== "false",
    }),
  );
  const patience = within(SILENCE_MS, signal);
  try {
    const answer = await ask(url, { signal: patience.signal });
    const body = answer.body.getReader();
    for (;;) {
      const { value, done } = await body.read();
      if (done) throw new Error("The stream has ended.");
      patience.renew();
      reader.push(value);
    }
  } finally {
    patience.end();
  }
}
