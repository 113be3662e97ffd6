// SPDX-License-Identifier: Apache-2.0
// Asking the server, and what it says when it refuses.

/** The server refused: `code` is the HTTP status, `message` what it says of it. */
export class Refusal extends Error {
  constructor(code, detail) {
    super(detail);
    this.code = code;
  }

  /** Asking again would be asked for a password again, or be told the same for ever. */
  get isFinal() {
    return this.code === 401 || this.code === 403 || this.code === 404;
  }
}

const WORDS = {
  401: "A password is needed.",
  403: "This may not be seen with the password that was given.",
  404: "This is not served here.",
};

/** What went wrong, as a Refusal. Anything may have answered: a proxy has no JSON. */
export async function refusalOf(answer) {
  let detail = "";
  try {
    detail = (await answer.json()).detail;
  } catch {
    // The words below do.
  }
  if (typeof detail !== "string" || detail === "") detail = WORDS[answer.status] ?? `The server says ${answer.status}.`;
  return new Refusal(answer.status, detail);
}

/** Asks, with what the browser knows of passwords; 200 and 304 are answers, all else is thrown. */
export async function ask(url, { signal, headers } = {}) {
  const answer = await fetch(url, { signal, headers, credentials: "same-origin", cache: "no-store" });
  if (!answer.ok && answer.status !== 304) throw await refusalOf(answer);
  return answer;
}

/** A signal that fires with `signal`, or when `milliseconds` have passed since it was made or renewed. */
export function within(milliseconds, signal) {
  const controller = new AbortController();
  const end = () => controller.abort();
  let timer = setTimeout(end, milliseconds);
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end);
  return {
    signal: controller.signal,
    renew() {
      clearTimeout(timer);
      timer = setTimeout(end, milliseconds);
    },
    /** Lets go of `signal`; fires too. */
    end() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      end();
    },
  };
}

/** Waits; ends early, without an error, when the signal fires. */
export function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}
