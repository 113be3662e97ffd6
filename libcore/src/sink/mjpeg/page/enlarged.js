// SPDX-License-Identifier: Apache-2.0
// The stream that one looks at, as large as the window.
import { largeParameters } from "./choices.js";
import { address } from "./address.js";
import { pageKey } from "./live.js";
import { noticeOf, setText, showNotice } from "./notice.js";
import { Player } from "./player.js";
import { saveSnapshot } from "./save.js";
import { onChoice } from "./settings.js";
import { conditionOf, lagText, NOTHING, rateText, sizeText } from "./words.js";

export class Enlarged {
  #dialog;
  #player;
  #asked = "";
  #wasGood = true;

  stream = null; // that is shown; null: none is

  /** `goTo`(step) asks for the next stream (1) or the one before (-1), `leave`() for none. */
  constructor(dialog, { goTo, leave }) {
    this.#dialog = dialog;
    this.#player = new Player(this.#at("canvas"), () => this.show());
    this.#at(".previous").addEventListener("click", () => goTo(-1));
    this.#at(".next").addEventListener("click", () => goTo(1));
    this.#at(".close").addEventListener("click", leave);
    this.#at(".snapshot").addEventListener("click", (event) => saveSnapshot(this.stream, event.currentTarget));
    this.#at(".again").addEventListener("click", () => this.#player.again());
    this.#at(".fullscreen").hidden = !document.fullscreenEnabled;
    this.#at(".fullscreen").addEventListener("click", () => this.#toggleFullscreen());
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      leave();
    });
    // A browser closes it by itself where somebody insists.
    dialog.addEventListener("close", () => this.stream && leave());
    dialog.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowLeft") goTo(-1);
      else if (event.key === "ArrowRight") goTo(1);
      else if (event.key === "f" || event.key === "F") this.#toggleFullscreen();
    });
    new ResizeObserver(() => this.#play()).observe(this.#at(".view"));
    onChoice(() => this.#play());
  }

  #at(selector) {
    return this.#dialog.querySelector(selector);
  }

  /** Shows that one; `hasOthers`: there are streams to go to from here. */
  open(stream, hasOthers) {
    if (this.stream?.id !== stream.id) this.#player.clear();
    this.stream = stream;
    setText(this.#at(".name"), stream.name);
    this.#at("canvas").setAttribute("aria-label", `Video of ${stream.name}`);
    this.#at(".stream-link").href = address(stream.base, "stream/video").href;
    for (const button of [this.#at(".previous"), this.#at(".next")]) button.hidden = !hasOthers;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#play();
    this.show();
  }

  close() {
    this.stream = null;
    this.#player.clear();
    if (document.fullscreenElement) document.exitFullscreen();
    this.#dialog.close();
  }

  /** `client`: what the status says of the connection that this shows; may be missing. */
  update(stream, client) {
    this.stream = stream;
    const isGood = conditionOf(stream).kind === "good";
    if (isGood && !this.#wasGood && this.#player.trouble) this.#player.again();
    this.#wasGood = isGood;
    setText(this.#at(".reason"), reasonOf(client));
    this.show();
  }

  show() {
    if (!this.stream) return;
    const { segment, viewers } = this.stream;
    const notice = noticeOf(conditionOf(this.stream), this.#player);
    showNotice(this.#at(".view"), this.#at(".state"), notice);
    this.#at(".view").classList.toggle("has-picture", this.#player.hasPicture);
    const isGood = notice.kind === "good";
    setText(this.#at(".size"), sizeText(segment));
    setText(this.#at(".rate"), isGood ? rateText(segment.fps) : NOTHING);
    setText(this.#at(".shown"), rateText(this.#player.rate));
    setText(this.#at(".lag"), isGood ? lagText(this.#player.lag) : NOTHING);
    setText(this.#at(".viewers"), `${viewers}`);
  }

  #play() {
    if (!this.stream) return;
    const parameters = () => largeParameters(this.#at(".view").clientWidth);
    const asked = `${this.stream.base} ${JSON.stringify(parameters())}`;
    if (this.#player.isPlaying && asked === this.#asked) return;
    this.#asked = asked;
    this.#player.play({ base: this.stream.base, isLive: true, parameters, pace: () => 0 });
  }

  #toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.#dialog.requestFullscreen?.().catch(() => {});
  }
}

/** Why this gets fewer or worse pictures than there are; that there are no more is no reason. */
function reasonOf(client) {
  const reason = client?.reason ?? "";
  return reason === "" || reason.startsWith("the source") ? "" : `Reduced: ${reason}`;
}

/** Of the clients of a status, this page's own. */
export function ownClient(status) {
  return status.clients.find((client) => client.key === pageKey);
}
