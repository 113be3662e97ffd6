// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/page.hpp"

namespace shmvideo::sink {
namespace {

// All addresses are relative, so that the page also works below a path of a proxy.
constexpr std::string_view kPage = R"page(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>shm-mjpeg</title>
<link rel="icon" href="data:,">
<style>
  :root { --ground: #f4f5f7; --sheet: #fff; --text: #1c2024; --quiet: #5a626b; --line: #d8dce1;
          --good: #18794e; --warn: #9a5b00; --bad: #b42318; --void: #22262b; }
  @media (prefers-color-scheme: dark) {
    :root { --ground: #111315; --sheet: #1a1d20; --text: #e9ecef; --quiet: #9ba4ad; --line: #2d3237;
            --good: #4cc38a; --warn: #f0b429; --bad: #ff8f80; --void: #08090a; } }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--text);
         font: 16px/1.5 system-ui, sans-serif; display: flex; justify-content: center; }
  main { width: min(100%, 1320px, calc((100vh - 10.5rem) * 16 / 9 + 2rem)); min-width: min(100%, 22rem);
         padding: 1rem; }
  header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline;
           justify-content: space-between; margin-bottom: .75rem; }
  h1 { font-size: 1.25rem; margin: 0; overflow-wrap: anywhere; }
  #state { font-weight: 600; color: var(--quiet); }
  #state[data-is=good] { color: var(--good); }
  #state[data-is=warn] { color: var(--warn); }
  #state[data-is=bad] { color: var(--bad); }
  figure { margin: 0; position: relative; background: var(--void); border-radius: .5rem; overflow: hidden;
           display: grid; min-height: 12rem; aspect-ratio: 16 / 9; }
  figure.has-picture { aspect-ratio: auto; min-height: 0; }
  img { display: none; width: 100%; height: auto; }
  .has-picture img { display: block; }
  .is-old img { opacity: .35; }
  #notice { position: absolute; inset: 0; display: flex; flex-direction: column; justify-content: center;
            align-items: center; gap: .5rem; padding: 1rem; text-align: center; color: #f1f3f5; }
  .has-picture:not(.is-old) #notice { display: none; }
  #notice p { margin: 0; max-width: 40rem; text-shadow: 0 1px 4px #000; }
  #notice p:first-child { font-size: 1.2rem; font-weight: 600; }
  code { font: .9em ui-monospace, monospace; background: #000a; color: #fff; padding: .2em .5em;
         border-radius: .25rem; overflow-wrap: anywhere; display: inline-block; }
  dl { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; margin: .75rem 0 0; color: var(--quiet); }
  dl div { display: flex; gap: .4rem; }
  dt, dd { margin: 0; }
  dd { color: var(--text); font-variant-numeric: tabular-nums; }
  nav { margin-top: .5rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
  a { color: inherit; }
</style>
</head>
<body>
<main>
  <header><h1 id="name">shm-mjpeg</h1><span id="state" role="status">connecting</span></header>
  <figure id="figure">
    <img id="picture" src="stream/video" alt="live video">
    <figcaption id="notice"><p id="what">Waiting for the first picture</p><p id="why"></p></figcaption>
  </figure>
  <dl>
    <div><dt>Picture</dt><dd id="size">-</dd></div>
    <div><dt>Source</dt><dd id="rate">-</dd></div>
    <div><dt>Frame</dt><dd id="frame">-</dd></div>
    <div><dt>Viewers</dt><dd id="viewers">-</dd></div>
  </dl>
  <nav>
    <a href="snapshot">Snapshot</a><a href="stream/video">Stream</a><a href="stream/video/status">Status</a>
  </nav>
  <noscript><p>Without JavaScript this shows the picture, but not why there is none.</p></noscript>
</main>
<script>
"use strict";
const at = id => document.getElementById(id);
const picture = at("picture"), figure = at("figure");
let isBroken = false;   // the picture's connection is not there any more, or never was

picture.onload = () => figure.classList.add("has-picture");
picture.onerror = () => { isBroken = true; };

// An address that was shown before comes out of the browser's memory, whatever the headers said.
function reconnect() {
  isBroken = false;
  picture.src = "stream/video?key=page-" + Date.now();
}

function say(kind, word, what, why) {
  at("state").dataset.is = kind;
  at("state").textContent = word;
  figure.classList.toggle("is-old", what !== "");
  at("what").textContent = what || "Waiting for the first picture";
  at("why").replaceChildren(...why);
}

function since(frame) {
  if (!frame) return "";
  const s = Math.round(frame.age_ms / 1000);
  const ago = s < 120 ? s + " s" : s < 7200 ? Math.round(s / 60) + " min" : Math.round(s / 3600) + " h";
  return `Last picture ${ago} ago. `;
}

function command(text) {
  const code = document.createElement("code");
  code.textContent = text;
  return ["Start one: ", code];
}

function show(status) {
  const segment = status.segment, frame = segment.last_frame, name = segment.name;
  document.title = name;
  at("name").textContent = name;
  const size = `${segment.width} × ${segment.height} ${segment.format || ""}`;
  at("size").textContent = segment.width ? size : "-";
  at("rate").textContent = segment.fps ? segment.fps.toFixed(1) + " fps" : "-";
  at("frame").textContent = frame ? frame.number : "-";
  at("viewers").textContent = status.streaming.active_streams;
  if (segment.start_command) {
    const what = segment.state === "dead" ? `the writer of ${name} died`
               : segment.state === "closed" ? `the writer of ${name} has stopped`
               : `nothing is published as ${name}`;
    return say("bad", "no video", `No video: ${what}.`, [since(frame), ...command(segment.start_command)]);
  }
  if (isBroken) reconnect();
  if (segment.source_state === "reconnecting")
    return say("warn", "waiting", "The camera is gone; its writer tries to get it back.", [since(frame)]);
  if (segment.source_state === "ended")
    return say("warn", "ended", "The source has come to its end.", [since(frame)]);
  if (segment.state === "stalled")
    return say("warn", "stalled", "The writer lives but publishes no pictures.", [since(frame)]);
  say("good", "live", "", []);
}

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch("stream/video/status", { signal: AbortSignal.timeout(4000) });
      show(await answer.json());
    } catch {
      isBroken = true;
      say("bad", "no server", "The server does not answer.", ["This page goes on by itself when it does."]);
    }
  }
  setTimeout(look, 1000);
}
look();
</script>
</body>
</html>
)page";

}  // namespace

std::string_view page() noexcept { return kPage; }

}  // namespace shmvideo::sink
