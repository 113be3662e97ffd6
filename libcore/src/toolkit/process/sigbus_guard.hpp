// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/mapping_guard.hpp"

namespace shmvideo::toolkit {

/// Survives SIGBUS in the mappings that are entrusted to it: lays zeroed private pages over the whole
/// range, sets its `poisoned`, and lets the access be repeated. SIGBUS elsewhere goes to the handler
/// that was there before.
///
/// A process has one, the handler's table being static; it is never destroyed. Thread-safe. At most
/// kRanges ranges are guarded; those beyond stay unguarded (SIGBUS there ends the process as ever).
class SigbusGuard final : public MappingGuard {
 public:
  static constexpr unsigned kRanges = 256;
  /// The guard of this process; the first call installs the handler.
  static SigbusGuard& instance();
  void add(void* address, std::size_t bytes, std::atomic<bool>* poisoned) override;
  void remove(void* address) noexcept override;

 private:
  SigbusGuard();
};

}  // namespace shmvideo::toolkit
