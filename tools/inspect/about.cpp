// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"
#include "picture/terminal_picture.hpp"
#include "run.hpp"
#include "this_tool.hpp"

namespace shmvideo::inspect {
namespace {

constexpr const char* kDescription =
    R"(shm-inspect looks at segments of live video in shared memory. With a NAME it reports on that segment: who writes it, what its frames are and how they come, what was dropped and why, and who reads it and keeps up or does not. Without one (and without SHM_VIDEO_NAME) it lists all segments, a line each.

It needs only permission to read, changes nothing, takes no part in the traffic and delays nobody: a writer does not even know that it looks. A segment whose writer died or stands still is a report like any other.

--save and --picture take the newest frame, also the last one that a dead writer left. Without a NAME they take the only segment with a live writer.

--watch shows the report again and again: in place on a terminal, else a line for each look; with --json an object for each look, on one line. The bars are the history of the rate and of the newest frame's age, one for each look. A reader that missed frames since the last look is called slow, one that took none of them is called stuck. When the segment goes away, --watch waits for it to come back.)";

toolkit::ManSection json_section() {
  return {
      "JSON",
      "With --json a segment is an object, and without a NAME all of them are one array. Ages are in "
      "milliseconds, "
      "with three decimals. More keys may be added; these stay what they are.",
      {{"name, path", "The segment and its file."},
       {"state",
        "live, stalled (its writer lives, but publishes nothing), dead (its writer ended without closing "
        "it) or closed. In a list: unreadable, with an object error {code, message} and little else. "
        "With --watch: absent, while there is none."},
       {"source_state, source_state_age_ms", "ok, reconnecting or ended, and for how long."},
       {"source", "What the frames come from, as the writer tells it."},
       {"generation, stream_uuid",
        "The number of this segment under its name, and the mark of the writer's start."},
       {"abi", "The version of the segment's format."},
       {"kind, format, width, height",
        "raw or coded; what the newest frame is, or will be if there is none yet."},
       {"fps, nominal_fps",
        "Frames a second by the capture times of the frames that are there, and as the writer "
        "announces them; 0 where unknown."},
       {"measured_fps", "Only with --watch: frames a second since the look before, null at the first one."},
       {"slots, slot_capacity_bytes, file_bytes",
        "How many frames have room, how large each may be, and the size of all."},
       {"mode, owner {uid, gid}", "Who may read it."},
       {"created, age_ms", "When this generation was made (UTC), and how long ago."},
       {"published, dropped, dropped_by_cause, revoked",
        "Frames since the writer's start, over all its generations: published; not published, in all and by "
        "cause (source: lost before they reached the writer, corrupt, too_large for a slot, no_slot free, "
        "late); and taken back from readers that held every slot."},
       {"latest_key, extradata_bytes",
        "The newest key frame's number, and the size of the codec's parameters."},
       {"last_frame {number, age_ms, bytes, format, width, height, key, capture_time}",
        "The newest frame, null before the first. Its age counts from its capture."},
       {"writer {pid, uid, program, heartbeat_age_ms, progress_age_ms, sleepers_woken}",
        "Who writes it, how long ago it showed that it lives and that its loop turns, and how many readers "
        "the newest "
        "frame woke. The pid is the one in the writer's own container."},
       {"readers [{pid, program, grade, seen, missed, held, last_number, updated_age_ms}]",
        "Who reads it and shows it: observe, copy or hold; frames that it got, that were published without "
        "it getting "
        "them, and that it holds now; the newest it got, and how long ago it told so."}}};
}

toolkit::ToolInfo info() {
  toolkit::ToolInfo info{
      .name = "shm-inspect",
      .about = "Show the live video in shared memory, who writes it and who reads it",
      .description = kDescription,
      .examples = {{"shm-inspect", "List all segments"},
                   {"shm-inspect --watch billiards_video", "See whether frames come and who is slow"},
                   {"shm-inspect --json billiards_video | jq .last_frame.age_ms", "Ask for one number"},
                   {"shm-inspect --save now.png billiards_video", "Save the newest frame"}},
      .sections = {json_section()},
      .see_also = {"shm-capture", "shm-mjpeg"},
      .features = {"png", "jpeg"}};
  if (can_show_pictures()) info.features.push_back("chafa");
  return info;
}

}  // namespace
}  // namespace shmvideo::inspect

shmvideo::toolkit::Tool shmvideo::this_tool() {
  return toolkit::make_tool(inspect::info(), inspect::define, inspect::run);
}
