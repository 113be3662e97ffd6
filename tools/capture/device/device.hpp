// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shmvideo::capture {

/// Which library fetches the frames.
enum class Backend { automatic, v4l2, ffmpeg, gstreamer, opencv };

/// What a --device is.
enum class DeviceKind { pattern, camera, file, pipe, url, standard_input, pipeline };

/// Looks at the text, and at the file system where that decides.
DeviceKind kind_of(const std::string& device);
/// The one that fetches frames from such a device where another is not asked for; automatic for the pattern,
/// which needs none.
Backend backend_for(DeviceKind kind);
/// Throws UsageError if `backend` takes no such device.
void check_backend(Backend backend, const std::string& device);
/// How a device is called in messages: its path where it is a camera, and without passwords.
std::string shown_device(const std::string& device);

}  // namespace shmvideo::capture
