// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shmvideo/error.hpp"

namespace shmvideo {

/// An Error(system) that ends with what `number` (an errno) means.
Error system_error(const std::string& what, int number);

}  // namespace shmvideo
