// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <mutex>

#include "shmvideo/error.hpp"
#include "source/gstreamer/gstreamer_source.hpp"
#include "source/gstreamer/module_interface.hpp"

namespace shmvideo::source {
namespace {

std::filesystem::path module_path() {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (program.parent_path() / SHMVIDEO_MODULE_FOLDER / "gstreamer.so").lexically_normal();
}

[[noreturn]] void refuse(const std::string& why, const std::string& advice) {
  throw Error(ErrorCode::source_failed,
              fmt::format("this installation has no GStreamer backend: {}; {}", why, advice));
}

/// For the process's life: GStreamer cannot be unloaded.
ModuleMake load() {
  const std::filesystem::path path = module_path();
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    refuse("there is no " + path.string(), "install it together with this program, or use --backend ffmpeg");
  }
  void* const module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module)
    refuse(::dlerror(), "on Debian, apt-get install gstreamer1.0-plugins-base gstreamer1.0-plugins-good");
  const auto tag = reinterpret_cast<ModuleTag>(::dlsym(module, kModuleTagFunction));
  const auto make = reinterpret_cast<ModuleMake>(::dlsym(module, kModuleMakeFunction));
  if (!tag || !make || std::strcmp(tag(), SHMVIDEO_MODULE_TAG) != 0) {
    refuse(fmt::format("{} is of version {}", path.string(), tag ? tag() : "unknown"),
           "install that of " SHMVIDEO_MODULE_TAG);
  }
  return make;
}

}  // namespace

std::unique_ptr<FrameSource> make_gstreamer_source(const GstreamerOptions& options) {
  static std::mutex mutex;
  static ModuleMake make = nullptr;  // a load that failed is tried again
  const std::lock_guard lock(mutex);
  if (!make) make = load();
  return std::unique_ptr<FrameSource>(make(options));
}

}  // namespace shmvideo::source
