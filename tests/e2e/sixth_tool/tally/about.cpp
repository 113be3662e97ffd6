// SPDX-License-Identifier: Apache-2.0
// What people are told of shm-tally.
#include "options.hpp"
#include "run.hpp"
#include "this_tool.hpp"

shmvideo::toolkit::Tool shmvideo::this_tool() {
  return toolkit::make_tool({.name = "shm-tally",
                             .about = "Count the frames of a segment",
                             .description = "shm-tally counts frames and prints how many there were.",
                             .examples = {{"shm-tally", "Count the only live segment's until Ctrl-C"},
                                          {"shm-tally billiards_video -t 10", "Count for ten seconds"},
                                          {"shm-tally -c 100 --every 2", "Count a hundred of even numbers"}},
                             .see_also = {"shm-capture"}},
                            tally::define, tally::run);
}
