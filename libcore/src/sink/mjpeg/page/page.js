// SPDX-License-Identifier: Apache-2.0
// The page: puts its parts together, and says what is the matter with all of them.
import "./theme.js";
import { activity } from "./activity.js";
import { offerQualities, setUpChoices } from "./choices.js";
import { Enlarged, ownClient } from "./enlarged.js";
import { setText } from "./notice.js";
import { askNow, follow, onStatus, server, watchServer } from "./server.js";
import { streamsOf } from "./streams.js";
import { setUpTheme } from "./theme.js";
import { Wall } from "./wall.js";
import { conditionOf, duration, moment } from "./words.js";

const at = (id) => document.getElementById(id);
const wall = new Wall(at("wall"));
const enlarged = new Enlarged(at("enlarged"), { goTo, leave });
let streams = [];
let wasOpenedHere = false; // so that going back leads to the tiles
const words = new Map(); // the last condition of each stream, for those who hear it

/** The stream that the address names; undefined: none, or one that is not there (yet). */
function named() {
  if (!location.hash.startsWith("#/")) return undefined;
  let id = location.hash.slice(2);
  try {
    id = decodeURIComponent(id);
  } catch {
    // It stays what it is.
  }
  return streams.find((stream) => stream.id === id);
}

function goTo(step) {
  if (!enlarged.stream || streams.length < 2) return;
  const index = streams.findIndex((stream) => stream.id === enlarged.stream.id);
  const next = streams[(index + step + streams.length) % streams.length];
  history.replaceState(history.state, "", `#/${encodeURIComponent(next.id)}`);
  route();
}

function leave() {
  if (wasOpenedHere) return history.back();
  history.replaceState(null, "", location.pathname + location.search);
  route();
}

/** What the address says is shown, so that the back button and bookmarks do what they do everywhere. */
function route() {
  const stream = named();
  if (stream) {
    wall.cover(true);
    enlarged.open(stream, streams.length > 1);
    follow(stream.base);
  } else if (enlarged.stream) {
    const last = enlarged.stream.id;
    enlarged.close();
    wall.cover(false);
    wall.focus(last);
    wasOpenedHere = false;
    follow("");
  }
}

function tellNews() {
  for (const stream of streams) {
    const { word, what } = conditionOf(stream);
    const before = words.get(stream.id);
    if (before && before !== word) setText(at("news"), `${stream.name}: ${what || "live again"}`);
    words.set(stream.id, word);
  }
}

function showHeading() {
  const isOne = server.isOfOne && streams.length === 1;
  const live = streams.filter((stream) => conditionOf(stream).kind === "good").length;
  const title = isOne ? streams[0].name : "shm-mjpeg";
  const trouble = server.goneSince !== null || server.refusal !== null;
  let summary = `${live} of ${streams.length} live`;
  if (streams.length === 1) summary = conditionOf(streams[0]).word;
  if (streams.length === 0) summary = "No video yet";
  if (activity.isPaused) summary = "Paused";
  if (trouble) summary = server.refusal ? "Refused" : "No server";
  if (trouble && server.refusal?.code === 503) summary = "No video yet";
  setText(at("title"), title);
  setText(at("summary"), summary);
  document.title = `${isOne || streams.length !== 1 ? title : streams[0].name} – ${summary.toLowerCase()}`;
}

function showAlarm() {
  const isEmpty = server.refusal?.code === 503;
  let text = "";
  let clock = ""; // beside it: what changes every second is not to be read aloud every second
  if (server.goneSince !== null) {
    text = `The server does not answer since ${moment(server.goneSince)}. This page goes on by itself when it does.`;
    clock = duration(Date.now() - server.goneSince);
  } else if (server.refusal && !isEmpty) {
    text = server.refusal.message;
  }
  const alarm = at("alarm");
  setText(alarm.querySelector("p"), text);
  setText(alarm.querySelector(".clock"), clock);
  alarm.hidden = text === "";
  alarm.querySelector("button").hidden = !server.refusal;
  document.body.classList.toggle("is-cut-off", server.goneSince !== null);
  at("empty").hidden = !(isEmpty || (server.status && streams.length === 0));
}

function show() {
  if (!activity.isSeen) return;
  showAlarm();
  showHeading();
  wall.show();
  enlarged.show();
}

function takeStatus() {
  if (server.status && server.goneSince === null) {
    streams = streamsOf(server.status, server.isOfOne);
    offerQualities(at("quality"), server.status.limits);
  } else if (server.refusal) {
    streams = [];
  }
  wall.update(streams);
  tellNews();
  const stream = named();
  if (stream && enlarged.stream) enlarged.update(stream, server.status && ownClient(server.status));
  else route();
  show();
}

function setUpPause(button) {
  button.addEventListener("click", () => {
    activity.pause(!activity.isPaused);
    button.setAttribute("aria-pressed", `${activity.isPaused}`);
    button.querySelector("use").setAttribute("href", activity.isPaused ? "#icon-play" : "#icon-pause");
    show();
  });
}

setUpTheme(at("theme"));
setUpChoices(at("quality"), at("size"));
setUpPause(at("pause"));
at("alarm").querySelector("button").addEventListener("click", askNow);
at("wall").addEventListener("click", (event) => {
  const isHere = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (isHere && event.target.closest(".enlarge")) wasOpenedHere = true;
});
window.addEventListener("hashchange", route);
window.addEventListener("popstate", route);
onStatus(takeStatus);
setInterval(show, 1000);
watchServer();
