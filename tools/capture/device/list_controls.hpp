// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shmvideo::capture {

/// Writes the controls of the camera that `device` means (a number, a path, or "auto": the first that can
/// be opened) to standard output: range, default, value and menu of each. As JSON: an object with the
/// camera's path and its controls. Throws Error(source_failed).
void list_controls(const std::string& device, bool json);

}  // namespace shmvideo::capture
