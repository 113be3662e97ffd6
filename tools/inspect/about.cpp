// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"
#include "picture/terminal_picture.hpp"
#include "run.hpp"
#include "this_tool.hpp"

namespace shmvideo::inspect {
namespace {

constexpr const char* kDescription =
    R"(shm-inspect looks at segments of live video in shared memory. With a NAME it reports on that segment: who writes it, what its frames are and how they come, what was dropped and why, and who reads it and keeps up or does not. Without one (and without SHM_VIDEO_NAME) it lists all segments, a line each.

It needs only permission to read, changes nothing, takes no part in the traffic and delays nobody: a writer does not even know that it looks. A segment whose writer died or stands still is a report like any other. Of one that was made before the machine was started last no ages are told: its clock is gone.

--save and --picture take the newest frame, also the last one that a dead writer left. Without a NAME they take the only segment with a live writer.

--watch shows the report again and again: in place on a terminal, else a line for each look; with --json an object for each look, on one line. The bars are the history of the rate and of the newest frame's age, one for each look. A reader that missed frames since the last look is called slow, one that took none of them is called stuck. When the segment goes away, --watch waits for it to come back.

--perf shows what each published frame cost its writer since its start, in three stages: read, getting it out of the source without the waiting for it; convert, filling the slot, be it by decoding, converting or copying; publish, taking the slot and announcing the frame. With --watch it is shown again and again.

--metrics prints all segments, or the one that is named, in the text format of Prometheus and exits with 0 also where there is none. A segment that cannot be read, or that is named and not there, has shm_video_segment_up 0.)";

toolkit::ManSection stages_section() {
  return {"STAGES",
          "What shm-capture counts to which stage follows from where frames come from. Times are those that "
          "pass, whether the writer has a processor or not.",
          {{"cameras",
            "read is taking the frame from the driver; convert is copying, converting or, for JPEG, "
            "decoding it into the slot."},
           {"files and streams",
            "read is decoding, or with shm-capture --copy unpacking; convert is converting into the slot. "
            "JPEG is decoded "
            "into the slot, so that it counts to convert. Reading the file or the network goes on beside and "
            "counts nowhere."},
           {"--backend gstreamer", "Decoding goes on inside of it: only convert is measured."},
           {"--backend opencv", "read is OpenCV's reading and decoding, of files only."},
           {"pattern", "Drawing is convert; there is nothing to read."}}};
}

toolkit::ManSection metrics_section() {
  return {
      "METRICS",
      "The output of --metrics is meant for the textfile collector of Prometheus' node_exporter, which reads "
      "whole files only: shm-inspect --metrics >shm_video.tmp && mv shm_video.tmp shm_video.prom, in the "
      "collector's directory, a few times a minute. Counters count from the writer's start. Names and labels "
      "stay what they are; more may be added.",
      {{"shm_video_segments", "How many segments were looked at."},
       {"shm_video_segment_up, _state {state}, _info {kind, format, width, height, source, program, pid}, "
        "_generation",
        "Whether it can be read; 1 for its state; what it is; its number under its name."},
       {"shm_video_slots, _slot_capacity_bytes, _file_bytes", "Its size."},
       {"shm_video_writer_heartbeat_age_seconds, _writer_progress_age_seconds",
        "How long ago the writer showed that it lives, and that its loop turns. Ages are absent where the "
        "machine was started since."},
       {"shm_video_source_state {state}, _source_reopened_total",
        "1 for the state of the source; how often it was opened again."},
       {"shm_video_last_frame_age_seconds, _last_frame_bytes, _frames_per_second, "
        "_nominal_frames_per_second",
        "The newest frame and the rate; the first two are absent before the first frame."},
       {"shm_video_frames_published_total, _frames_dropped_total {cause}, _frames_revoked_total",
        "As published, dropped_by_cause and revoked in JSON."},
       {"shm_video_stage_duration_seconds {stage}",
        "A histogram of what frames cost, for each stage that the writer measures."},
       {"shm_video_readers, _sleepers_woken",
        "Readers that show themselves, and that the newest frame woke."},
       {"shm_video_reader_frames_seen_total, _reader_frames_missed_total, _reader_frames_held {program, pid, "
        "entry}",
        "For each of them; entry is its place in the segment's table of readers."}}};
}

toolkit::ManSection json_section() {
  return {
      "JSON",
      "With --json a segment is an object, and without a NAME all of them are one array. Ages are in "
      "milliseconds, "
      "with three decimals, and null in a segment that was made before the machine was started last. More "
      "keys may be added; these stay what they are.",
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
       {"source_reopened", "How often the source was opened again, since the writer's start."},
       {"stages {read, convert, publish}",
        "What the published frames cost their writer, null where it measured nothing: {frames, mean_us, "
        "p50_us, p90_us, p99_us, max_us, total_ms, share, octaves}. The percentiles are estimates, true to a "
        "factor of two. share is the mean as a part of the time that a frame has at the present rate (null "
        "without one). octaves [{up_to_us, frames}] are the counts that the percentiles come from, without "
        "empty ones; up_to_us is null above 34 s."},
       {"published, fps, frame_time_ms",
        "With --perf, beside name, state and stages: as above, and the time that a frame has."},
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
                   {"shm-inspect --save now.png billiards_video", "Save the newest frame"},
                   {"shm-inspect --metrics >shm_video.tmp && mv shm_video.tmp shm_video.prom",
                    "Tell Prometheus' node_exporter"}},
      .sections = {json_section(), stages_section(), metrics_section()},
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
