// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "segment/unique_fd.hpp"
#include "sink/http/router.hpp"
#include "sink/mjpeg/pictures/task_runner.hpp"

namespace shmvideo::sink {

/// Where files are found, in a path.
constexpr std::string_view kStaticPath = "/static/";

/// What a path below kStaticPath asks for, as find_beneath() takes it, without percent signs: no part is
/// empty or begins with a dot, none has a control character or a slash of its own. None: there is no such
/// file. A slash at the end stands for the folder's page.
std::optional<std::string> static_file_of(std::string_view path);

/// Files of a folder, as they are. Regular files only, and none whose name begins with a dot; no lists of
/// what is in a folder, but its index.html. Looked for and read by the runner's threads, so that a slow disk
/// stops no picture; read as a whole, so both a file and all that are on their way at a time are limited. All
/// calls on the loop's thread.
class StaticFiles {
 public:
  static constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;
  static constexpr std::size_t kBytesInAllMax = std::size_t{64} << 20;

  explicit StaticFiles(TaskRunner& runner);
  ~StaticFiles();
  StaticFiles(const StaticFiles&) = delete;
  StaticFiles& operator=(const StaticFiles&) = delete;

  /// From now on; null: there are no files.
  void set_folder(std::shared_ptr<const UniqueFd> folder) { folder_ = std::move(folder); }
  Outcome answer(const Request& request);
  /// Forgets those who wait; after the runner has come to its end.
  void stop();

 private:
  class Task;
  TaskRunner& runner_;
  std::shared_ptr<const UniqueFd> folder_;
  std::shared_ptr<std::atomic<std::size_t>> bytes_in_use_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::list<std::unique_ptr<Task>> tasks_;  // the runner knows them by address
};

}  // namespace shmvideo::sink
