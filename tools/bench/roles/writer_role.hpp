// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/ledger.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::bench {

/// The process of the own writer: publishes stamped frames until it is told to stop or the supervisor is
/// gone. What goes wrong stands in its page then.
toolkit::ExitCode run_writer(const Ledger& ledger, toolkit::ToolContext& context);

}  // namespace shmvideo::bench
