// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shmvideo::toolkit {

/// The candidate that `word` was probably meant to be: it begins so, or differs by a typing error or two.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "; did you mean X?", or `otherwise` where nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string_view prefix = {}, std::string_view otherwise = {});

bool is_same_ignoring_case(std::string_view a, std::string_view b);

}  // namespace shmvideo::toolkit
