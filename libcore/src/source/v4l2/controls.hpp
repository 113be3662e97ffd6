// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shmvideo::source {

class Device;

enum class ControlKind { integer, boolean, menu, integer_menu, button, bitmask, text, other };

/// "integer", "boolean", "menu", ...
const char* to_string(ControlKind kind) noexcept;

struct MenuEntry {
  std::int64_t index = 0;  ///< what the control is set to
  std::string name;
};

/// A control of a camera; a plain value.
struct Control {
  std::uint32_t id = 0;
  std::string name;   ///< as v4l2-ctl spells it: "white_balance_automatic"
  std::string title;  ///< the driver's: "White Balance, Automatic"
  std::string group;  ///< "User Controls"
  ControlKind kind = ControlKind::other;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::int64_t step = 0;
  std::int64_t default_value = 0;
  std::optional<std::int64_t> value;  ///< nothing where there is none to read
  std::vector<MenuEntry> menu;
  bool is_read_only = false;
  bool is_inactive = false;  ///< has no effect as another control stands now

  bool is_settable() const noexcept;  ///< to a number
};

std::vector<Control> read_controls(const Device& device);
/// Of the camera at `path`. Throws Error(source_failed).
std::vector<Control> list_controls(const std::string& path);

/// By name, case and blanks not mattering, or by number ("0x00980900", "9963776"). Throws
/// Error(invalid_argument) that says what comes near, or what there is.
const Control& find_control(std::span<const Control> controls, std::string_view name);
/// Throws Error(invalid_argument) that says what the control can be.
void check_value(const Control& control, std::int64_t value);
/// Throws Error(invalid_argument, source_failed).
void set_control(const Device& device, const Control& control, std::int64_t value);

/// v4l2-ctl's spelling of a title: lower case, runs of anything but letters and digits as one '_'.
std::string control_name(std::string_view title);

/// The entry of the exposure menu that means automatic, or a fixed time: drivers differ in which they have.
/// Nothing if there is none.
std::optional<std::int64_t> exposure_entry(std::span<const MenuEntry> menu, bool is_automatic);
/// Both as CameraOptions has them. Throws Error(invalid_argument, source_failed).
void set_exposure(const Device& device, std::span<const Control> controls, std::optional<bool> is_automatic,
                  std::optional<std::int64_t> time_100us);

}  // namespace shmvideo::source
