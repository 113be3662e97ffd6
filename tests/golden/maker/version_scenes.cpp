// SPDX-License-Identifier: Apache-2.0
// Other versions of the format: an older minor one, a later one that this version must be able to read, and
// what it must refuse.
#include <algorithm>

#include "maker/scene.hpp"

namespace golden {
namespace {

using namespace shmvideo;

const StreamInfo kBgr = stream_of(make_fourcc('B', 'G', 'R', '3'), 16, 8);

Image some_segment(Workshop& workshop, const std::string& name) {
  const auto writer = Writer::create(SegmentName(name), small_options(kBgr, 2));
  for (int i = 0; i < 3; ++i) publish(*writer, packed_frame(kBgr, 3));
  return workshop.settled(name, workshop.image_of(name));
}

/// As 1.0 left it: stages and source_reopened were reserved, and zero; no feature had a bit.
void make_older(Workshop& workshop) {
  const std::string name = "format-1.0";
  Image image = some_segment(workshop, name);
  shmv_header& h = image.header();
  h.abi_minor = 0;
  h.feature_compat = 0;
  std::fill(std::begin(h.stages), std::end(h.stages), shmv_stage_times{});
  h.source_reopened = 0;
  image.seal();
  workshop.keep_as_it_is(name, image);
}

/// Regions elsewhere, larger descriptors, unknown compatible features, and something in what is reserved.
void make_later(Workshop& workshop) {
  constexpr std::uint32_t kStride = 320;
  const std::string name = "later-minor";
  Image from = some_segment(workshop, name);
  const shmv_header old = from.header();
  Image to(std::vector<std::byte>(old.segment_bytes + 2 * SHMV_PAGE_BYTES));
  shmv_header& h = to.header() = old;
  h.abi_minor = 9;
  h.feature_compat = UINT64_MAX;
  h.header_bytes = 2 * SHMV_PAGE_BYTES;
  h.descriptor_stride_bytes = kStride;
  h.descriptor_offset = h.header_bytes + 64;
  h.index_offset = h.descriptor_offset + std::uint64_t{h.slot_count} * kStride + 64;
  h.payload_offset = old.payload_offset + SHMV_PAGE_BYTES;
  h.segment_bytes = old.segment_bytes + SHMV_PAGE_BYTES;  // the file is longer
  std::fill(std::begin(h.reserved_1), std::end(h.reserved_1), std::uint8_t{0x5a});
  std::fill(std::begin(h.reserved_4), std::end(h.reserved_4), std::uint8_t{0x5a});
  for (std::uint32_t slot = 0; slot < old.slot_count; ++slot) {
    to.descriptor(slot) = from.descriptor(slot);
    to.descriptor(slot).reserved_0[0] = 0x5a;
  }
  for (std::uint64_t n = 0; n < old.index_count; ++n) to.index_entry(n) = from.index_entry(n);
  std::copy(from.bytes().begin() + static_cast<std::ptrdiff_t>(old.payload_offset), from.bytes().end(),
            to.bytes().begin() + static_cast<std::ptrdiff_t>(h.payload_offset));
  to.seal();
  workshop.keep_as_it_is(name, to);
}

}  // namespace

void make_version_scenes(Workshop& workshop) {
  make_older(workshop);
  make_later(workshop);
}

void make_refused_scenes(Workshop& workshop) {
  const auto refused = [&](const std::string& name, auto change, bool is_sealed = true) {
    Image image = some_segment(workshop, name);
    change(image);
    if (is_sealed) image.seal();
    workshop.keep_as_it_is(name, image);
  };
  refused("bad-magic", [](Image& image) { image.header().magic ^= 1; });
  refused(
      "bad-checksum", [](Image& image) { image.header().source[0] ^= 1; }, false);
  refused("bad-slot-count", [](Image& image) { image.header().slot_count = 3; });
  refused("other-major", [](Image& image) { image.header().abi_major = 2; });
  refused("other-byte-order", [](Image& image) { image.header().endian_tag = 0x04030201; });
  refused("unknown-feature", [](Image& image) { image.header().feature_incompat = std::uint64_t{1} << 63; });
  refused("cut-short", [](Image& image) { image.bytes().resize(image.bytes().size() - 1); });
  refused("cut-in-the-header", [](Image& image) { image.bytes().resize(SHMV_PAGE_BYTES - 1); });
}

}  // namespace golden
