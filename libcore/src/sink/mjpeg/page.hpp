// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace shmvideo::sink {

/// The page at "/": the stream, and a line that says how it is. Complete in itself.
std::string_view page() noexcept;

}  // namespace shmvideo::sink
