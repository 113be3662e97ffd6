// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/camera_list.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "shmvideo/error.hpp"
#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kStem = "video";

std::optional<unsigned> node_number(const std::string& name) {
  if (!name.starts_with(kStem)) return std::nullopt;
  unsigned number = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + kStem.size(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

std::vector<std::string> links_to(const std::string& path) {
  std::vector<std::string> links;
  struct stat device {};
  if (::stat(path.c_str(), &device) != 0) return links;
  for (const char* folder : {"/dev/v4l/by-id", "/dev/v4l/by-path"}) {
    std::vector<std::string> here;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      struct stat status {};  // not by fs::equivalent(), which knows files and folders only
      const bool is_device = ::stat(it->path().c_str(), &status) == 0 && S_ISCHR(status.st_mode);
      if (is_device && status.st_rdev == device.st_rdev) here.push_back(it->path().string());
    }
    std::ranges::sort(here);
    links.insert(links.end(), here.begin(), here.end());
  }
  return links;
}

/// What the kernel calls it, without opening it.
std::string label_of(const std::string& path) {
  std::string label;
  std::ifstream name("/sys/class/video4linux/" + fs::path(path).filename().string() + "/name");
  std::getline(name, label);
  return label;
}

}  // namespace

std::vector<std::string> video_nodes() {
  std::vector<std::pair<unsigned, std::string>> nodes;
  std::error_code error;
  for (fs::directory_iterator it("/dev", error), end; !error && it != end; it.increment(error)) {
    if (const auto number = node_number(it->path().filename().string()))
      nodes.emplace_back(*number, it->path());
  }
  std::ranges::sort(nodes);
  std::vector<std::string> paths;
  for (auto& [number, path] : nodes) paths.push_back(std::move(path));
  return paths;
}

std::vector<Camera> list_cameras() {
  std::vector<Camera> cameras;
  for (const std::string& path : video_nodes()) {
    Camera camera;
    camera.path = path;
    try {
      const Device device(path);
      const Capabilities& facts = device.capabilities();
      if (!facts.can_capture()) continue;
      camera.driver = facts.driver;
      camera.card = facts.card;
      camera.bus = facts.bus;
      camera.formats = read_formats(device);
    } catch (const Error& error) {
      camera.card = label_of(path);
      camera.problem = error.what();
    }
    camera.links = links_to(path);
    cameras.push_back(std::move(camera));
  }
  return cameras;
}

std::string cameras_found() {
  std::vector<std::string> found;
  for (const std::string& path : video_nodes()) {
    const std::string label = label_of(path);
    found.push_back(label.empty() ? path : fmt::format("{} ({})", path, label));
  }
  return found.empty() ? "there is no /dev/video* here; '--device pattern' needs no camera"
                       : fmt::format("found: {}", fmt::join(found, ", "));
}

}  // namespace shmvideo::source
