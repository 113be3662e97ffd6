// SPDX-License-Identifier: Apache-2.0
// Draws pictures on a canvas, always the newest: one that comes while another is decoded takes the place of any
// that waits.

export class Screen {
  #canvas;
  #context;
  #onDrawn;
  #waiting = null;
  #isDrawing = false;
  #isOpen = true;

  /** Calls `onDrawn`(picture) when a picture stands on the canvas. */
  constructor(canvas, onDrawn) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#onDrawn = onDrawn;
  }

  show(picture) {
    this.#isOpen = true;
    this.#waiting = picture;
    if (!this.#isDrawing) this.#draw();
  }

  /** Whatever is on its way is not drawn any more. What is drawn stays. */
  hold() {
    this.#isOpen = false;
    this.#waiting = null;
  }

  clear() {
    this.hold();
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  async #draw() {
    this.#isDrawing = true;
    while (this.#waiting) {
      const picture = this.#waiting;
      this.#waiting = null;
      try {
        const bitmap = await createImageBitmap(picture.blob);
        if (this.#isOpen) this.#put(bitmap, picture);
        bitmap.close();
      } catch {
        // A picture that is damaged: the next one comes.
      }
    }
    this.#isDrawing = false;
  }

  #put(bitmap, picture) {
    if (this.#canvas.width !== bitmap.width) this.#canvas.width = bitmap.width;
    if (this.#canvas.height !== bitmap.height) this.#canvas.height = bitmap.height;
    this.#context.drawImage(bitmap, 0, 0);
    this.#onDrawn(picture);
  }
}
