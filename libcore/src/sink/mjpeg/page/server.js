// SPDX-License-Identifier: Apache-2.0
// How the server is: its status, once a second while the page is seen.
import { activity } from "./activity.js";
import { address } from "./address.js";
import { forgetClock, learn } from "./clock.js";
import { ask, Refusal, sleep, within } from "./http.js";

const EVERY_MS = 1000;
const REFUSED_EVERY_MS = 5000;
const PATIENCE_MS = 3000; // and once more as long, to see what the matter is

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
let current = new AbortController(); // of the question that is under way

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
  current.abort();
  wake.abort();
}

function tell() {
  for (const listener of listeners) listener();
}

function learnStatus(status) {
  server.status = status;
  server.refusal = server.goneSince = null;
  server.isOfOne ??= status.named;
}

function learnRefusal(refusal) {
  server.refusal = refusal;
  server.goneSince = null;
  if (refusal.isFinal) server.status = null;
}

/** Whether a question has no answer yet since the browser asks somebody for a password, which may take long. */
async function isPasswordWanted(url) {
  const patience = within(PATIENCE_MS);
  try {
    const answer = await fetch(url, { signal: patience.signal, credentials: "omit", cache: "no-store" });
    return answer.status === 401;
  } catch {
    return false;
  } finally {
    patience.end();
  }
}

async function askPatiently(url, attempt) {
  const late = setTimeout(async () => {
    const isWanted = await isPasswordWanted(url);
    if (current !== attempt || attempt.signal.aborted) return;
    if (!isWanted) return attempt.abort("late");
    learnRefusal(new Refusal(401, "A password is needed."));
    tell();
  }, PATIENCE_MS);
  try {
    const asked = Date.now();
    const answer = await ask(url, { signal: attempt.signal });
    const answered = Date.now();
    const status = await answer.json();
    learn(status.server.now * 1000, asked, answered);
    return status;
  } finally {
    clearTimeout(late);
  }
}

async function look() {
  const attempt = (current = new AbortController());
  const askedFor = base;
  try {
    learnStatus(await askPatiently(address(askedFor, "stream/video/status"), attempt));
  } catch (error) {
    const { aborted, reason } = attempt.signal;
    if (aborted && reason !== "late") return; // it is asked anew
    // 502 and 504 are what a proxy says of a server that is not there.
    if (!(error instanceof Refusal) || error.code === 502 || error.code === 504) {
      if (server.goneSince === null) forgetClock();
      server.goneSince ??= Date.now();
    } else if (askedFor !== "") {
      base = ""; // maybe that one only is not served any more
    } else {
      learnRefusal(error);
    }
  } finally {
    if (current === attempt) current = new AbortController(); // what comes late is nobody's any more
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
      tell();
    }
    const mayRest = !activity.isSeen || isRefused();
    await sleep(mayRest ? 2 ** 30 : (server.refusal?.code ?? 503) !== 503 ? REFUSED_EVERY_MS : EVERY_MS, wake.signal);
  }
}
