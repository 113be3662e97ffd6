// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "source/module/module_source.hpp"

namespace shmvideo::source {

/// Whether `location` is a URL, and not a pipeline in which one stands.
bool is_url(const std::string& location) noexcept;

/// The pipeline, as gst-launch-1.0 has it, that `options` mean; it ends in an appsink. `file_uri` is the
/// location as a URI where it is a file, else empty.
std::string pipeline_text(const ModuleOptions& options, const std::string& file_uri);

}  // namespace shmvideo::source
