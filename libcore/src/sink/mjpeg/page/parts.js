// SPDX-License-Identifier: Apache-2.0
// Takes multipart/x-mixed-replace apart as it comes.

const HEAD_MAX = 8192; // bytes
const PART_MAX = 128 * 1024 * 1024;
const END_OF_HEAD = [13, 10, 13, 10];

/** Where the empty line ends in `bytes`, or -1. */
function endOfHead(bytes) {
  for (let i = 0; i + 4 <= bytes.length; ++i) {
    if (END_OF_HEAD.every((byte, k) => bytes[i + k] === byte)) return i + 4;
  }
  return -1;
}

function fieldsOf(head) {
  const fields = new Map();
  for (const line of new TextDecoder("latin1").decode(head).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return fields;
}

function joined(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Calls `onPart`(fields, chunks) for each part: its header by names in lower case, and its bytes. */
export class PartReader {
  #onPart;
  #head = new Uint8Array();
  #fields = null; // of the part whose bytes come; null: its head comes
  #missing = 0;
  #chunks = [];

  constructor(onPart) {
    this.#onPart = onPart;
  }

  push(bytes) {
    while (bytes.length > 0) bytes = this.#fields ? this.#takeBody(bytes) : this.#takeHead(bytes);
  }

  #takeHead(bytes) {
    const had = this.#head.length;
    this.#head = joined(this.#head, bytes.subarray(0, HEAD_MAX));
    const end = endOfHead(this.#head);
    if (end < 0) {
      if (this.#head.length > HEAD_MAX) throw new Error("The stream has a part without an end to its head.");
      return bytes.subarray(HEAD_MAX);
    }
    this.#fields = fieldsOf(this.#head.subarray(0, end));
    this.#head = new Uint8Array();
    this.#missing = Number(this.#fields.get("content-length"));
    if (!(this.#missing >= 0 && this.#missing <= PART_MAX)) throw new Error("The stream has a part without a length.");
    this.#chunks = [];
    this.#endIfWhole();
    return bytes.subarray(end - had);
  }

  #takeBody(bytes) {
    const taken = bytes.subarray(0, this.#missing);
    this.#chunks.push(taken);
    this.#missing -= taken.length;
    this.#endIfWhole();
    return bytes.subarray(taken.length);
  }

  #endIfWhole() {
    if (this.#missing > 0) return;
    const fields = this.#fields;
    this.#fields = null;
    this.#onPart(fields, this.#chunks);
  }
}
