// SPDX-License-Identifier: Apache-2.0
// One canvas that shows a stream, live or as stills, while pictures are wanted at all.
import { activity } from "./activity.js";
import { knowsClock, serverNow } from "./clock.js";
import { playLive } from "./live.js";
import { Meter } from "./meter.js";
import { Screen } from "./screen.js";
import { playStills } from "./stills.js";

export class Player {
  #screen;
  #onChange;
  #source = null;
  #running = null; // aborts what plays
  #meter = new Meter();

  hasPicture = false;
  trouble = null; // the last error, while there is one

  /** Calls `onChange` when a first picture is there, and when trouble comes or goes. */
  constructor(canvas, onChange) {
    this.#onChange = onChange;
    this.#screen = new Screen(canvas, (picture) => this.#drawn(picture));
    activity.onChange(() => this.#follow());
  }

  /** `source`: {base, isLive, parameters(), pace()}, see playLive() and playStills(). */
  play(source) {
    this.stop();
    this.#source = source;
    this.#follow();
  }

  /** Ends its connections; the picture stays. */
  stop() {
    this.#source = null;
    this.trouble = null;
    this.#end();
  }

  /** Forgets the picture too. */
  clear() {
    this.stop();
    this.#screen.clear();
    this.hasPicture = false;
  }

  /** Begins anew with what it plays: what was asked for has changed, or what stood in the way may be gone. */
  again() {
    if (this.#source) this.play(this.#source);
  }

  get isPlaying() {
    return this.#source !== null;
  }

  /** Whether it shows pictures that the server counts among no streams. */
  get isShowingStills() {
    return this.#running !== null && !this.#source.isLive && this.hasPicture;
  }

  /** Pictures per second that are shown. */
  get rate() {
    return this.#meter.rate(performance.now());
  }

  /** Milliseconds from the capture of a picture to when it stands here; null: not known. */
  get lag() {
    return knowsClock() ? this.#meter.lag(performance.now()) : null;
  }

  #follow() {
    if (!this.#source || !activity.isActive) return this.#end();
    if (this.#running) return;
    this.#running = new AbortController();
    const play = this.#source.isLive ? playLive : playStills;
    play(this.#source, {
      signal: this.#running.signal,
      pace: () => this.#source?.pace() ?? Infinity,
      onPicture: (picture) => this.#show(picture),
      onTrouble: (error) => this.#setTrouble(error),
    });
  }

  #end() {
    this.#running?.abort();
    this.#running = null;
    this.#screen.hold();
    this.#meter.reset();
  }

  // What the server draws when a camera is gone, the page says in words of its own.
  #show(picture) {
    if (picture.isOnline !== false || !this.hasPicture) this.#screen.show(picture);
  }

  #drawn(picture) {
    this.#meter.add(performance.now(), Math.max(0, serverNow() - picture.captured));
    if (this.hasPicture) return;
    this.hasPicture = true;
    this.#onChange();
  }

  #setTrouble(error) {
    const isSame = this.trouble?.message === error?.message;
    this.trouble = error;
    if (!isSame) this.#onChange();
  }
}
