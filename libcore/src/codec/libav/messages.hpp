// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

namespace shmvideo::codec::libav {

/// Gives every message of FFmpeg's libraries, a line without its end, to `listener`; an empty one makes
/// them silent. From any thread that uses them, also from several at once. Process-wide: for a program to
/// call at its start, not for libraries.
void route_messages_of_process(std::function<void(std::string_view)> listener);

}  // namespace shmvideo::codec::libav
