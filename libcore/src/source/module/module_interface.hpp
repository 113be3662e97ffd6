// SPDX-License-Identifier: Apache-2.0
// Between the loader and the modules that it loads. All are built from one source tree, which the tag
// makes sure of: what passes between them are C++ objects.
#pragma once

#include <memory>

#include "source/module/module_source.hpp"

namespace shmvideo::source {

/// Defined once in each module: its source.
std::unique_ptr<FrameSource> make_source(const ModuleOptions& options);

/// What the module is to be built as; a function of this name gives what it was built as.
inline constexpr const char* kModuleTagFunction = "shmvideo_module_tag";
using ModuleTag = const char* (*)();

/// The function that makes a source, to be deleted by the caller. Throws Error.
inline constexpr const char* kModuleMakeFunction = "shmvideo_module_make_source";
using ModuleMake = FrameSource* (*)(const ModuleOptions& options);

}  // namespace shmvideo::source
