// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "capi/boundary.hpp"
#include "capi/handles.hpp"
#include "capi/read_status.hpp"
#include "shmvideo/reader_set.hpp"

using namespace shmvideo;
static_assert(SHMV_SET_MAX == ReaderSet::kMax);

struct shmv_set {
  ReaderSet set;
  std::array<Frame, ReaderSet::kMax> frames;  // between the set and the caller's handles
};

int shmv_set_new(shmv_set** set) {
  if (!set) return capi::fail_null();
  *set = nullptr;
  return capi::guarded([&] {
    *set = new shmv_set;
    return SHMV_OK;
  });
}

void shmv_set_free(shmv_set* set) { delete set; }

int shmv_set_add(shmv_set* set, shmv_reader* reader) {
  if (!set || !reader) return capi::fail_null();
  return capi::guarded([&] { return static_cast<int>(set->set.add(*reader->reader)); });
}

int shmv_set_wait(shmv_set* set, uint8_t* ready, size_t count, int64_t timeout_ns) {
  if (!set || !ready) return capi::fail_null();
  if (count < set->set.size())
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT,
                      "fewer places to tell who is ready than there are readers");
  return capi::guarded([&] {
    const ReaderSet::Ready who = set->set.wait(std::chrono::nanoseconds(timeout_ns));
    for (std::size_t i = 0; i < count; ++i) ready[i] = i < who.size() && who[i];
    return who.any() ? SHMV_OK : SHMV_TIMEOUT;
  });
}

int shmv_set_pair(shmv_set* set, shmv_frame* const* frames, size_t count, int64_t tolerance_ns,
                  int64_t timeout_ns) {
  if (!set || !frames) return capi::fail_null();
  for (std::size_t i = 0; i < count; ++i)
    if (!frames[i]) return capi::fail_null();
  if (count != set->set.size())
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "not as many places for frames as there are readers");
  return capi::guarded([&] {
    for (std::size_t i = 0; i < count; ++i) frames[i]->frame.release();
    const ReadStatus status =
        set->set.pair({set->frames.data(), count}, std::chrono::nanoseconds(tolerance_ns),
                      std::chrono::nanoseconds(timeout_ns));
    if (status != ReadStatus::frame) return capi::to_c(status);
    for (std::size_t i = 0; i < count; ++i) {
      frames[i]->frame = std::move(set->frames[i]);
      frames[i]->describe();
    }
    return SHMV_OK;
  });
}
