// SPDX-License-Identifier: Apache-2.0
// All streams as tiles. One or two are streams indeed; more are single pictures, in turn, over few connections.
import { onChoice } from "./settings.js";
import { Tile } from "./tile.js";

const LIVE_MOST = 2;
const TILE_WIDTH_MIN = 300; // CSS pixels
const CAPTION_HEIGHT = 68;
const GAP = 16;
const PACE_MS = { each: 60, least: 200, most: 1500 };

export class Wall {
  #element;
  #tiles = new Map(); // by id, in order
  #isCovered = false;
  #seen = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "100px" });

  constructor(element) {
    this.#element = element;
    new ResizeObserver(() => this.#arrange()).observe(document.documentElement);
    onChoice(() => this.#play());
  }

  update(streams) {
    const ids = new Set(streams.map((stream) => stream.id));
    for (const [id, tile] of this.#tiles) {
      if (ids.has(id)) continue;
      this.#seen.unobserve(tile.element);
      tile.remove();
      this.#tiles.delete(id);
    }
    for (const stream of streams) {
      const tile = this.#tiles.get(stream.id) ?? this.#add(stream);
      tile.update(stream);
    }
    this.#order(streams);
    this.#arrange();
  }

  #add(stream) {
    const tile = new Tile(stream, () => this.#pace());
    this.#tiles.set(stream.id, tile);
    this.#seen.observe(tile.element);
    return tile;
  }

  /** As the server has them; what is in its place already is not touched, as it may have the focus. */
  #order(streams) {
    streams.forEach((stream, index) => {
      const { element } = this.#tiles.get(stream.id);
      if (this.#element.children[index] !== element) {
        this.#element.insertBefore(element, this.#element.children[index] ?? null);
      }
    });
  }

  /** Numbers that go on by themselves. */
  show() {
    for (const tile of this.#tiles.values()) tile.show();
  }

  /** Whether something stands before it, so that its pictures are not seen. */
  cover(isCovered) {
    this.#isCovered = isCovered;
    this.#play();
  }

  focus(id) {
    this.#tiles.get(id)?.element.querySelector(".enlarge").focus();
  }

  #play() {
    const isLive = this.#tiles.size <= LIVE_MOST;
    for (const tile of this.#tiles.values()) {
      if (this.#isCovered) tile.stop();
      else tile.play(isLive);
    }
  }

  #see(entries) {
    for (const entry of entries) {
      const tile = this.#tiles.get(entry.target.dataset.id);
      if (tile) tile.isVisible = entry.isIntersecting;
    }
  }

  /** The more tiles, the less often each: all together about seventeen pictures a second at most. */
  #pace() {
    const visible = [...this.#tiles.values()].filter((tile) => tile.isVisible).length;
    const pace = Math.min(Math.max(visible * PACE_MS.each, PACE_MS.least), PACE_MS.most);
    return navigator.connection?.saveData ? 4 * pace : pace;
  }

  /** As many columns as make the tiles largest while all of them are in the window; more rows where they would
   * become too small to be of use. */
  #arrange() {
    const count = this.#tiles.size;
    if (count === 0) return;
    const style = getComputedStyle(this.#element);
    const room = this.#element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = window.innerHeight - this.#element.offsetTop - parseFloat(style.paddingBottom);
    const ratio = this.#ratio();
    let best = { columns: 1, width: 0 };
    for (let columns = 1; columns <= count; ++columns) {
      const rows = Math.ceil(count / columns);
      const byWidth = (room - (columns - 1) * GAP) / columns;
      const byHeight = ((height - (rows - 1) * GAP) / rows - CAPTION_HEIGHT) * ratio;
      const width = Math.min(byWidth, byHeight);
      if (width > best.width) best = { columns, width };
    }
    if (best.width < TILE_WIDTH_MIN) {
      const columns = Math.max(1, Math.min(count, Math.floor((room + GAP) / (TILE_WIDTH_MIN + GAP))));
      best = { columns, width: (room - (columns - 1) * GAP) / columns };
    }
    this.#element.style.setProperty("--columns", best.columns);
    this.#element.style.setProperty("--tile-width", `${Math.floor(best.width)}px`);
    this.#element.style.setProperty("--ratio", ratio);
    this.#play();
  }

  /** Width to height: that of the streams, where they agree. */
  #ratio() {
    const ratios = [...this.#tiles.values()]
      .map((tile) => tile.stream.segment)
      .filter((segment) => segment.width > 0 && segment.height > 0)
      .map((segment) => segment.width / segment.height);
    const isOne = ratios.length > 0 && ratios.every((ratio) => Math.abs(ratio - ratios[0]) < 0.01);
    return isOne ? Math.min(Math.max(ratios[0], 0.6), 2.4) : 16 / 9;
  }
}
