// SPDX-License-Identifier: Apache-2.0
// What a module shows to the loader; a part of each.
#include <type_traits>

#include "source/module/module_interface.hpp"

extern "C" {

[[gnu::visibility("default")]] const char* shmvideo_module_tag() { return SHMVIDEO_MODULE_TAG; }

[[gnu::visibility("default")]] shmvideo::source::FrameSource* shmvideo_module_make_source(
    const shmvideo::source::ModuleOptions& options) {
  return shmvideo::source::make_source(options).release();
}
}

static_assert(std::is_same_v<decltype(&shmvideo_module_tag), shmvideo::source::ModuleTag>);
static_assert(std::is_same_v<decltype(&shmvideo_module_make_source), shmvideo::source::ModuleMake>);
