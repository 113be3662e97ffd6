// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "support/temp_place.hpp"

namespace shmvideo_test {

/// A place like /dev/shm: everybody may create in it, nobody removes what is another's.
struct OpenPlace : TempPlace {
  OpenPlace() { std::filesystem::permissions(path(), static_cast<std::filesystem::perms>(01777)); }
};

}  // namespace shmvideo_test
