// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "capi/boundary.hpp"

namespace shmvideo::capi {

/// No struct of any version is longer. So a struct_bytes that was never set is refused rather than believed.
constexpr std::uint32_t kStructBytesMax = 4096;

/// Whether a size that a caller gives can be that of this struct, in whatever version.
template <typename Struct>
bool is_struct_size(std::uint32_t bytes) noexcept {
  static_assert(sizeof(Struct) <= kStructBytesMax);
  return bytes >= 2 * sizeof(std::uint32_t) && bytes <= kStructBytesMax && bytes % alignof(Struct) == 0;
}

/// Takes over what the caller filled: as much of it as both sides know, the rest as `known` has it before.
/// Members that this library does not know must be zero: they would ask for something that it cannot do.
template <typename Struct>
int read_struct(const Struct* from, Struct& known) noexcept {
  static_assert(std::is_trivially_copyable_v<Struct> && offsetof(Struct, struct_bytes) == 0);
  if (!from) return fail_null();
  if (!is_struct_size<Struct>(from->struct_bytes))
    return fail(SHMV_ERROR_INVALID_ARGUMENT, "a struct's struct_bytes is not a size that it can have");
  const auto* bytes = reinterpret_cast<const unsigned char*>(from);
  for (std::size_t i = sizeof(Struct); i < from->struct_bytes; ++i)
    if (bytes[i] != 0)
      return fail(SHMV_ERROR_INVALID_ARGUMENT,
                  "a struct has members set that this version of libshmvideo does not know");
  std::memcpy(&known, from, std::min<std::size_t>(from->struct_bytes, sizeof(Struct)));
  known.struct_bytes = sizeof(Struct);
  return SHMV_OK;
}

/// Fills as much of the caller's struct as it has; what this library does not know becomes zero.
template <typename Struct>
int write_struct(const Struct& known, Struct* to) noexcept {
  static_assert(std::is_trivially_copyable_v<Struct> && offsetof(Struct, struct_bytes) == 0);
  if (!to) return fail_null();
  const std::uint32_t bytes = to->struct_bytes;
  if (!is_struct_size<Struct>(bytes))
    return fail(SHMV_ERROR_INVALID_ARGUMENT, "a struct's struct_bytes is not a size that it can have");
  auto* target = reinterpret_cast<unsigned char*>(to);
  const std::size_t common = std::min<std::size_t>(bytes, sizeof(Struct));
  std::memcpy(target, &known, common);
  std::memset(target + common, 0, bytes - common);
  to->struct_bytes = bytes;
  return SHMV_OK;
}

/// Whether members that are kept for later are zero, as they have to be.
template <typename Number, std::size_t Count>
bool is_zero(const Number (&reserved)[Count]) noexcept {
  return std::all_of(reserved, reserved + Count, [](Number number) { return number == 0; });
}

}  // namespace shmvideo::capi
