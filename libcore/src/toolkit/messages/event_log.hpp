// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sink/events.hpp"
#include "toolkit/messages/log.hpp"

namespace shmvideo::toolkit {

/// What happens in a sink's life goes to the tool's log, which must outlive it.
inline sink::EventLog log_events(Log& log) {
  return [&log](sink::EventLevel level, const std::string& sentence) {
    switch (level) {
      case sink::EventLevel::warn:
        return log.warn("{}", sentence);
      case sink::EventLevel::info:
        return log.info("{}", sentence);
      case sink::EventLevel::debug:
        return log.debug("{}", sentence);
    }
  };
}

}  // namespace shmvideo::toolkit
