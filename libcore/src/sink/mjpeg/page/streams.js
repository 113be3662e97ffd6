// SPDX-License-Identifier: Apache-2.0
// The streams that a status tells of, each as one thing: where it is, how it is, who watches.
import { baseOf } from "./address.js";

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
    lost: own?.lost ?? null,
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
      lost: each.lost,
      isCamera: false,
    }));
  return own ? others : [first, ...others];
}
