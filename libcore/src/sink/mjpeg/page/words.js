// SPDX-License-Identifier: Apache-2.0
// What people read: times, rates, and how a stream is.
import { here, serverNow } from "./clock.js";

/** "3 min": so long that one looks at it, short enough to be read at a glance. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} days ${Math.floor((seconds % 86400) / 3600)} h`;
}

/** A moment by this computer's clock; with the day where that is not today. */
export function moment(milliseconds) {
  const then = new Date(milliseconds);
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  if (then.toDateString() === new Date().toDateString()) return time;
  return `${then.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" })}, ${time}`;
}

/** "since 14:02:11 (3 min 4 s)", of a moment of the server's clock in seconds; "" where nobody knows. */
export function since(serverSeconds) {
  if (typeof serverSeconds !== "number") return "";
  return `since ${moment(here(serverSeconds * 1000))} (${duration(serverNow() - serverSeconds * 1000)})`;
}

export const NOTHING = "–";

export function rateText(rate) {
  return rate > 0 ? `${rate < 100 ? rate.toFixed(1) : Math.round(rate)} fps` : NOTHING;
}

export function lagText(milliseconds) {
  if (milliseconds === null) return NOTHING;
  return milliseconds < 9950 ? `${Math.round(milliseconds)} ms` : duration(milliseconds);
}

export function sizeText(segment) {
  if (!segment.width) return NOTHING;
  return `${segment.width} × ${segment.height}${segment.format ? ` ${segment.format}` : ""}`;
}

export function bytesText(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const GONE = {
  dead: { word: "Gone", what: "The camera is gone", why: "The program that published it died." },
  closed: { word: "Stopped", what: "The camera was stopped", why: "" },
  absent: { word: "No video", what: "No video yet", why: "" },
};

function troubled(segment) {
  if (segment.source_state === "reconnecting")
    return { kind: "bad", word: "Camera gone", what: "The camera is gone", why: "Trying to get it back." };
  if (segment.source_state === "ended") return { kind: "warn", word: "Ended", what: "The video has ended", why: "" };
  if (segment.state === "stalled")
    return { kind: "warn", word: "Stalled", what: "No new pictures", why: "Its program runs, but publishes nothing." };
  return null;
}

/**
 * How a stream is: {kind: "good", "warn" or "bad", word, what, why, command}, where what is "" while all is well.
 * `stream` as in streams.js.
 */
export function conditionOf(stream) {
  const { segment, lost } = stream;
  const gone = GONE[segment.state];
  if (gone && !stream.isCamera) {
    const when = since(lost?.since);
    const what = segment.state === "absent" && when ? "The camera is gone" : gone.what;
    const why = [when, gone.why].filter(Boolean).join(". ");
    return { kind: "bad", ...gone, what, why: sentence(why), command: segment.start_command ?? "" };
  }
  const trouble = gone ? null : troubled(segment);
  if (!trouble) return { kind: "good", word: "Live", what: "", why: "", command: "" };
  return { ...trouble, why: sentence([since(lost?.since), trouble.why].filter(Boolean).join(". ")), command: "" };
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
