// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "toolkit/json.hpp"

namespace shmvideo::inspect {

/// The segment format's offsets, sizes and constants, as this program was compiled with them.
std::string layout_text();
toolkit::Json layout_json();

}  // namespace shmvideo::inspect
