// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/stream_parameters.hpp"

#include <chrono>

#include "sink/mjpeg/endpoints/common.hpp"

namespace shmvideo::sink {
namespace {

/// What takes a wish, whatever kind of number it is.
template <typename Wish>
auto into(Wish& wish) {
  return [&wish](auto given) { wish = static_cast<typename Wish::value_type>(given); };
}

}  // namespace

std::vector<Parameter> stream_parameters(const ServingDefaults& defaults, StreamRequest& request) {
  StreamWishes& wishes = request.wishes;
  const auto& [fps_low, fps_high] = defaults.fps_limits;
  return {
      quality_parameter(defaults, into(wishes.quality)),
      number_parameter("fps", {fps_low, fps_high, defaults.fps}, "Frames per second.", into(wishes.fps)),
      width_parameter(defaults.width, into(wishes.width)),
      height_parameter(defaults.height, into(wishes.height)),
      delay_parameter("max_delay",
                      "A picture whose frame is older when it would be sent is left out: a time in "
                      "milliseconds, or with its unit; without it, age does not count.",
                      [&request](std::chrono::nanoseconds given) { request.max_delay = given; }),
      flag_parameter("adaptive", defaults.is_adaptive,
                     "Gives way in rate, then quality, then size, where the connection or the processor is "
                     "too slow.",
                     into(wishes.adaptive)),
      flag_parameter("extra_headers", false, "Each part tells more about its picture.",
                     into(request.extra_headers)),
      flag_parameter("advance_headers", {},
                     "A part's header goes out before its picture is there; without it, as the browser "
                     "needs it.",
                     into(request.advance_headers)),
      flag_parameter("dual_final_frames", {},
                     "A picture that no other follows is sent twice; without it, as the browser needs it.",
                     into(request.dual_final_frames)),
      flag_parameter("zero_data", false, "Parts without pictures, to measure the rest.",
                     into(request.zero_data)),
      key_parameter(request.key)};
}

std::string read_stream_request(const Target& target, const ServingDefaults& defaults,
                                StreamRequest& request) {
  return read_parameters(target, stream_parameters(defaults, request));
}

}  // namespace shmvideo::sink
