// SPDX-License-Identifier: Apache-2.0
// The streams that a status tells of, each as one thing: where it is, how it is, who watches.
import { baseOf } from "./address.js";
import { serverNow } from "./clock.js";

// Seconds since 1970 by the server's clock, by name. A camera that was stopped in good order takes its segment with
// it, and nobody but who watched knows since when.
const lastSeen = new Map();

/** Since when and why there is nothing new; null while there is. */
function lossOf(segment, lost) {
  if (segment.last_frame && typeof segment.last_frame.age_ms === "number")
    lastSeen.set(segment.name, (serverNow() - segment.last_frame.age_ms) / 1000);
  if (lost && lost.since === null && lastSeen.has(segment.name)) return { ...lost, since: lastSeen.get(segment.name) };
  return lost;
}

/**
 * [{id, name, base, segment, viewers, lost, isCamera}] in the order of the server. `id` is what an address ends
 * in, `segment` what the status tells of a segment. A page of one stream has that one.
 */
export function streamsOf(status, isOfOne) {
  const { segment, segments } = status;
  const own = segments.find((each) => each.name === segment.name);
  const first = {
    id: segment.name,
    name: own ? segment.name : "Camera",
    base: "",
    segment,
    viewers: status.streaming.active_streams,
    lost: own ? lossOf(own, own.lost) : null,
    isCamera: !own, // of the server's own; it runs while somebody watches
  };
  if (isOfOne) return [first];
  const others = segments
    .filter((each) => own || each.state !== "absent")
    .map((each) => ({
      id: each.name,
      name: each.name,
      base: baseOf(each.name),
      segment: each,
      viewers: each.active_streams,
      lost: lossOf(each, each.lost),
      isCamera: false,
    }));
  return own ? others : [first, ...others];
}
