// SPDX-License-Identifier: Apache-2.0
// Segments that ended in good order, that a successor followed, and that follow another one.
#include <algorithm>
#include <filesystem>

#include "maker/scene.hpp"

namespace golden {
namespace {

using namespace shmvideo;

const StreamInfo kGrey = stream_of(make_fourcc('G', 'R', 'E', 'Y'), 32, 4);

/// The file under another name, so that it stays when its own goes.
std::filesystem::path second_name(const Workshop& workshop, const std::string& name) {
  const auto link = workshop.path_of(name + "-kept");
  std::filesystem::create_hard_link(workshop.path_of(name), link);
  return link;
}

Image taken_away(const std::filesystem::path& file) {
  Image image = Image::of(file);
  std::filesystem::remove(file);
  return image;
}

Image renamed(Image image, const std::string& name) {
  char(&field)[sizeof(shmv_header::name)] = image.header().name;
  std::fill(std::begin(field), std::end(field), '\0');
  std::copy(name.begin(), name.end(), field);
  return image;
}

void make_closed(Workshop& workshop) {
  const std::string name = "closed";
  const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 2));
  for (int i = 0; i < 3; ++i) publish(*writer, packed_frame(kGrey, 1));
  const auto kept = second_name(workshop, name);
  writer->close();
  workshop.keep(name, taken_away(kept));
}

/// The same name twice in a row: frames of another size in a generation of their own.
void make_resized(Workshop& workshop) {
  const std::string name = "second-generation";
  const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 2));
  for (int i = 0; i < 3; ++i) publish(*writer, packed_frame(kGrey, 1));
  const auto kept = second_name(workshop, name);
  StreamInfo wide = kGrey;
  wide.width = 512;
  writer->reserve(wide, 2 * SHMV_PAGE_BYTES);
  for (int i = 0; i < 3; ++i) publish(*writer, packed_frame(wide, 1));
  workshop.keep("superseded", renamed(taken_away(kept), "superseded"));
  workshop.keep(name, workshop.image_of(name));
}

/// A writer that found a dead one's segment under its name, with a great many frames.
void make_successor(Workshop& workshop) {
  const std::string name = "after-a-death";
  Image dead = [&] {
    const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 2));
    publish(*writer, packed_frame(kGrey, 1));
    return workshop.image_of(name);
  }();
  dead.header().generation = 41;
  dead.header().latest = std::uint64_t{1} << 40;
  settle(dead, 0);
  dead.write_to(workshop.path_of(name));
  const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 2));
  for (int i = 0; i < 3; ++i) publish(*writer, packed_frame(kGrey, 1));
  workshop.keep(name, workshop.image_of(name));
}

}  // namespace

void make_restart_scenes(Workshop& workshop) {
  make_closed(workshop);
  make_resized(workshop);
  make_successor(workshop);
}

}  // namespace golden
