// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "session.hpp"
#include "supervised_source.hpp"
#include "toolkit/log.hpp"

namespace shmvideo::capture {

/// Where frames come from, and what can be done when they do not.
struct ChosenSource {
  SourceFactory make;
  Supervision supervision;
};

/// What --device means, with what else was asked of it. Warns of options that mean nothing to it.
/// Throws Error(invalid_argument), UsageError.
ChosenSource choose_source(const CaptureOptions& options, toolkit::Log& log);

}  // namespace shmvideo::capture
