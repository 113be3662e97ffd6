// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/messages/log.hpp"

namespace shmvideo::capture {

/// Warns of each option that was given and means nothing to the device.
void warn_of_ignored_options(const CaptureOptions& options, toolkit::Log& log);

}  // namespace shmvideo::capture
