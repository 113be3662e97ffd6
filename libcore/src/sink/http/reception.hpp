// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_set>

#include "sink/events.hpp"
#include "sink/http/door_options.hpp"
#include "sink/http/peer.hpp"
#include "sink/http/router.hpp"
#include "sink/http/traffic.hpp"

namespace shmvideo::sink {

class Connection;

/// What all connections of a server share; outlives them. The loop's thread only.
struct Reception {
  const Router& router;
  Traffic& traffic;
  EventLog log;
  DoorLimits limits{};
  TrustedProxies proxies{};
  std::unordered_set<Connection*> connections{};  ///< those that no handler took over
};

}  // namespace shmvideo::sink
