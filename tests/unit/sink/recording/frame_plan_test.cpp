// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/frame_plan.hpp"

#include "shmvideo/error.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;

TEST_CASE("every container has a plan for every raw format") {
  for (const ContainerInfo& container : containers()) {
    for (const PixelFormatInfo& format : pixel_formats()) {
      if (is_coded(format.format)) continue;
      INFO(container.name << " " << format.name);
      const FramePlan plan = plan_frame(container.container, Codec::h264, {format.format, 641, 481, false});
      CHECK(plan.treatment != Treatment::copy);
      CHECK_FALSE(is_coded(plan.format));
    }
  }
}

TEST_CASE("H.264 leaves out the odd column and row, and refuses what is nothing then") {
  const FramePlan plan = plan_frame(Container::mp4, Codec::h264, {PixelFormat::bgr24, 641, 481, false});
  CHECK(plan == FramePlan{Treatment::encode_h264, PixelFormat::i420, 640, 480, false});
  CHECK_THROWS_AS(plan_frame(Container::mp4, Codec::h264, {PixelFormat::bgr24, 1, 481, false}), Error);
}

TEST_CASE("frames of formats that are converted anyway go into one file") {
  const auto plan_of = [](PixelFormat format) {
    return plan_frame(Container::matroska, Codec::h264, {format, 640, 480, false});
  };
  CHECK(plan_of(PixelFormat::bgr24) == plan_of(PixelFormat::nv12));
}

TEST_CASE("coded frames are copied where that can be, and refused elsewhere with what is possible") {
  const auto plan_of = [](Container container, PixelFormat format) {
    return plan_frame(container, Codec::h264, {format, 640, 480, false});
  };
  for (const Container container : {Container::matroska, Container::mp4, Container::raw}) {
    for (const PixelFormat format : {PixelFormat::jpeg, PixelFormat::h264, PixelFormat::h265}) {
      CHECK(plan_of(container, format).treatment == Treatment::copy);
    }
  }
  for (const Container container : {Container::avi, Container::mjpeg, Container::jpeg_files}) {
    CHECK(plan_of(container, PixelFormat::jpeg).treatment == Treatment::copy);
    CHECK_THROWS_WITH(plan_of(container, PixelFormat::h264), ContainsSubstring("mkv, mp4 or raw"));
  }
  CHECK_THROWS_WITH(plan_of(Container::y4m, PixelFormat::jpeg), ContainsSubstring("use mkv"));
  CHECK_THROWS_WITH(plan_of(Container::png_files, PixelFormat::h265), ContainsSubstring("use mkv"));
}
