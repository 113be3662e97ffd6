// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sink/events.hpp"
#include "sink/recording/container.hpp"
#include "sink/recording/file_names.hpp"
#include "sink/recording/muxer.hpp"
#include "sink/recording/output_file.hpp"
#include "sink/recording/timeline.hpp"
#include "sink/recording/track.hpp"

namespace shmvideo::sink {

struct FileOptions {
  std::filesystem::path file;  ///< for numbered pictures a template, see NumberedName
  bool is_standard_output = false;
  Container container = Container::matroska;
  bool overwrites = false;
  CodingOptions coding;
};

/// Throws Error(invalid_argument) or Error(system) for what can be known to fail before there is a frame:
/// the file exists, its folder does not or may not be written to, the template is none.
void check_destination(const FileOptions& options);

/// Writes frames to a file, and to the next one when their plan changes. Nothing is opened before the
/// first frame. Thread-safety: one thread at a time, but for the numbers.
class RecordingFiles {
 public:
  RecordingFiles(FileOptions options, EventLog log);
  /// Finishes nothing: an open file is closed as it is.
  ~RecordingFiles();

  /// Throws Error, which says what of the file is whole.
  void put(const RecordedFrame& frame);
  /// Throws Error like put(). Nothing may be put any more.
  void finish();

  std::uint64_t frames() const noexcept { return frames_; }
  std::uint64_t bytes() const noexcept { return bytes_before_ + bytes_of_this_; }
  unsigned files() const noexcept { return files_; }
  /// For people: the file that is written now.
  const std::string& current_name() const noexcept { return current_name_; }

 private:
  void open(const RecordedFrame& first);
  void open_file();
  void close_file();
  bool write(AVPacket& packet);
  bool write_picture(AVPacket& packet);
  [[noreturn]] void fail();

  FileOptions options_;
  EventLog log_;
  std::optional<NumberedName> numbered_;
  std::optional<FramePlan> plan_;
  std::unique_ptr<Track> track_;
  std::optional<OutputFile> file_;
  std::unique_ptr<Muxer> muxer_;
  PacketSink sink_;
  Timeline timeline_;
  unsigned part_ = 0;
  std::uint64_t frames_in_file_ = 0;
  std::uint64_t whole_frames_ = 0;
  std::string current_name_;
  std::atomic<std::uint64_t> frames_{0};
  std::atomic<std::uint64_t> bytes_before_{0};
  std::atomic<std::uint64_t> bytes_of_this_{0};
  std::atomic<unsigned> files_{0};
};

}  // namespace shmvideo::sink
