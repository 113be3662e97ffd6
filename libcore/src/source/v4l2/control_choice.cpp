// SPDX-License-Identifier: Apache-2.0
// Which control and which value is meant: what needs no device.
#include <fmt/format.h>
#include <linux/v4l2-controls.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <numeric>

#include "shmvideo/error.hpp"
#include "source/v4l2/controls.hpp"

namespace shmvideo::source {
namespace {

/// Further away is another word.
constexpr std::size_t kNearMax = 4;

/// Levenshtein's distance: how many letters to change, add or leave out.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, diagonal + 1, changed});
    }
  }
  return row.back();
}

std::optional<std::uint32_t> number_of(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, is_hex ? 16 : 10);
  const bool is_all = !text.empty() && error == std::errc() && end == text.data() + text.size();
  return is_all ? std::optional(number) : std::nullopt;
}

std::string advice_for(std::span<const Control> controls, const std::string& name) {
  if (controls.empty()) return "it has none";
  const auto apart = [&name](const Control& control) {
    const bool is_part = name.size() >= 3 && control.name.find(name) != std::string::npos;
    return is_part ? std::size_t{0} : distance(name, control.name);
  };
  const auto best = std::ranges::min_element(controls, {}, apart);
  if (apart(*best) < kNearMax) return fmt::format("did you mean {}?", best->name);
  return "--list-controls shows those that it has";
}

std::string choices_of(const Control& control) {
  if (control.kind == ControlKind::boolean) return "0 or 1";
  if (control.menu.empty()) {
    const std::string step = control.step > 1 ? fmt::format(" in steps of {}", control.step) : "";
    return fmt::format("{} to {}{}", control.minimum, control.maximum, step);
  }
  std::vector<std::string> entries;
  for (const MenuEntry& entry : control.menu)
    entries.push_back(fmt::format("{} ({})", entry.index, entry.name));
  return fmt::format("{}", fmt::join(entries, ", "));
}

[[noreturn]] void refuse(const std::string& sentence) { throw Error(ErrorCode::invalid_argument, sentence); }

}  // namespace

std::string control_name(std::string_view title) {
  std::string name;
  bool is_pending = false;
  for (const char letter : title) {
    const auto c = static_cast<unsigned char>(letter);
    if (std::isalnum(c) == 0) {
      is_pending = !name.empty();
      continue;
    }
    if (is_pending) name += '_';
    is_pending = false;
    name += static_cast<char>(std::tolower(c));
  }
  return name;
}

const Control& find_control(std::span<const Control> controls, std::string_view name) {
  const std::string wanted = control_name(name);
  const auto number = number_of(name);
  for (const Control& control : controls) {
    if (control.name == wanted || (number && control.id == *number)) return control;
  }
  refuse(fmt::format("the camera has no control '{}': {}", name, advice_for(controls, wanted)));
}

void check_value(const Control& control, std::int64_t value) {
  if (control.is_read_only) refuse(fmt::format("control {} can only be read", control.name));
  if (!control.is_settable())
    refuse(fmt::format("control {} is not one to be set to a number", control.name));
  if (control.kind == ControlKind::button) return;
  const bool is_within = control.kind == ControlKind::bitmask
                             ? value >= 0 && (value & ~control.maximum) == 0
                             : value >= control.minimum && value <= control.maximum;
  const bool is_entry =
      control.menu.empty() ||
      std::ranges::any_of(control.menu, [value](const MenuEntry& e) { return e.index == value; });
  if (!is_within || !is_entry) {
    refuse(fmt::format("control {} cannot be {}; it takes {}", control.name, value, choices_of(control)));
  }
}

std::optional<std::int64_t> exposure_entry(std::span<const MenuEntry> menu, bool is_automatic) {
  // Most webcams have "manual" and "aperture priority" (their iris is fixed) as their only entries; others
  // "auto" and "manual". Shutter priority is a fixed time with an automatic iris.
  const std::int64_t automatic[] = {V4L2_EXPOSURE_AUTO, V4L2_EXPOSURE_APERTURE_PRIORITY};
  const std::int64_t manual[] = {V4L2_EXPOSURE_MANUAL, V4L2_EXPOSURE_SHUTTER_PRIORITY};
  for (const std::int64_t index : is_automatic ? automatic : manual) {
    if (std::ranges::any_of(menu, [index](const MenuEntry& e) { return e.index == index; })) return index;
  }
  return std::nullopt;
}

void set_exposure(const Device& device, std::span<const Control> controls, std::optional<bool> is_automatic,
                  std::optional<std::int64_t> time_100us) {
  if (time_100us) is_automatic = false;
  if (!is_automatic) return;
  const auto with_id = [controls](std::uint32_t id) -> const Control* {
    const auto found = std::ranges::find(controls, id, &Control::id);
    return found == controls.end() ? nullptr : &*found;
  };
  const Control* mode = with_id(V4L2_CID_EXPOSURE_AUTO);
  const Control* time = with_id(V4L2_CID_EXPOSURE_ABSOLUTE);
  if (!mode && !time) {
    const bool has_own = with_id(V4L2_CID_EXPOSURE) != nullptr;
    refuse(has_own ? "the camera counts its exposure in units of its own: set it by '--control exposure=N'"
                   : "the camera's exposure cannot be set: it has no control for it");
  }
  if (mode) {
    const auto entry = exposure_entry(mode->menu, *is_automatic);
    if (entry) {
      set_control(device, *mode, *entry);
    } else if (*is_automatic) {
      refuse("the camera has no automatic exposure");
    }
  } else if (*is_automatic) {
    refuse("the camera has no automatic exposure");
  }
  if (!time_100us) return;
  if (!time) refuse("the camera's exposure time cannot be set: it has an automatic one only");
  set_control(device, *time, *time_100us);
}

}  // namespace shmvideo::source
