// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"

namespace soak {

/// A whole soak: says on stdout what goes on and how it ended. True: PASS. SIGINT and SIGTERM end the storm
/// early.
bool run(const Options& options);

}  // namespace soak
