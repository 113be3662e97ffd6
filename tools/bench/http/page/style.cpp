// SPDX-License-Identifier: Apache-2.0
#include "http/page/style.hpp"

namespace shmvideo::bench::http {

const char* const kStyle = R"(
:root { color-scheme: light dark;
  --back: #ffffff; --card: #f6f7f9; --text: #1c2024; --quiet: #60656d; --rule: #dfe3e8;
  --one: #1b62c4; --two: #0f8f8c; --three: #c46a00; --four: #b3261e; --good: #1a7f37; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root {
  --back: #14171a; --card: #1d2125; --text: #e6e8ea; --quiet: #9aa1a9; --rule: #33393f;
  --one: #6ea8ff; --two: #4fc7c2; --three: #f0a348; --four: #ff8079; --good: #57c774; --bad: #ff8079; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; }
h1 .PASS { color: var(--good); } h1 .FAIL { color: var(--bad); }
p { margin: 4px 0; } .quiet { color: var(--quiet); overflow-wrap: anywhere; }
.reasons { border-left: 4px solid var(--bad); padding: 4px 12px; margin: 14px 0; }
.warning { border-left: 4px solid var(--three); padding: 4px 12px; margin: 14px 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 10px; margin: 18px 0; }
.tile { background: var(--card); border-radius: 8px; padding: 10px 12px; }
.tile b { display: block; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tile span { color: var(--quiet); font-size: 13px; }
figure { margin: 22px 0 0; } figcaption span { color: var(--quiet); font-size: 13px; margin-left: 6px; }
.none { color: var(--quiet); }
svg { display: block; width: 100%; height: auto; }
.legend { font-size: 13px; color: var(--quiet); margin-top: 2px; } .key { margin-right: 16px; white-space: nowrap; }
.key i { display: inline-block; width: 16px; margin-right: 6px; vertical-align: middle; }
i.stroke { height: 3px; background: var(--colour); } i.fill { height: 10px; background: var(--colour); opacity: .3; }
.one { --colour: var(--one); } .two { --colour: var(--two); } .three { --colour: var(--three); }
.four { --colour: var(--four); } .wanted { --colour: var(--quiet); }
.line { fill: none; stroke: var(--colour); stroke-width: 1.7; stroke-linejoin: round; }
.line.wanted { stroke-dasharray: 5 5; } .dot { fill: var(--colour); } .band { fill: var(--colour); opacity: .2; }
.bar { fill: var(--one); } .bar:hover { fill: var(--three); }
.grid { stroke: var(--rule); } .axis { stroke: var(--quiet); } .mark { stroke: var(--three); stroke-dasharray: 3 3; }
.tick { fill: var(--quiet); font-size: 12px; } .hover { fill: var(--text); opacity: 0; } .hover:hover { opacity: .08; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 3px 8px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--quiet); font-weight: 600; } th.word, td.word { text-align: left; } td.bad { color: var(--bad); font-weight: 600; }
)";

}  // namespace shmvideo::bench::http
