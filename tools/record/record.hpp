// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "toolkit/tool.hpp"

namespace shmvideo::record {

toolkit::Tool record_tool();

}  // namespace shmvideo::record
