// SPDX-License-Identifier: Apache-2.0
// Catch2 of Debian 12 (2.13, one header) and of Debian 13 (3.x), under one name.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
namespace shmvideo_test {
inline auto ContainsSubstring(const std::string& text) { return Catch::Matchers::Contains(text); }
}  // namespace shmvideo_test
using shmvideo_test::ContainsSubstring;
#endif
