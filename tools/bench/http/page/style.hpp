// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shmvideo::bench::http {

/// The page's style sheet: colours for light and dark, by what the browser prefers.
extern const char* const kStyle;

}  // namespace shmvideo::bench::http
