// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "films.hpp"
#include "shmvideo/error.hpp"

using namespace shmvideo;
using namespace shmvideo::source;
using namespace shmvideo_test;

namespace {

std::string garden() {
  const char* folder = std::getenv("SHMVIDEO_MEDIA");
  const std::string path = std::string(folder != nullptr ? folder : "") + "/garden-1080p30.mp4";
  return std::filesystem::exists(path) ? path : "";
}

MediaOptions in_format(const std::string& path, PixelFormat format) {
  MediaOptions options = Player::fast(path);
  options.wish.format = format;
  return options;
}

}  // namespace

TEST_CASE("every picture of a film comes once, in order, in every container, and again when it loops") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  const std::string film = scratch.file("film.y4m");
  write_y4m(film, 30);
  const std::string how = GENERATE(
      "film.y4m", "x264.mp4 -c:v libx264 -bf 2 -g 10", "x264.mkv -c:v libx264 -bf 2 -g 10",
      "x264.ts -c:v libx264 -bf 2 -g 10", "mpeg2.mpg -c:v mpeg2video -q:v 2", "mjpeg.avi -c:v mjpeg -q:v 2",
      "raw.mjpeg -c:v mjpeg -q:v 2", "raw.264 -c:v libx264 -bf 0 -g 10",
      "ffv1.mkv -c:v ffv1 -pix_fmt yuv444p10le", "vp9.webm -c:v libvpx-vp9 -deadline realtime -cpu-used 8");
  const std::string path = scratch.file(how.substr(0, how.find(' ')));
  INFO(how);
  if (path != film) {
    REQUIRE(run_ffmpeg("-i " + film + how.substr(how.find(' ')) + " -pix_fmt yuv420p " + path));
  }

  Player player(path, true);
  player.open();
  CHECK(player.source->description().stream.width == 320);
  std::int64_t pts = 0;
  for (int frame = 0; frame < 75; ++frame) {
    INFO("frame " << frame);
    REQUIRE(player.next());
    REQUIRE(player.number() == frame % 30);
    REQUIRE(player.info.source_number == static_cast<std::uint64_t>(frame + 1));
    if (frame > 0) REQUIRE(player.info.pts > pts);
    pts = player.info.pts;
    REQUIRE(((player.info.flags & SHMV_FRAME_DISCONTINUITY) != 0) == (frame > 0 && frame % 30 == 0));
    REQUIRE(!player.info.is_end_of_stream());
  }
  CHECK(player.source->skipped() == 0);
}

TEST_CASE("a real film of 300 frames arrives whole, and over a loop") {
  const std::string path = garden();
  if (path.empty()) {
    WARN("SHMVIDEO_MEDIA names no folder with garden-1080p30.mp4: this is not tested");
    return;
  }
  MediaOptions options = in_format(path, PixelFormat::i420);
  options.is_looping = true;
  Player player(options);
  player.open();
  for (int frame = 0; frame < 620; ++frame) {
    REQUIRE(player.next());
    REQUIRE(player.number() == frame % 300);
  }
}

TEST_CASE("the last frame of a film is flagged, and then it ends") {
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 5);
  Player player(scratch.file("film.y4m"));
  player.open();
  for (int frame = 0; frame < 5; ++frame) {
    REQUIRE(player.next());
    CHECK(player.info.is_end_of_stream() == (frame == 4));
  }
  CHECK(player.wait() == WaitStatus::end);
  CHECK(player.wait() == WaitStatus::end);
}

TEST_CASE("a film plays at its own pace, or at the one asked for") {
  const Scratch scratch;
  const bool is_asked = GENERATE(false, true);
  write_y4m(scratch.file("film.y4m"), 20, is_asked ? 1 : 40);
  MediaOptions options = Player::fast(scratch.file("film.y4m"));
  options.is_fast = false;
  if (is_asked) options.rate = {40, 1};
  Player player(options);
  player.open();
  CHECK(player.source->description().stream.fps_numerator == 40);
  std::vector<std::uint64_t> times;
  while (player.wait() == WaitStatus::frame) {
    REQUIRE(player.fill() == FillStatus::filled);
    const auto index = player.info.source_number - 1;
    CHECK(player.number() == static_cast<int>(index));
    times.push_back(player.info.capture_monotonic_ns - index * 25'000'000);
    if (is_asked) CHECK(player.info.pts == static_cast<std::int64_t>(index * 25'000));
  }
  CHECK(times.size() + player.source->skipped() == 20);
  CHECK(times.front() == times.back());  // the times that frames were due, not those at which we came to it
  CHECK(player.info.is_end_of_stream());
}

TEST_CASE("frames are what is wished for, whatever the decoder gives") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 3);
  const std::string pixels =
      GENERATE("yuv420p", "yuv422p10le", "yuv444p", "gbrp", "gray", "rgb48le", "pal8 -c:v png");
  const std::string path = scratch.file("film.mkv");
  INFO(pixels);
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") +
                     (pixels == "pal8 -c:v png" || pixels == "rgb48le" ? " -c:v png" : " -c:v ffv1") +
                     " -pix_fmt " + pixels + " " + path));
  for (const PixelFormatInfo& format : pixel_formats()) {
    if (is_coded(format.format)) continue;
    MediaOptions options = in_format(path, format.format);
    for (const std::uint32_t width : {0U, 641U}) {
      options.wish.width = width;
      options.wish.height = width > 0 ? 479 : 0;
      INFO(format.name << " " << width);
      Player player(options);
      player.open();
      REQUIRE(player.next());
      CHECK(player.info.fourcc == format.fourcc);
      CHECK(player.info.width == (width > 0 ? width : 320));
      // Scaled to 641, squares of 16 are about 32 wide, and begin at 32.
      if (width == 0) CHECK(player.number() == 0);
      REQUIRE(player.next());
      if (width == 0) CHECK(player.number() == 1);
    }
  }
}

TEST_CASE("full range stays full range where it can, and is said") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 2);
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") + " -c:v mjpeg " + scratch.file("full.avi")));
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") +
                     " -c:v libx264 -colorspace bt709 -color_primaries bt709 " + "-color_trc bt709 " +
                     scratch.file("limited.mp4")));
  Player full(in_format(scratch.file("full.avi"), PixelFormat::i420));
  full.open();
  REQUIRE(full.next());
  CHECK(full.info.colour_range == 2);
  Player limited(in_format(scratch.file("limited.mp4"), PixelFormat::nv12));
  limited.open();
  REQUIRE(limited.next());
  CHECK(limited.info.colour_range == 1);
  CHECK(limited.info.colour_matrix == 1);
  CHECK(limited.info.colour_primaries == 1);
}

TEST_CASE("pictures that change their size change the description") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  const std::string codec = GENERATE("mjpeg -q:v 2", "libx264 -bf 0");
  std::string both;
  for (const auto* size : {"320 240 0", "416 304 5", "320 240 10"}) {
    int width = 0, height = 0, first = 0;
    REQUIRE(std::sscanf(size, "%d %d %d", &width, &height, &first) == 3);
    write_y4m(scratch.file("part.y4m"), 5, 25, width, height, first);
    const std::string part = scratch.file(codec.starts_with("m") ? "part.mjpeg" : "part.264");
    REQUIRE(run_ffmpeg("-i " + scratch.file("part.y4m") + " -c:v " + codec + " " + part));
    both += bytes_of_file(part);
  }
  const std::string path = scratch.file(both.starts_with("\xff\xd8") ? "both.mjpeg" : "both.264");
  std::ofstream(path, std::ios::binary) << both;
  Player player(path);
  player.open();
  for (int frame = 0; frame < 15; ++frame) {
    INFO("frame " << frame);
    REQUIRE(player.next());
    CHECK(player.info.width == (frame / 5 == 1 ? 416 : 320));
    CHECK(player.number() == frame);
    CHECK(player.source->description().stream.width == player.info.width);
  }
  CHECK(player.changes == 2);
}

TEST_CASE("a damaged picture is said to be corrupt, and those after it come") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 10);
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") + " -c:v mjpeg -q:v 2 " + scratch.file("film.mjpeg")));
  std::string bytes = bytes_of_file(scratch.file("film.mjpeg"));
  // Of the fourth picture the quantization tables.
  std::size_t at = 0;
  for (int picture = 0; picture < 4; ++picture) at = bytes.find("\xff\xd8\xff", at + 1);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 4, 200, '\x01');
  std::ofstream(scratch.file("film.mjpeg"), std::ios::binary) << bytes;

  Player player(scratch.file("film.mjpeg"));
  player.open();
  std::vector<int> numbers;
  int corrupt = 0;
  while (player.wait() == WaitStatus::frame) {
    if (player.fill() == FillStatus::filled) {
      numbers.push_back(player.number());
    } else {
      ++corrupt;
    }
  }
  CHECK(corrupt >= 1);
  CHECK(numbers.size() >= 8);
  CHECK(numbers.back() == 9);
}

TEST_CASE("what cannot be opened is told in a sentence") {
  const Scratch scratch;
  std::ofstream(scratch.file("text.mp4")) << std::string(20000, 'x');
  std::ofstream(scratch.file("empty.mp4"));
  const auto problem_of = [](MediaOptions options) -> std::string {
    try {
      Player(options).open();
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::source_failed);
      return error.what();
    }
    return "none";
  };
  const auto of = [&](const std::string& location) { return problem_of(Player::fast(location)); };
  CHECK_THAT(of(scratch.file("missing.mp4")), ContainsSubstring("No such file"));
  CHECK_THAT(of(scratch.file("")), ContainsSubstring("folder"));
  CHECK_THAT(of(scratch.file("text.mp4")), ContainsSubstring("no video file"));
  CHECK_THAT(of(scratch.file("empty.mp4")), ContainsSubstring("no video file"));
  CHECK_THAT(of("foo://bar"), ContainsSubstring("no protocol 'foo'"));
  CHECK_THAT(of("http://127.0.0.1:1/x"), ContainsSubstring("nobody listens"));
  CHECK(of("rtsp://me:secret@127.0.0.1:1/x").find("secret") == std::string::npos);
  if (!has_ffmpeg()) return;
  REQUIRE(run_ffmpeg("-f lavfi -i sine=duration=1 " + scratch.file("sound.wav")));
  CHECK_THAT(of(scratch.file("sound.wav")), ContainsSubstring("no video in it"));
  write_y4m(scratch.file("film.y4m"), 3);
  MediaOptions copy = Player::fast(scratch.file("film.y4m"));
  copy.is_copying = true;
  CHECK_THAT(problem_of(copy), ContainsSubstring("rawvideo") && ContainsSubstring("leave out --copy"));
}
