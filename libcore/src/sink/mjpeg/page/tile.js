// SPDX-License-Identifier: Apache-2.0
// One stream among others: its picture, how it goes, and what can be done with it.
import { tileParameters } from "./choices.js";
import { noticeOf, setText, showNotice } from "./notice.js";
import { Player } from "./player.js";
import { saveSnapshot } from "./save.js";
import { conditionOf, lagText, NOTHING, rateText } from "./words.js";

const template = document.getElementById("tile");

export class Tile {
  #player;
  #pace; // milliseconds from still to still
  #asked = ""; // what the stream that plays was asked for with
  #wasGood = true;

  isVisible = true;

  /** `pace()`: how often tiles take a new picture, in milliseconds. */
  constructor(stream, pace) {
    this.stream = stream;
    this.#pace = pace;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.view = this.#at(".view");
    this.#player = new Player(this.#at("canvas"), () => this.show());
    this.#at(".snapshot").addEventListener("click", (event) => saveSnapshot(this.stream, event.currentTarget));
    this.#at(".again").addEventListener("click", () => this.#player.again());
    this.#label();
  }

  #at(selector) {
    return this.element.querySelector(selector);
  }

  #label() {
    const { id, name } = this.stream;
    const heading = this.#at(".name");
    setText(heading, name);
    heading.title = name;
    heading.id = `name-${id}`;
    this.element.dataset.id = id;
    this.element.setAttribute("aria-labelledby", heading.id);
    this.#at(".enlarge").href = `#/${encodeURIComponent(id)}`;
    this.#at(".enlarge").setAttribute("aria-label", `Enlarge ${name}`);
    this.#at("canvas").setAttribute("aria-label", `Video of ${name}`);
    this.#at(".snapshot").setAttribute("aria-label", `Save a snapshot of ${name}`);
    this.#at(".snapshot").title = "Save a snapshot";
  }

  update(stream) {
    this.stream = stream;
    const isGood = conditionOf(stream).kind === "good";
    // What it waited for is there: not only when its patience says so.
    if (isGood && !this.#wasGood && this.#player.trouble) this.#player.again();
    this.#wasGood = isGood;
    this.show();
  }

  /** Plays it, as a stream or as stills. */
  play(isLive) {
    const parameters = () => tileParameters(this.view.clientWidth);
    const asked = `${isLive} ${this.stream.base} ${isLive ? JSON.stringify(parameters()) : ""}`;
    if (this.#player.isPlaying && asked === this.#asked) return;
    this.#asked = asked;
    const pace = () => (this.isVisible && this.#isWorthAsking() ? this.#pace() : Infinity);
    this.#player.play({ base: this.stream.base, isLive, parameters, pace });
  }

  stop() {
    this.#player.stop();
  }

  #isWorthAsking() {
    return this.stream.isCamera || !["absent", "dead", "closed"].includes(this.stream.segment.state);
  }

  show() {
    const { segment, viewers } = this.stream;
    const notice = noticeOf(conditionOf(this.stream), this.#player);
    showNotice(this.view, this.#at(".state"), notice);
    this.view.classList.toggle("has-picture", this.#player.hasPicture);
    const isGood = notice.kind === "good";
    setText(this.#at(".rate"), isGood ? rateText(segment.fps) : NOTHING);
    setText(this.#at(".lag"), isGood ? lagText(this.#player.lag) : NOTHING);
    // Single pictures are no stream, but who looks at them is a viewer.
    setText(this.#at(".viewers"), `${viewers + (this.#player.isShowingStills ? 1 : 0)}`);
  }

  remove() {
    this.#player.stop();
    this.element.remove();
  }
}
