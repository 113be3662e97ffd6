// SPDX-License-Identifier: Apache-2.0
// What stands where a picture would be, while there is none.
import { Refusal } from "./http.js";
import { server } from "./server.js";

/** Only what changed: somebody may be reading it, or copying the command. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** What to say of a stream in this condition that `player` plays: {kind, word, what, why, command, isFinal}. */
export function noticeOf(condition, player) {
  if (server.goneSince !== null) {
    const what = condition.what || (player.hasPicture ? "" : "No picture");
    return { ...condition, kind: "warn", word: "No server", what };
  }
  if (condition.what) return condition;
  const { trouble } = player;
  if (trouble instanceof Refusal && trouble.isFinal)
    return { kind: "bad", word: "Refused", what: "Not shown", why: trouble.message, isFinal: true };
  if (trouble instanceof Refusal)
    return { kind: "warn", word: "Waiting", what: "No picture", why: trouble.message };
  if (!player.hasPicture) return { kind: "warn", word: "Waiting", what: "Waiting for the first picture", why: "" };
  return condition;
}

/** Shows it in `view`, and its word in `state`. */
export function showNotice(view, state, notice) {
  view.dataset.kind = notice.kind;
  view.classList.toggle("is-told", notice.what !== "");
  setText(view.querySelector(".what"), notice.what);
  setText(view.querySelector(".why"), notice.why ?? "");
  const how = view.querySelector(".how");
  how.hidden = !notice.command;
  setText(how.querySelector("code"), notice.command ?? "");
  view.querySelector(".again").hidden = !notice.isFinal;
  state.dataset.kind = notice.kind;
  setText(state, notice.word);
}
