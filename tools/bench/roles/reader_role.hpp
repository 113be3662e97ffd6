// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ledger/ledger.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::bench {

/// The process of one client: reads, checks and counts until it is told to stop, its time has come
/// (--churn) or the supervisor is gone. What goes wrong stands in its page then.
toolkit::ExitCode run_reader(const Ledger& ledger, std::uint32_t client, toolkit::ToolContext& context);

}  // namespace shmvideo::bench
