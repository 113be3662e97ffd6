// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "toolkit/tool.hpp"

namespace shmvideo::capture {

toolkit::Tool capture_tool();

}  // namespace shmvideo::capture
