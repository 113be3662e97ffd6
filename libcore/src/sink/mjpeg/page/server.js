// SPDX-License-Identifier: Apache-2.0
// How the server is: its status, once a second while the page is seen.
import { activity } from "./activity.js";
import { address } from "./address.js";
import { forgetClock, learn } from "./clock.js";
import { ask, Refusal, sleep, within } from "./http.js";

const EVERY_MS = 1000;
const REFUSED_EVERY_MS = 5000;
const PATIENCE_MS = 5000;

/** What is known. One of status, refusal and goneSince is the newest news. */
export const server = {
  status: null, // the last one
  refusal: null, // why there is none
  goneSince: null, // milliseconds since 1970, by this computer's clock: it does not answer
  isOfOne: null, // the page is that of one stream and shows no other
};

const listeners = new Set();
let base = ""; // whose status is asked for
let wake = new AbortController();

/** Calls `listener` after every answer, and after every one that did not come. */
export function onStatus(listener) {
  listeners.add(listener);
}

/** Asks for the status of the stream that is enlarged: it tells more of that one, and as much of the others. */
export function follow(newBase) {
  base = newBase;
  askNow();
}

/** Does not wait until it would be asked anyway. */
export function askNow() {
  wake.abort();
}

function learnStatus(status) {
  server.status = status;
  server.refusal = server.goneSince = null;
  server.isOfOne ??= status.named;
}

async function look() {
  const patience = within(PATIENCE_MS);
  const askedFor = base;
  try {
    const asked = Date.now();
    const answer = await ask(address(askedFor, "stream/video/status"), { signal: patience.signal });
    const answered = Date.now();
    const status = await answer.json();
    learn(status.server.now * 1000, asked, answered);
    learnStatus(status);
  } catch (error) {
    // 502 and 504 are what a proxy says of a server that is not there.
    if (!(error instanceof Refusal) || error.code === 502 || error.code === 504) {
      if (server.goneSince === null) forgetClock();
      server.goneSince ??= Date.now();
    } else if (askedFor !== "") {
      base = ""; // maybe that one only is not served any more
    } else {
      server.refusal = error;
      server.goneSince = null;
      if (error.isFinal) server.status = null;
    }
  } finally {
    patience.end();
  }
}

/** Whether asking again by itself makes sense: whoever sent the question for a password away is asked no more. */
function isRefused() {
  return server.refusal?.code === 401 || server.refusal?.code === 403;
}

export async function watchServer() {
  activity.onChange(() => activity.isSeen && !isRefused() && askNow());
  for (;;) {
    wake = new AbortController();
    if (activity.isSeen) {
      await look();
      for (const listener of listeners) listener();
    }
    const mayRest = !activity.isSeen || isRefused();
    await sleep(mayRest ? 2 ** 30 : server.refusal?.code === 404 ? REFUSED_EVERY_MS : EVERY_MS, wake.signal);
  }
}
