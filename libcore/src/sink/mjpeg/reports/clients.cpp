// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/clients.hpp"

#include <cmath>
#include <utility>

#include "segment/clock.hpp"
#include "sink/mjpeg/viewers/stream_cookie.hpp"

namespace shmvideo::sink {
namespace {

Json describe(const ViewerFacts& facts, std::uint64_t now_ns, const Access& asker) {
  const std::uint64_t since_ns = realtime_ns() - age_ns(now_ns, facts.connected_ns);
  Json client{{"id", viewer_id_text(facts.id)},
              {"peer", asker.is_admin() ? facts.peer : ""},
              {"key", facts.key},
              {"agent", facts.agent},
              {"since", rounded(static_cast<double>(since_ns) / 1e9)},
              {"quality", facts.rendition.quality},
              {"width", facts.rendition.width},
              {"height", facts.rendition.height},
              {"fps_limit", rounded(facts.fps_limit)},
              {"fps", rounded(facts.fps)},
              {"bytes_per_second", std::llround(facts.bytes_per_second)},
              {"frames", facts.frames},
              {"skipped", facts.skipped},
              {"bytes", facts.bytes},
              {"lag_ms", rounded(facts.lag_ms)},
              {"queued_bytes", std::llround(facts.queued_bytes)},
              {"reason", nullptr}};
  if (!facts.reason.empty()) client["reason"] = facts.reason;
  return client;
}

}  // namespace

Json describe_clients(const Channel& channel, const Access& asker) {
  const std::uint64_t now_ns = monotonic_ns();
  Json clients = Json::array();
  for (const Viewer* viewer : channel.viewers())
    if (viewer->is_stream()) clients.push_back(describe(viewer->facts(now_ns), now_ns, asker));
  return clients;
}

}  // namespace shmvideo::sink
