// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "watch/history.hpp"

namespace shmvideo::inspect {

/// The picture that --watch shows of a segment: lines that fit into the columns. Pure.
std::vector<std::string> watch_lines(const std::string& name, const History& history, std::uint64_t now_ns,
                                     std::size_t columns);

/// A line of them in colour: what is well, what deserves a look, what is wrong.
std::string coloured(const std::string& line);

/// One line for each look, where there is no terminal to redraw.
std::string watch_line(const std::string& name, const History& history);

}  // namespace shmvideo::inspect
