// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shmvideo::capture {

/// Writes the cameras of this machine to standard output: names, stable links, formats, sizes and rates.
/// As JSON: an array with an object for each camera; "problem" is null where a camera can be used.
void list_devices(bool json);

}  // namespace shmvideo::capture
