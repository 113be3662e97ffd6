// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sink/http/access/digest.hpp"

namespace shmvideo::sink {

enum class Role : std::uint8_t {
  none,    ///< nobody that is known
  viewer,  ///< may see pictures
  admin,   ///< may see everything
};

/// What somebody may see, and by what right.
struct Access {
  Role role = Role::none;
  std::string segment;  ///< the only one that a viewer may see; empty: all
  Digest right{};       ///< stands for the token or password that was given; all zero: none was asked for

  /// Where nobody is asked.
  static Access to_everything() { return {.role = Role::admin, .segment = {}, .right = {}}; }
  bool is_admin() const noexcept { return role == Role::admin; }
  /// Whether that segment's pictures may be seen, and whether it may be known that it is there.
  bool may_see(std::string_view name) const noexcept {
    return is_admin() || (role == Role::viewer && (segment.empty() || segment == name));
  }
};

}  // namespace shmvideo::sink
