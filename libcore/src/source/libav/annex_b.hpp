// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "shmvideo/pixel_format.hpp"

namespace shmvideo::source::media {

/// True if parameter sets (SPS) stand before the first slice of an access unit of H.264 or H.265 in Annex B.
bool has_parameter_sets(PixelFormat format, std::span<const std::byte> unit) noexcept;
/// The parameter sets before the first slice, as Annex B; empty without any.
std::vector<std::byte> parameter_sets_of(PixelFormat format, std::span<const std::byte> unit);

}  // namespace shmvideo::source::media
