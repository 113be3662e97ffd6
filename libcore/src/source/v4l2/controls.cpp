// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/controls.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>

#include <cerrno>
#include <cstring>

#include "shmvideo/error.hpp"
#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

/// A driver that never ends its list is not followed for ever.
constexpr int kControlsMax = 1024;
constexpr std::int64_t kMenuMax = 256;

ControlKind kind_of(std::uint32_t type) {
  switch (type) {
    case V4L2_CTRL_TYPE_INTEGER:
    case V4L2_CTRL_TYPE_INTEGER64:
      return ControlKind::integer;
    case V4L2_CTRL_TYPE_BOOLEAN:
      return ControlKind::boolean;
    case V4L2_CTRL_TYPE_MENU:
      return ControlKind::menu;
    case V4L2_CTRL_TYPE_INTEGER_MENU:
      return ControlKind::integer_menu;
    case V4L2_CTRL_TYPE_BUTTON:
      return ControlKind::button;
    case V4L2_CTRL_TYPE_BITMASK:
      return ControlKind::bitmask;
    case V4L2_CTRL_TYPE_STRING:
      return ControlKind::text;
    default:
      return ControlKind::other;
  }
}

std::vector<MenuEntry> read_menu(const Device& device, const Control& control) {
  std::vector<MenuEntry> menu;
  for (std::int64_t i = control.minimum; i <= control.maximum && i - control.minimum < kMenuMax; ++i) {
    v4l2_querymenu entry{};
    entry.id = control.id;
    entry.index = static_cast<std::uint32_t>(i);
    if (device.call(VIDIOC_QUERYMENU, &entry) != 0) continue;  // menus have holes
    const bool is_number = control.kind == ControlKind::integer_menu;
    menu.push_back({i, is_number ? std::to_string(entry.value) : kernel_text(entry.name)});
  }
  return menu;
}

std::optional<std::int64_t> read_value(const Device& device, const Control& control, std::uint32_t type) {
  v4l2_ext_control one{};
  one.id = control.id;
  v4l2_ext_controls all{};
  all.which = V4L2_CTRL_WHICH_CUR_VAL;
  all.count = 1;
  all.controls = &one;
  if (device.call(VIDIOC_G_EXT_CTRLS, &all) == 0) {
    if (type == V4L2_CTRL_TYPE_INTEGER64) return static_cast<std::int64_t>(one.value64);
    const auto value = static_cast<std::int32_t>(one.value);
    if (type == V4L2_CTRL_TYPE_BITMASK) return static_cast<std::uint32_t>(value);
    return value;
  }
  v4l2_control old{};  // drivers without the extended calls
  old.id = control.id;
  return device.call(VIDIOC_G_CTRL, &old) == 0 ? std::optional<std::int64_t>(old.value) : std::nullopt;
}

Control control_of(const Device& device, const v4l2_query_ext_ctrl& answer) {
  Control control;
  control.id = answer.id;
  control.title = kernel_text(answer.name);
  control.name = control_name(control.title);
  control.kind = answer.nr_of_dims > 0 ? ControlKind::other : kind_of(answer.type);
  control.minimum = answer.minimum;
  control.maximum = answer.maximum;
  if (control.kind == ControlKind::bitmask) control.maximum = static_cast<std::uint32_t>(answer.maximum);
  control.step = static_cast<std::int64_t>(answer.step);
  control.default_value = answer.default_value;
  control.is_read_only = answer.flags & V4L2_CTRL_FLAG_READ_ONLY;
  control.is_inactive = answer.flags & V4L2_CTRL_FLAG_INACTIVE;
  const bool has_value = control.kind != ControlKind::button && control.kind != ControlKind::text &&
                         control.kind != ControlKind::other && !(answer.flags & V4L2_CTRL_FLAG_WRITE_ONLY);
  if (has_value) control.value = read_value(device, control, answer.type);
  if (control.kind == ControlKind::menu || control.kind == ControlKind::integer_menu) {
    control.menu = read_menu(device, control);
  }
  return control;
}

/// The same, from drivers that know the older call only.
bool query(const Device& device, v4l2_query_ext_ctrl& answer) {
  const std::uint32_t asked = answer.id;
  if (device.call(VIDIOC_QUERY_EXT_CTRL, &answer) == 0) return true;
  v4l2_queryctrl old{};
  old.id = asked;
  if (device.call(VIDIOC_QUERYCTRL, &old) != 0) return false;
  answer = {};
  answer.id = old.id;
  answer.type = old.type;
  std::memcpy(answer.name, old.name, sizeof answer.name);
  answer.minimum = old.minimum;
  answer.maximum = old.maximum;
  answer.step = static_cast<std::uint64_t>(old.step);
  answer.default_value = old.default_value;
  answer.flags = old.flags;
  return true;
}

}  // namespace

const char* to_string(ControlKind kind) noexcept {
  switch (kind) {
    case ControlKind::integer:
      return "integer";
    case ControlKind::boolean:
      return "boolean";
    case ControlKind::menu:
      return "menu";
    case ControlKind::integer_menu:
      return "integer menu";
    case ControlKind::button:
      return "button";
    case ControlKind::bitmask:
      return "bitmask";
    case ControlKind::text:
      return "text";
    case ControlKind::other:
      break;
  }
  return "other";
}

bool Control::is_settable() const noexcept {
  return !is_read_only && kind != ControlKind::text && kind != ControlKind::other;
}

std::vector<Control> read_controls(const Device& device) {
  std::vector<Control> controls;
  std::string group;
  std::uint32_t id = 0;
  for (int i = 0; i < kControlsMax; ++i) {
    v4l2_query_ext_ctrl answer{};
    answer.id = id | V4L2_CTRL_FLAG_NEXT_CTRL;
    if (!query(device, answer) || answer.id <= id) break;
    id = answer.id;
    if (answer.type == V4L2_CTRL_TYPE_CTRL_CLASS) {
      group = kernel_text(answer.name);
    } else if (!(answer.flags & V4L2_CTRL_FLAG_DISABLED)) {
      controls.push_back(control_of(device, answer));
      controls.back().group = group;
    }
  }
  return controls;
}

std::vector<Control> list_controls(const std::string& path) { return read_controls(Device(path)); }

void set_control(const Device& device, const Control& control, std::int64_t value) {
  check_value(control, value);
  v4l2_ext_control one{};
  one.id = control.id;
  one.value64 = value;  // the lower half of which is `value`, for controls of 32 bits
  v4l2_ext_controls all{};
  all.which = V4L2_CTRL_WHICH_CUR_VAL;
  all.count = 1;
  all.controls = &one;
  int number = device.call(VIDIOC_S_EXT_CTRLS, &all);
  if (number == ENOTTY) {  // drivers without the extended calls
    v4l2_control old{control.id, static_cast<std::int32_t>(value)};
    number = device.call(VIDIOC_S_CTRL, &old);
  }
  if (number == 0) return;
  const char* advice =
      number == EACCES || number == EBUSY ? "; another control may have to be set first" : "";
  throw Error(ErrorCode::source_failed,
              fmt::format("cannot set control {} of {} to {}: {}{}", control.name, device.path(), value,
                          std::strerror(number), advice),
              number);
}

}  // namespace shmvideo::source
