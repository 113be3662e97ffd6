// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "session/session.hpp"
#include "session/supervised_source.hpp"

namespace shmvideo::capture {

/// Where frames come from, and what can be done when they do not.
struct ChosenSource {
  SourceFactory make;
  Supervision supervision;
};

/// What --device means, with what else was asked of it.
ChosenSource choose_source(const CaptureOptions& options);

/// Whether both sets of options make the same source: what is done about it may differ.
bool is_same_source(const CaptureOptions& one, const CaptureOptions& other);

}  // namespace shmvideo::capture
