// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace shmvideo::inspect {

/// A terminal screen of our own, which is redrawn in place; leaving it, the last picture is printed
/// where the user was before. Throws what write_output() throws.
class LiveScreen {
 public:
  LiveScreen();
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  /// Draws what fits of the lines.
  void draw(std::vector<std::string> lines, std::size_t rows);

 private:
  std::vector<std::string> last_;
};

}  // namespace shmvideo::inspect
