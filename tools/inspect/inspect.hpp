// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "toolkit/tool.hpp"

namespace shmvideo::inspect {

/// shm-inspect: what people are told of it, its options, and its work.
toolkit::Tool inspect_tool();

}  // namespace shmvideo::inspect
