// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "toolkit/tool.hpp"

namespace shmvideo {

/// What the program is: defined by each tool in its about.cpp.
toolkit::Tool this_tool();

}  // namespace shmvideo
