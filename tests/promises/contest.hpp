// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "process.hpp"

namespace shmvideo_test {

/// What became of writers that all wanted one name.
struct Contest {
  std::size_t winners = 0;
  std::size_t refused = 0;
};

/// Starts `count` writers of large segments at once and hears them all out.
inline Contest compete(std::vector<Peer>& peers, std::size_t count) {
  Contest contest;
  // Large, so that making the segment takes the winner longer than the others need to look.
  for (std::size_t i = 0; i < count; ++i)
    peers.push_back(Peer({"write", "name", "slots=8", "bytes=8000000"}));
  for (Peer& peer : peers) {
    const std::string answer = peer.line();
    contest.winners += answer.starts_with("ready");
    contest.refused += answer.starts_with("error writer_exists");
  }
  return contest;
}

}  // namespace shmvideo_test
