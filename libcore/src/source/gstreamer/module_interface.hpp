// SPDX-License-Identifier: Apache-2.0
// Between the loader and the module that it loads. Both are built from one source tree, which the tag
// makes sure of: what passes between them are C++ objects.
#pragma once

#include "source/gstreamer/gstreamer_source.hpp"

namespace shmvideo::source {

/// What the module is to be built as; a function of this name gives what it was built as.
inline constexpr const char* kModuleTagFunction = "shmvideo_module_tag";
using ModuleTag = const char* (*)();

/// The function that makes a source, to be deleted by the caller. Throws Error.
inline constexpr const char* kModuleMakeFunction = "shmvideo_module_make_source";
using ModuleMake = FrameSource* (*)(const GstreamerOptions& options);

}  // namespace shmvideo::source
