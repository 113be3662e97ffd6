// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "machine/machine.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/temp_place.hpp"

namespace scheduler {

struct WorldOptions {
  std::uint32_t slots = 3;
  unsigned frames_before = 3;
  unsigned readers = 1;
  shmvideo::Grade grade = shmvideo::Grade::hold;
  shmvideo::Order order = shmvideo::Order::in_order;
  shmvideo::Start start = shmvideo::Start::oldest;
  bool models_waking = false;
  bool changes_files = false;  ///< executions make, rename or remove files
  bool has_rhythm = false;     ///< readers have seen two frames in a row, and know when to expect the next
};

/// What is explored with: a Writer with some frames in its ring, and Readers that have attached to it and
/// have taken a first frame. The real ones, with files of their own; made once. The rest are bodies of
/// threads, which look at what they get: whatever is said to be a frame has to be that frame.
class World {
 public:
  explicit World(const WorldOptions& options);
  /// Forgets what happened in an execution, and puts the files back.
  void begin();
  const std::filesystem::path& path() const { return place_.path(); }
  /// For who ends without destructors.
  void remove_files();

  /// Publishes so many frames, each with a payload that tells its number.
  void publish(unsigned frames);
  /// Goes on with a new generation, of larger slots.
  void grow();
  void close();
  /// A new Writer of the name publishes so many frames.
  void succeed(unsigned frames);
  /// Asks for a frame so many times without waiting. Keeps the frames until the end, or looks and lets go.
  void look(unsigned reader, unsigned times, bool keeps = false);
  /// Waits for frames until it has `last`, or is told that the writer is gone.
  void follow(unsigned reader, std::uint64_t last);

  /// Nobody may sleep while there is something that he waits for; of a death he may be told as late as the
  /// next frame would be, where he knows when that is.
  void check_sleepers();
  /// The kernel lets go of what a dead writer had locked.
  void unlock_name();
  /// The newest frame whose publishing has returned.
  std::uint64_t published() const noexcept { return published_; }
  std::uint64_t last_of(unsigned reader) const noexcept { return last_[reader]; }

 private:
  void make_writer();
  void make_reader(unsigned index);
  /// Readers take one more frame, published a while after the one that they have.
  void show_rhythm();
  void publish_one(shmvideo::Writer& writer);
  void claimed(shmvideo::Writer& writer, std::uint32_t slot);
  void take(unsigned reader, const shmvideo::Frame& frame);
  void check_hold(const shmvideo::Frame& frame);
  void check_bytes(const shmvideo::Frame& frame);
  void told_of_end(unsigned reader, bool is_due, const char* what);
  void put_files_back();

  WorldOptions options_;
  shmvideo_test::TempPlace place_;
  std::unique_ptr<shmvideo::Writer> writer_;
  std::vector<std::unique_ptr<shmvideo::Reader>> readers_;
  int lock_fd_ = -1;
  std::uint64_t set_up_ns_ = 0;
  const std::uint64_t* first_latest_ = nullptr;  ///< the word of the first generation

  // What the test knows of an execution, seen from above.
  struct Knowledge {
    std::uint64_t published = 0;
    std::uint64_t revoked = 0;
    bool is_claiming = false;
    bool is_closing = false;
    std::vector<std::uint64_t> in_slot;   ///< which frame
    std::set<std::uint64_t> overwritten;  ///< frames, without a revocation
    std::set<std::uint64_t> doubtful;     ///< held by a reader while the writer had begun to overwrite
    std::vector<std::uint64_t> last;      ///< frame that a reader took
    std::vector<std::set<std::uint64_t>> held;
    std::vector<bool> is_told;  ///< of the writer's end
  };
  Knowledge known_;
  Knowledge known_before_;
  std::uint64_t& published_ = known_.published;
  std::vector<std::uint64_t>& last_ = known_.last;
};

}  // namespace scheduler
