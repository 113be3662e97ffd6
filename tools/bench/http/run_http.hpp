// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::bench::http {

/// A run against a server, as --http asks for it, with its report.
toolkit::ExitCode run_http(const BenchOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::bench::http
