// SPDX-License-Identifier: Apache-2.0

#include "codec/jpeg_decoder.hpp"
#include "films.hpp"

using namespace shmvideo;
using namespace shmvideo::source;
using namespace shmvideo_test;

namespace {

MediaOptions copy_of(const std::string& path, bool is_looping = false) {
  MediaOptions options = Player::fast(path, is_looping);
  options.is_copying = true;
  return options;
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr std::int64_t kUnknown = INT64_MIN;

struct Stamp {
  std::int64_t pts, dts;
};

/// What ffprobe says of the packets of a film.
std::vector<Stamp> stamps_of(const std::string& path) {
  const std::string list = path + ".stamps";
  if (std::system(("ffprobe -v error -select_streams v -show_entries packet=pts,dts -of csv=p=0 " + path +
                   " >" + list)
                      .c_str()) != 0) {
    return {};
  }
  std::vector<Stamp> stamps;
  std::ifstream file(list);
  for (std::string line; std::getline(file, line);) {
    Stamp stamp{};
    // Matroska has no decoding times, and the first ones cannot be known.
    if (line.find("N/A") != std::string::npos) stamp.dts = kUnknown;
    if (std::sscanf(line.c_str(), "%ld,%ld", &stamp.pts, &stamp.dts) >= 1) stamps.push_back(stamp);
  }
  return stamps;
}

}  // namespace

TEST_CASE("H.264 and H.265 come as Annex B, byte for byte as ffmpeg makes it, with their times") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 25);
  const bool is_h265 = GENERATE(false, true);
  const std::string container = GENERATE("mp4", "mkv");
  const std::string film = scratch.file("film." + container);
  const std::string codec = is_h265 ? "libx265 -x265-params log-level=none:keyint=10" : "libx264 -g 10 -bf 2";
  INFO(codec << " in " << container);
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") + " -c:v " + codec + " " + film));
  REQUIRE(run_ffmpeg("-i " + film + " -c copy -bsf " + (is_h265 ? "hevc" : "h264") + "_mp4toannexb -f " +
                     (is_h265 ? "hevc " : "h264 ") + scratch.file("expected")));
  const auto stamps = stamps_of(film);
  REQUIRE(stamps.size() == 25);

  Player player(copy_of(film));
  player.open();
  const SourceDescription& description = player.source->description();
  CHECK(description.stream.kind == SHMV_KIND_CODED);
  CHECK(description.stream.fourcc == info_of(is_h265 ? PixelFormat::h265 : PixelFormat::h264).fourcc);
  CHECK(description.stream.width == 320);
  CHECK(description.stream.height == 240);
  const std::string extradata = text_of(description.extradata);
  CHECK(extradata.starts_with(std::string("\0\0\0\1", 4)));
  std::string all;
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    INFO("packet " << i);
    REQUIRE(player.next());
    all += text_of(player.payload());
    if (!is_h265) CHECK(player.info.is_key() == (i % 10 == 0));
    CHECK(player.info.plane_count == 0);
    CHECK(player.info.pts == stamps[i].pts);
    if (stamps[i].dts != kUnknown) CHECK(player.info.dts == stamps[i].dts);
    CHECK(player.info.dts <= player.info.pts);
    CHECK(player.info.duration > 0);
  }
  CHECK(all == bytes_of_file(scratch.file("expected")));
  CHECK(player.info.is_end_of_stream());
  CHECK(player.wait() == WaitStatus::end);
}

TEST_CASE("a stream that says its parameters once says them before each key frame") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 25);
  // Without repeated headers, and with what there is in front only: as cameras do over RTSP.
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") +
                     " -c:v libx264 -bf 0 -g 5 -bsf:v filter_units=remove_types=7-8 "
                     "-f h264 " +
                     scratch.file("bare.264")));
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") + " -c:v libx264 -bf 0 -g 5 -f h264 " +
                     scratch.file("full.264")));
  const std::string full = bytes_of_file(scratch.file("full.264"));
  const auto slice = full.find(std::string("\0\0\1\x65", 4));
  REQUIRE(slice != std::string::npos);
  std::ofstream(scratch.file("once.264"), std::ios::binary)
      << full.substr(0, slice) << bytes_of_file(scratch.file("bare.264"));

  Player player(copy_of(scratch.file("once.264")));
  player.open();
  int keys = 0;
  for (int frame = 0; frame < 25; ++frame) {
    INFO("frame " << frame);
    REQUIRE(player.next());
    const std::string bytes = text_of(player.payload());
    const bool has_parameters = bytes.find(std::string("\0\0\1\x67", 4)) != std::string::npos;
    CHECK(has_parameters == player.info.is_key());
    keys += player.info.is_key() ? 1 : 0;
  }
  CHECK(keys == 5);
}

TEST_CASE("JPEG pictures come as they are in the file, and over a loop") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 8);
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") + " -c:v mjpeg -q:v 2 " + scratch.file("film.avi")));
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.avi") + " -c copy " + scratch.file("%d.jpg")));
  Player player(copy_of(scratch.file("film.avi"), true));
  player.open();
  for (int frame = 0; frame < 20; ++frame) {
    INFO("frame " << frame);
    REQUIRE(player.next());
    CHECK(text_of(player.payload()) == bytes_of_file(scratch.file(std::to_string(frame % 8 + 1) + ".jpg")));
    CHECK(player.info.is_key());
    CHECK(player.info.width == 320);
  }
}

TEST_CASE("JPEG pictures without Huffman tables get those that all share") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  write_y4m(scratch.file("film.y4m"), 4);
  REQUIRE(run_ffmpeg("-i " + scratch.file("film.y4m") + " -c:v mjpeg -q:v 2 -huffman default " +
                     scratch.file("whole.mjpeg")));
  std::string bytes = bytes_of_file(scratch.file("whole.mjpeg"));
  const std::string whole = bytes;
  int removed = 0;
  for (std::size_t at = 0; (at = bytes.find("\xff\xc4", at)) != std::string::npos; ++removed) {
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 2])) << 8 |
                        static_cast<unsigned char>(bytes[at + 3]);
    bytes.erase(at, 2 + length);
  }
  REQUIRE(removed >= 4);
  std::ofstream(scratch.file("bare.mjpeg"), std::ios::binary) << bytes;

  for (const bool is_copying : {true, false}) {
    MediaOptions options = Player::fast(scratch.file("bare.mjpeg"));
    options.is_copying = is_copying;
    Player player(options);
    Player original(Player::fast(scratch.file("whole.mjpeg")));
    player.open();
    original.open();
    for (int frame = 0; frame < 4; ++frame) {
      REQUIRE(player.next());
      REQUIRE(original.next());
      if (!is_copying) {
        CHECK(player.number() == frame);
        continue;
      }
      CHECK(text_of(player.payload()).find("\xff\xc4") != std::string::npos);
      std::vector<std::byte> pixels(original.info.payload_bytes);
      codec::JpegDecoder decoder;
      REQUIRE(decoder.decode(player.payload(), *as_picture(original.info, std::span(pixels))) ==
              codec::JpegStatus::ok);
      CHECK(std::ranges::equal(pixels, original.payload()));
    }
  }
}

TEST_CASE("a packet larger than the slot asks for a larger one, once") {
  if (!has_ffmpeg()) return;
  const Scratch scratch;
  REQUIRE(
      run_ffmpeg("-f lavfi -i testsrc=size=1920x1080:rate=5 -vf noise=alls=100:allf=t -frames:v 4 -c:v mjpeg "
                 "-q:v 1 -pix_fmt yuvj444p " +
                 scratch.file("film.avi")));
  Player player(copy_of(scratch.file("film.avi")));
  player.open();
  CHECK(player.slot.size() == 512 * 1024);
  for (int frame = 0; frame < 4; ++frame) {
    REQUIRE(player.next());
    CHECK(player.info.payload_bytes > 512 * 1024);
  }
  CHECK(player.changes == 1);
  CHECK(player.slot.size() >= player.info.payload_bytes);
}
