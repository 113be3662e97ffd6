// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/mode_choice.hpp"

#include "shmvideo/frame_info.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::source;

namespace {

constexpr std::uint32_t kYuyv = make_fourcc('Y', 'U', 'Y', 'V');
constexpr std::uint32_t kNv12 = make_fourcc('N', 'V', '1', '2');
constexpr std::uint32_t kGrey = make_fourcc('G', 'R', 'E', 'Y');
constexpr std::uint32_t kMjpg = make_fourcc('M', 'J', 'P', 'G');
constexpr std::uint32_t kJpeg = make_fourcc('J', 'P', 'E', 'G');
constexpr std::uint32_t kH264 = make_fourcc('H', '2', '6', '4');
constexpr std::uint32_t kBayer = make_fourcc('B', 'A', '8', '1');

SizeSpan size(std::uint32_t width, std::uint32_t height, std::initializer_list<std::uint32_t> rates) {
  SizeSpan span{{width, width, 1}, {height, height, 1}, {}};
  for (const std::uint32_t rate : rates) span.rates.push_back({{rate, 1}, {rate, 1}});
  return span;
}

CameraFormat format(std::uint32_t fourcc, std::vector<SizeSpan> sizes) {
  std::string name;
  for (unsigned shift = 0; shift < 32; shift += 8) name += static_cast<char>(fourcc >> shift);
  return {fourcc, name, "", fourcc == kMjpg || fourcc == kJpeg || fourcc == kH264, std::move(sizes)};
}

/// What a USB 2 webcam has: raw pictures that are small or slow, JPEG for the rest.
std::vector<CameraFormat> webcam() {
  return {format(kYuyv, {size(640, 480, {30, 15}), size(1280, 720, {10, 5}), size(1920, 1080, {5})}),
          format(kMjpg, {size(640, 480, {60, 30}), size(1280, 720, {60, 30}), size(1920, 1080, {30})})};
}

ModeChoice chosen(const std::vector<CameraFormat>& formats, const ModeWish& wish) {
  const auto choice = choose_mode(formats, wish);
  REQUIRE(choice);
  return *choice;
}

ModeWish wish(std::uint32_t width, std::uint32_t height, std::uint32_t rate = 0) {
  ModeWish made;
  made.size = {width, height};
  made.rate = {rate, 1};
  return made;
}

}  // namespace

TEST_CASE("raw frames are taken where they come fast enough") {
  const ModeChoice choice = chosen(webcam(), wish(640, 480, 30));
  CHECK(choice.fourcc == kYuyv);
  CHECK(choice.use == FrameUse::convert);
  CHECK(choice.rate == FrameRate{30, 1});
  CHECK(choice.reason == "converted to BGR24");
}

TEST_CASE("JPEG is taken where no raw format reaches the rate, and the reason says so") {
  const ModeChoice choice = chosen(webcam(), wish(1280, 720, 30));
  CHECK(choice.fourcc == kMjpg);
  CHECK(choice.use == FrameUse::decode);
  CHECK(choice.rate == FrameRate{30, 1});
  CHECK(choice.reason == "no raw format reaches 30/s at this size; decoded to BGR24");
  CHECK(chosen(webcam(), wish(1280, 720, 10)).fourcc == kYuyv);
}

TEST_CASE("without a rate, fifteen frames a second are enough") {
  CHECK(chosen(webcam(), wish(640, 480)).fourcc == kYuyv);
  CHECK(chosen(webcam(), wish(640, 480)).rate == FrameRate{30, 1});
  CHECK(chosen(webcam(), wish(1280, 720)).fourcc == kMjpg);
  CHECK(chosen(webcam(), wish(1280, 720)).rate == FrameRate{30, 1});
}

TEST_CASE("where no format reaches the rate, the fastest is taken") {
  const ModeChoice choice = chosen(webcam(), wish(1920, 1080, 60));
  CHECK(choice.fourcc == kMjpg);
  CHECK(choice.rate == FrameRate{30, 1});
  const std::vector<CameraFormat> slow{format(kYuyv, {size(640, 480, {5})}),
                                       format(kMjpg, {size(640, 480, {5})})};
  CHECK(chosen(slow, wish(640, 480, 30)).fourcc == kYuyv);  // JPEG would gain nothing
}

TEST_CASE("the lowest rate that reaches the one asked for is taken") {
  const std::vector<CameraFormat> formats{format(kYuyv, {size(640, 480, {60, 30, 24, 10})})};
  CHECK(chosen(formats, wish(640, 480, 25)).rate == FrameRate{30, 1});
  CHECK(chosen(formats, wish(640, 480, 24)).rate == FrameRate{24, 1});
  CHECK(chosen(formats, wish(640, 480, 100)).rate == FrameRate{60, 1});
  const std::vector<CameraFormat> ntsc{format(kYuyv, {size(640, 480, {60, 15})})};
  auto almost = ntsc;
  almost[0].sizes[0].rates.push_back({{30000, 1001}, {30000, 1001}});
  CHECK(chosen(almost, wish(640, 480, 30)).rate == FrameRate{30000, 1001});
}

TEST_CASE("the exact size comes before everything else, then the nearest") {
  CHECK(chosen(webcam(), wish(1920, 1080)).size == PictureSize{1920, 1080});
  CHECK(chosen(webcam(), wish(641, 479)).size == PictureSize{640, 480});
  CHECK(chosen(webcam(), wish(4000, 3000)).size == PictureSize{1920, 1080});
  const std::vector<CameraFormat> formats{format(kYuyv, {size(640, 480, {30})}),
                                          format(kMjpg, {size(800, 600, {30})})};
  const ModeChoice choice = chosen(formats, wish(800, 600, 30));
  CHECK(choice.fourcc == kMjpg);
  CHECK(choice.reason == "no raw format comes as near to the size; decoded to BGR24");
}

TEST_CASE("a size within a range is rounded to its steps") {
  const std::vector<CameraFormat> formats{
      format(kYuyv, {{{16, 4096, 16}, {16, 2160, 8}, {{{1, 1}, {60, 1}}}}})};
  const ModeChoice choice = chosen(formats, wish(641, 479, 25));
  CHECK(choice.size == PictureSize{640, 480});
  CHECK(choice.rate == FrameRate{25, 1});
  CHECK(chosen(formats, wish(10000, 1)).size == PictureSize{4096, 16});
  CHECK(LengthSpan{1, 65535, 1}.nearest(0) == 1);
  CHECK(LengthSpan{2, 5, 2}.nearest(5) == 5);
}

TEST_CASE("the format that is wished for is passed on, else colours are preferred to grey") {
  std::vector<CameraFormat> formats{
      format(kGrey, {size(640, 480, {30})}), format(kBayer, {size(640, 480, {30})}),
      format(kNv12, {size(640, 480, {30})}), format(kYuyv, {size(640, 480, {30})})};
  ModeWish wanted = wish(640, 480, 30);
  CHECK(chosen(formats, wanted).fourcc == kYuyv);
  wanted.format = PixelFormat::nv12;
  CHECK(chosen(formats, wanted).fourcc == kNv12);
  CHECK(chosen(formats, wanted).use == FrameUse::pass);
  wanted.format = PixelFormat::gray8;
  CHECK(chosen(formats, wanted).fourcc == kGrey);
}

TEST_CASE("a wished format that is too slow gives way to another raw one") {
  const std::vector<CameraFormat> formats{format(kYuyv, {size(640, 480, {5})}),
                                          format(kNv12, {size(640, 480, {30})}),
                                          format(kMjpg, {size(640, 480, {60})})};
  ModeWish wanted = wish(640, 480, 30);
  wanted.format = PixelFormat::yuyv;
  const ModeChoice choice = chosen(formats, wanted);
  CHECK(choice.fourcc == kNv12);
  CHECK(choice.reason == "not YUYV reaches 30/s at this size; converted to YUYV");
}

TEST_CASE("who copies gets JPEG, else H.264, and nothing raw") {
  ModeWish copying = wish(1280, 720, 30);
  copying.is_copying = true;
  CHECK(chosen(webcam(), copying).fourcc == kMjpg);
  CHECK(chosen(webcam(), copying).use == FrameUse::copy);
  auto formats = webcam();
  formats.push_back(format(kH264, {size(1280, 720, {30}), size(1920, 1080, {60})}));
  CHECK(chosen(formats, copying).fourcc == kMjpg);
  copying.size = {1920, 1080};
  copying.rate = {60, 1};
  CHECK(chosen(formats, copying).fourcc == kH264);
  CHECK(chosen(formats, copying).format == PixelFormat::h264);
  CHECK_FALSE(choose_mode(std::vector{format(kYuyv, {size(640, 480, {30})})}, copying));
}

TEST_CASE("both of V4L2's names for JPEG are known") {
  CHECK(known_format(kJpeg) == PixelFormat::jpeg);
  CHECK(known_format(kMjpg) == PixelFormat::jpeg);
  CHECK_FALSE(known_format(kBayer));
}

TEST_CASE("a camera without a format that we know gives nothing") {
  CHECK_FALSE(choose_mode({}, wish(640, 480)));
  CHECK_FALSE(choose_mode(std::vector{format(kBayer, {size(640, 480, {30})})}, wish(640, 480)));
  CHECK_FALSE(choose_mode(std::vector{format(kH264, {size(640, 480, {30})})}, wish(640, 480)));
}

TEST_CASE("drivers that list no sizes or no rates are asked for what is wished") {
  const ModeChoice choice = chosen({format(kYuyv, {})}, wish(720, 576, 25));
  CHECK(choice.size == PictureSize{720, 576});
  CHECK(choice.rate.numerator == 0);
}

TEST_CASE("without a size the camera keeps the one it stands at") {
  ModeWish open_wish;
  open_wish.present = {1280, 720};
  CHECK(chosen(webcam(), open_wish).size == PictureSize{1280, 720});
}
