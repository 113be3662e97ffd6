// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/load_result.hpp"
#include "verdict/verdict.hpp"

namespace shmvideo::bench::http {

/// The whole result for programs, with the line's end. The man page describes its keys.
std::string to_json(const LoadResult& result, const Verdict& verdict);

}  // namespace shmvideo::bench::http
