// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "shmvideo/error.hpp"
#include "source/v4l2/controls.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::source;

namespace {

Control control(std::uint32_t id, const std::string& title, ControlKind kind, std::int64_t minimum,
                std::int64_t maximum) {
  Control made;
  made.id = id;
  made.title = title;
  made.name = control_name(title);
  made.kind = kind;
  made.minimum = minimum;
  made.maximum = maximum;
  made.step = 1;
  return made;
}

const std::vector<Control> kControls{
    control(0x980900, "Brightness", ControlKind::integer, 0, 255),
    control(0x98090c, "White Balance, Automatic", ControlKind::boolean, 0, 1),
    control(0x980918, "Power Line Frequency", ControlKind::menu, 0, 2),
};

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("controls are spelt as v4l2-ctl spells them") {
  CHECK(control_name("White Balance, Automatic") == "white_balance_automatic");
  CHECK(control_name("Exposure Time, Absolute") == "exposure_time_absolute");
  CHECK(control_name("Gain (dB)") == "gain_db");
  CHECK(control_name("U32 1 Element Array") == "u32_1_element_array");
  CHECK(control_name("").empty());
}

TEST_CASE("a control is found by name in any case, and by number") {
  CHECK(find_control(kControls, "brightness").id == 0x980900);
  CHECK(find_control(kControls, "White_Balance_Automatic").id == 0x98090c);
  CHECK(find_control(kControls, "white balance automatic").id == 0x98090c);
  CHECK(find_control(kControls, "0x00980918").name == "power_line_frequency");
  CHECK(find_control(kControls, "9963776").name == "brightness");
}

TEST_CASE("a control that is not there is answered with what comes near") {
  CHECK(refusal([] { find_control(kControls, "britness"); }) ==
        "the camera has no control 'britness': did you mean brightness?");
  CHECK(refusal([] { find_control(kControls, "power_line"); }) ==
        "the camera has no control 'power_line': did you mean power_line_frequency?");
  CHECK(refusal([] { find_control(kControls, "zoom_absolute"); }) ==
        "the camera has no control 'zoom_absolute': --list-controls shows those that it has");
  CHECK(refusal([] { find_control({}, "gain"); }) == "the camera has no control 'gain': it has none");
}

TEST_CASE("values beyond what a control takes are refused with what it takes") {
  CHECK_NOTHROW(check_value(kControls[0], 255));
  CHECK(refusal([] { check_value(kControls[0], 256); }) ==
        "control brightness cannot be 256; it takes 0 to 255");
  CHECK(refusal([] { check_value(kControls[1], 2); }) ==
        "control white_balance_automatic cannot be 2; it takes 0 or 1");
  Control menu = kControls[2];
  menu.menu = {{0, "Disabled"}, {2, "60 Hz"}};
  CHECK_NOTHROW(check_value(menu, 2));
  CHECK(refusal([&] { check_value(menu, 1); }) ==
        "control power_line_frequency cannot be 1; it takes 0 (Disabled), 2 (60 Hz)");
  Control bits = control(1, "Bits", ControlKind::bitmask, 0, 0xf0);
  CHECK_NOTHROW(check_value(bits, 0x30));
  CHECK(refusal([&] { check_value(bits, 0x31); }).find("cannot be") != std::string::npos);
  Control fixed = kControls[0];
  fixed.is_read_only = true;
  CHECK(refusal([&] { check_value(fixed, 1); }) == "control brightness can only be read");
}

TEST_CASE("both conventions of the exposure menu are understood") {
  const std::vector<MenuEntry> webcam{{1, "Manual Mode"}, {3, "Aperture Priority Mode"}};
  const std::vector<MenuEntry> others{{0, "Auto Mode"}, {1, "Manual Mode"}};
  const std::vector<MenuEntry> shutter{{0, "Auto Mode"}, {2, "Shutter Priority Mode"}};
  CHECK(exposure_entry(webcam, true) == 3);
  CHECK(exposure_entry(webcam, false) == 1);
  CHECK(exposure_entry(others, true) == 0);
  CHECK(exposure_entry(others, false) == 1);
  CHECK(exposure_entry(shutter, false) == 2);
  CHECK_FALSE(exposure_entry({}, true));
}
