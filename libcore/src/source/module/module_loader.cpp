// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "shmvideo/error.hpp"
#include "source/module/module_interface.hpp"
#include "source/module/module_source.hpp"

namespace shmvideo::source {
namespace {

struct Facts {
  const char* file;
  const char* library;   // for people
  const char* package;   // of ours, that it comes in
  const char* packages;  // of Debian's, that it needs
};

/// In the order of SourceModule.
constexpr std::array<Facts, 2> kModules{
    {{"gstreamer.so", "GStreamer", "shm-video-gstreamer",
      "gstreamer1.0-plugins-base gstreamer1.0-plugins-good"},
     {"opencv.so", "OpenCV", "shm-video-opencv", "libopencv-videoio-dev"}}};

std::filesystem::path path_of(const Facts& facts) {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (program.parent_path() / SHMVIDEO_MODULE_FOLDER / facts.file).lexically_normal();
}

[[noreturn]] void refuse(const Facts& facts, const std::string& why, const std::string& advice) {
  throw Error(ErrorCode::source_failed,
              fmt::format("this installation has no {} backend: {}; {}", facts.library, why, advice));
}

/// For the process's life: libraries of this size cannot be unloaded.
ModuleMake load(const Facts& facts) {
  const std::filesystem::path path = path_of(facts);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    refuse(facts, "there is no " + path.string(),
           fmt::format("install it (on Debian, the package {}) or use --backend auto", facts.package));
  }
  void* const module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module) refuse(facts, ::dlerror(), fmt::format("on Debian, apt-get install {}", facts.packages));
  const auto tag = reinterpret_cast<ModuleTag>(::dlsym(module, kModuleTagFunction));
  const auto make = reinterpret_cast<ModuleMake>(::dlsym(module, kModuleMakeFunction));
  if (!tag || !make || std::strcmp(tag(), SHMVIDEO_MODULE_TAG) != 0) {
    refuse(facts, fmt::format("{} is of version {}", path.string(), tag ? tag() : "unknown"),
           "install that of " SHMVIDEO_MODULE_TAG);
  }
  return make;
}

}  // namespace

std::unique_ptr<FrameSource> make_module_source(SourceModule module, const ModuleOptions& options) {
  static std::mutex mutex;
  static std::array<ModuleMake, kModules.size()> loaded{};  // a load that failed is tried again
  const auto index = static_cast<std::size_t>(module);
  const std::lock_guard lock(mutex);
  if (!loaded[index]) loaded[index] = load(kModules[index]);
  return std::unique_ptr<FrameSource>(loaded[index](options));
}

}  // namespace shmvideo::source
