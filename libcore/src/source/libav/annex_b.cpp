// SPDX-License-Identifier: Apache-2.0
#include "source/libav/annex_b.hpp"

#include <array>
#include <cstdint>

namespace shmvideo::source::media {
namespace {

enum class NalKind { slice, sequence_parameters, other_parameters, other };

NalKind kind_of(PixelFormat format, std::byte first) noexcept {
  const auto head = std::to_integer<unsigned>(first);
  if (format == PixelFormat::h264) {
    const unsigned type = head & 0x1f;
    if (type >= 1 && type <= 5) return NalKind::slice;
    if (type == 7) return NalKind::sequence_parameters;
    return type == 8 || type == 13 ? NalKind::other_parameters : NalKind::other;
  }
  const unsigned type = head >> 1 & 0x3f;
  if (type < 32) return NalKind::slice;
  if (type == 33) return NalKind::sequence_parameters;
  return type == 32 || type == 34 ? NalKind::other_parameters : NalKind::other;
}

/// Where the NAL unit after the next start code begins; bytes.size() without any.
std::size_t next_nal(std::span<const std::byte> bytes, std::size_t from) noexcept {
  for (std::size_t i = from; i + 3 < bytes.size(); ++i) {
    if (bytes[i] == std::byte{0} && bytes[i + 1] == std::byte{0} && bytes[i + 2] == std::byte{1})
      return i + 3;
  }
  return bytes.size();
}

/// Calls visit(kind, nal) for each NAL unit up to the first slice.
template <typename Visit>
void visit_head(PixelFormat format, std::span<const std::byte> unit, Visit visit) {
  for (std::size_t begin = next_nal(unit, 0); begin < unit.size();) {
    const std::size_t next = next_nal(unit, begin);
    const NalKind kind = kind_of(format, unit[begin]);
    if (kind == NalKind::slice) return;
    // The start code of the next one, and the zero that may stand before it, are not part of this one.
    std::size_t end = next < unit.size() ? next - 3 : next;
    while (end > begin && unit[end - 1] == std::byte{0}) --end;
    visit(kind, unit.subspan(begin, end - begin));
    begin = next;
  }
}

}  // namespace

bool has_parameter_sets(PixelFormat format, std::span<const std::byte> unit) noexcept {
  bool has_any = false;
  visit_head(format, unit, [&](NalKind kind, auto) { has_any |= kind == NalKind::sequence_parameters; });
  return has_any;
}

std::vector<std::byte> parameter_sets_of(PixelFormat format, std::span<const std::byte> unit) {
  constexpr std::array<std::byte, 4> kStartCode{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
  std::vector<std::byte> sets;
  visit_head(format, unit, [&](NalKind kind, std::span<const std::byte> nal) {
    if (kind != NalKind::sequence_parameters && kind != NalKind::other_parameters) return;
    sets.insert(sets.end(), kStartCode.begin(), kStartCode.end());
    sets.insert(sets.end(), nal.begin(), nal.end());
  });
  return sets;
}

}  // namespace shmvideo::source::media
