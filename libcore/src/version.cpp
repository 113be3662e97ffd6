// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/version.hpp"

namespace shmvideo {

const char* version() noexcept { return SHMVIDEO_VERSION; }

}  // namespace shmvideo
