// SPDX-License-Identifier: Apache-2.0
#include "device/list_controls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "shmvideo/error.hpp"
#include "source/v4l2/camera_list.hpp"
#include "source/v4l2/camera_source.hpp"
#include "source/v4l2/controls.hpp"
#include "toolkit/json.hpp"
#include "toolkit/terminal/output.hpp"

namespace shmvideo::capture {
namespace {

using source::Control;
using source::ControlKind;
using toolkit::Json;

bool has_range(const Control& control) {
  return control.kind == ControlKind::integer || control.kind == ControlKind::bitmask;
}

std::string range_text(const Control& control) {
  switch (control.kind) {
    case ControlKind::boolean:
      return "0 or 1";
    case ControlKind::integer:
      return fmt::format("{} to {}{}", control.minimum, control.maximum,
                         control.step > 1 ? fmt::format(", step {}", control.step) : "");
    case ControlKind::bitmask:
      return fmt::format("bits of 0x{:x}", control.maximum);
    default:
      return to_string(control.kind);
  }
}

std::string value_text(const Control& control) {
  std::string text;
  if (control.value) {
    const bool is_bits = control.kind == ControlKind::bitmask;
    text = is_bits ? fmt::format("0x{:x} (default 0x{:x})", *control.value, control.default_value)
                   : fmt::format("{} (default {})", *control.value, control.default_value);
  }
  if (control.is_read_only) text += text.empty() ? "read-only" : ", read-only";
  if (control.is_inactive) text += text.empty() ? "inactive" : ", inactive";
  return text;
}

std::string as_text(const std::string& path, const std::vector<Control>& controls) {
  if (controls.empty()) return fmt::format("{} has no controls.\n", path);
  std::size_t name_width = 0;
  std::size_t range_width = 0;
  for (const Control& control : controls) {
    name_width = std::max(name_width, control.name.size());
    if (range_text(control).size() <= 24) range_width = std::max(range_width, range_text(control).size());
  }
  std::string text;
  std::string group;
  for (const Control& control : controls) {
    if (control.group != group) text += fmt::format("{}{}\n", text.empty() ? "" : "\n", control.group);
    group = control.group;
    std::string line = fmt::format("  {:<{}}  {:<{}}  {}", control.name, name_width, range_text(control),
                                   range_width, value_text(control));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
    for (const source::MenuEntry& entry : control.menu) {
      text += fmt::format("    {:>{}} {}\n", fmt::format("{}:", entry.index), 4, entry.name);
    }
  }
  return text;
}

Json as_json(const Control& control) {
  Json json{{"name", control.name},
            {"id", fmt::format("0x{:08x}", control.id)},
            {"title", control.title},
            {"group", control.group},
            {"type", to_string(control.kind)}};
  if (has_range(control)) {
    json["min"] = control.minimum;
    json["max"] = control.maximum;
    json["step"] = control.step;
  }
  if (control.value) json["default"] = control.default_value;
  json["value"] = control.value ? Json(*control.value) : Json(nullptr);
  if (!control.menu.empty()) {
    Json menu = Json::array();
    for (const source::MenuEntry& entry : control.menu) {
      menu.push_back({{"value", entry.index}, {"name", entry.name}});
    }
    json["menu"] = std::move(menu);
  }
  json["settable"] = control.is_settable();
  json["inactive"] = control.is_inactive;
  return json;
}

/// "auto" is the first camera that can be asked: its controls are there whether it delivers or not.
std::string path_of(const std::string& device) {
  if (device != "auto") return source::camera_path(device);
  for (const source::Camera& camera : source::list_cameras()) {
    if (camera.problem.empty()) return camera.path;
  }
  throw Error(ErrorCode::source_failed, "there is no camera to list controls of; " + source::cameras_found());
}

}  // namespace

void list_controls(const std::string& device, bool json) {
  const std::string path = path_of(device);
  const std::vector<Control> controls = source::list_controls(path);
  if (!json) return toolkit::write_output(as_text(path, controls));
  Json list = Json::array();
  for (const Control& control : controls) list.push_back(as_json(control));
  toolkit::write_output(toolkit::to_lines({{"device", path}, {"controls", std::move(list)}}));
}

}  // namespace shmvideo::capture
