// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "sink/http/router.hpp"
#include "sink/mjpeg/description/operation.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// A path that a server answers, and what /openapi.json says of it; docs/http.md has each of them.
struct ServedPath {
  std::string_view path;
  Outcome (*endpoint)(Serving& serving, const Request& request);
  Operation (*describe)(const ServingDefaults& defaults);
  Audience audience = Audience::viewer;
  Router::Kind kind = Router::Kind::told;
};

/// Every path that a server answers, in one place. All are there below "/s/NAME" too.
std::span<const ServedPath> served_paths() noexcept;

/// `serving` outlives the router.
void add_routes(Router& router, Serving& serving);

}  // namespace shmvideo::sink
