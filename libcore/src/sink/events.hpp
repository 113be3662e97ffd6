// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace shmvideo::sink {

enum class EventLevel { warn, info, debug };

/// Told what happens in a sink's life, a sentence at a time, for whatever log the program has.
/// Called on the thread that runs the sink.
using EventLog = std::function<void(EventLevel level, const std::string& sentence)>;

}  // namespace shmvideo::sink
