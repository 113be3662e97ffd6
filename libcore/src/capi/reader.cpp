// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "capi/boundary.hpp"
#include "capi/handles.hpp"
#include "capi/read_status.hpp"
#include "capi/stream_info.hpp"
#include "capi/structs.hpp"

using namespace shmvideo;

namespace {

shmv_reader_options initial_options() noexcept {
  shmv_reader_options options{};
  options.struct_bytes = sizeof options;
  options.grade = SHMV_GRADE_HOLD;
  options.order = SHMV_ORDER_NEWEST;
  options.start = SHMV_START_NEWEST;
  options.follow = 1;
  options.present = 1;
  return options;
}

Start to_start(std::uint32_t start) noexcept {
  return start == SHMV_START_NEXT     ? Start::next
         : start == SHMV_START_OLDEST ? Start::oldest
         : start == SHMV_START_KEY    ? Start::key
                                      : Start::newest;
}

/// Checks what the caller chose. SHMV_OK or an error.
int to_options(const shmv_reader_options* given, ReaderOptions& options) {
  shmv_reader_options c = initial_options();
  if (const int result = given ? capi::read_struct(given, c) : SHMV_OK; result != SHMV_OK) return result;
  if (c.grade < SHMV_GRADE_OBSERVE || c.grade > SHMV_GRADE_HOLD || c.order > SHMV_ORDER_IN_ORDER ||
      c.start > SHMV_START_KEY || c.follow > 1 || c.present > 1 || !capi::is_zero(c.reserved))
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "a reader's options have a value that there is not");
  options.grade = static_cast<Grade>(c.grade);
  options.order = c.order == SHMV_ORDER_IN_ORDER ? Order::in_order : Order::newest;
  options.start = to_start(c.start);
  options.attach_timeout = std::chrono::nanoseconds(c.attach_timeout_ns);
  options.follow = c.follow != 0;
  options.present = c.present != 0;
  if (c.program) options.program = c.program;
  return SHMV_OK;
}

}  // namespace

int shmv_reader_attach(const char* name, const shmv_reader_options* given, shmv_reader** reader) {
  if (!reader) return capi::fail_null();
  *reader = nullptr;
  if (!name) return capi::fail_null();
  return capi::guarded([&] {
    ReaderOptions options;
    if (const int result = to_options(given, options); result != SHMV_OK) return result;
    *reader = new shmv_reader{Reader::attach(SegmentName(name), options)};
    return SHMV_OK;
  });
}

void shmv_reader_detach(shmv_reader* reader) { delete reader; }

int shmv_reader_next(shmv_reader* reader, shmv_frame* frame, int64_t timeout_ns) {
  if (!reader || !frame) return capi::fail_null();
  return capi::guarded([&] {
    const ReadStatus status = reader->reader->next(frame->frame, std::chrono::nanoseconds(timeout_ns));
    if (status == ReadStatus::frame) frame->describe();
    return capi::to_c(status);
  });
}

int shmv_reader_fd(shmv_reader* reader) {
  if (!reader) return capi::fail_null();
  return capi::guarded([&] { return reader->reader->event_fd(); });
}

void shmv_reader_interrupt(shmv_reader* reader) {
  if (reader) reader->reader->interrupt();
}

int shmv_reader_stream(const shmv_reader* reader, shmv_stream_info* stream) {
  return reader ? capi::write_struct(capi::to_c(reader->reader->stream()), stream) : capi::fail_null();
}

int shmv_reader_statistics_of(const shmv_reader* reader, shmv_reader_statistics* statistics) {
  if (!reader) return capi::fail_null();
  const ReaderStatistics now = reader->reader->statistics();
  shmv_reader_statistics c{};
  c.is_present = now.is_present;
  c.seen = now.seen;
  c.missed = now.missed;
  c.torn = now.torn;
  c.revoked = now.revoked;
  c.restarts = now.restarts;
  return capi::write_struct(c, statistics);
}

int shmv_reader_state(const shmv_reader* reader) {
  return reader ? capi::to_c(reader->reader->state()) : capi::fail_null();
}

int shmv_reader_source_state(const shmv_reader* reader) {
  if (!reader) return capi::fail_null();
  // A word in shared memory: what it cannot mean is not passed on.
  const std::uint32_t state = reader->reader->source_state();
  return state == SHMV_SOURCE_RECONNECTING || state == SHMV_SOURCE_ENDED ? static_cast<int>(state)
                                                                         : SHMV_SOURCE_OK;
}

uint64_t shmv_reader_generation(const shmv_reader* reader) {
  return reader ? reader->reader->generation() : 0;
}

int shmv_reader_extradata(const shmv_reader* reader, void* to, size_t* bytes) {
  if (!reader || !bytes || (!to && *bytes > 0)) return capi::fail_null();
  return capi::guarded([&] {
    const std::vector<std::byte> extradata = reader->reader->extradata();
    const std::size_t capacity = std::exchange(*bytes, extradata.size());
    if (extradata.size() > capacity)
      return capi::fail(SHMV_ERROR_INVALID_ARGUMENT,
                        "the codec parameters are longer than the memory for them");
    if (!extradata.empty()) std::memcpy(to, extradata.data(), extradata.size());
    return SHMV_OK;
  });
}

int shmv_reader_request_key(shmv_reader* reader) {
  if (!reader) return capi::fail_null();
  if (reader->reader->request_key()) return SHMV_OK;
  return capi::fail(SHMV_ERROR_PERMISSION_DENIED,
                    "a reader without an entry in the table of readers cannot ask for a key frame");
}
