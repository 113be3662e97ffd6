// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/writer.hpp"

#include "capi/boundary.hpp"
#include "capi/frame_info.hpp"
#include "capi/stream_info.hpp"
#include "capi/structs.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/shmv_writer.h"

using namespace shmvideo;

/// The one loan that a writer of C has at a time, in the writer: lending allocates nothing.
struct shmv_loan {
  Writer::Loan loan;
};

struct shmv_writer {
  std::unique_ptr<Writer> writer;
  shmv_loan loan{};  // after the writer, which it must not outlive
};

namespace {

constexpr std::uint32_t kModeMax = 07777;

shmv_writer_options initial_options() noexcept {
  shmv_writer_options options{};
  options.struct_bytes = sizeof options;
  options.slots = 6;
  options.mode = 0640;
  options.stream = capi::to_c(StreamInfo{});
  return options;
}

/// The bytes of a packed raw picture of the stream; 0 if it has none.
std::uint64_t packed_bytes(const StreamInfo& stream) noexcept {
  const auto format = pixel_format_from_fourcc(stream.fourcc);
  if (!format || is_coded(*format)) return 0;
  return packed_frame_info(*format, stream.width, stream.height).payload_bytes;
}

/// Checks what the caller chose. SHMV_OK or an error.
int to_options(const shmv_writer_options* given, WriterOptions& options) {
  shmv_writer_options c = initial_options();
  if (const int result = capi::read_struct(given, c); result != SHMV_OK) return result;
  if (const int result = capi::from_c(&c.stream, options.stream); result != SHMV_OK) return result;
  if (c.reserved != 0 || c.mode > kModeMax)
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "a writer's options have a value that there is not");
  options.slots = c.slots;
  options.slot_capacity_bytes = c.slot_capacity_bytes ? c.slot_capacity_bytes : packed_bytes(options.stream);
  if (options.slot_capacity_bytes == 0)
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT,
                      "slot_capacity_bytes is 0, and the stream is no raw picture that would tell it");
  options.mode = c.mode;
  if (c.group) options.group = c.group;
  if (c.program) options.program = c.program;
  if (c.source) options.source = c.source;
  return SHMV_OK;
}

int to_c(PublishStatus status) noexcept {
  switch (status) {
    case PublishStatus::published:
      return SHMV_OK;
    case PublishStatus::too_large:
      return SHMV_TOO_LARGE;
    case PublishStatus::no_slot:
      return SHMV_NO_SLOT;
    case PublishStatus::closed:
      return SHMV_CLOSED;
    case PublishStatus::bad_planes:
      break;
  }
  return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "payload_bytes, planes or sizes contradict each other");
}

/// Checks a frame's description. SHMV_OK or an error.
int to_info(const shmv_frame_info* given, FrameInfo& info) noexcept {
  shmv_frame_info c = capi::initial_frame_info();
  if (const int result = capi::read_struct(given, c); result != SHMV_OK) return result;
  info = capi::from_c(c);
  return SHMV_OK;
}

}  // namespace

int shmv_writer_create(const char* name, const shmv_writer_options* given, shmv_writer** writer) {
  if (!writer) return capi::fail_null();
  *writer = nullptr;
  if (!name) return capi::fail_null();
  return capi::guarded([&] {
    WriterOptions options;
    if (const int result = to_options(given, options); result != SHMV_OK) return result;
    *writer = new shmv_writer{Writer::create(SegmentName(name), options)};
    return SHMV_OK;
  });
}

void shmv_writer_close(shmv_writer* writer) { delete writer; }

int shmv_writer_publish(shmv_writer* writer, const shmv_frame_info* given, const void* bytes) {
  if (!writer || !bytes) return capi::fail_null();
  FrameInfo info;
  if (const int result = to_info(given, info); result != SHMV_OK) return result;
  return to_c(writer->writer->publish(info, {static_cast<const std::byte*>(bytes), info.payload_bytes}));
}

int shmv_writer_loan(shmv_writer* writer, shmv_loan** loan) {
  if (!loan) return capi::fail_null();
  *loan = nullptr;
  if (!writer) return capi::fail_null();
  if (writer->loan.loan) return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "the loan before has not ended");
  writer->loan.loan = writer->writer->loan();
  if (!writer->loan.loan) return SHMV_NO_SLOT;
  *loan = &writer->loan;
  return SHMV_OK;
}

void* shmv_loan_bytes(shmv_loan* loan) { return loan && loan->loan ? loan->loan.bytes().data() : nullptr; }

size_t shmv_loan_capacity(const shmv_loan* loan) {
  return loan && loan->loan ? loan->loan.bytes().size() : 0;
}

int shmv_loan_publish(shmv_loan* loan, const shmv_frame_info* given) {
  if (!loan) return capi::fail_null();
  if (!loan->loan) return capi::fail(SHMV_ERROR_NO_FRAME, "the loan has ended");
  Writer::Loan ending = std::move(loan->loan);
  FrameInfo info;
  if (const int result = to_info(given, info); result != SHMV_OK) return result;
  return to_c(ending.publish(info));
}

void shmv_loan_abandon(shmv_loan* loan) {
  if (loan) loan->loan = Writer::Loan();
}

int shmv_writer_reserve(shmv_writer* writer, const shmv_stream_info* given, uint64_t payload_bytes) {
  if (!writer) return capi::fail_null();
  return capi::guarded([&] {
    StreamInfo stream;
    if (const int result = capi::from_c(given, stream); result != SHMV_OK) return result;
    writer->writer->reserve(stream, payload_bytes ? payload_bytes : packed_bytes(stream));
    return SHMV_OK;
  });
}

int shmv_writer_drop(shmv_writer* writer, uint32_t cause, uint64_t frames) {
  if (!writer) return capi::fail_null();
  if (!to_string(static_cast<DropCause>(cause)))
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "not one of SHMV_DROP_...");
  writer->writer->drop(static_cast<DropCause>(cause), frames);
  return SHMV_OK;
}

void shmv_writer_progress(shmv_writer* writer) {
  if (writer) writer->writer->progress();
}

int shmv_writer_set_source_state(shmv_writer* writer, uint32_t source_state) {
  if (!writer) return capi::fail_null();
  if (source_state < SHMV_SOURCE_OK || source_state > SHMV_SOURCE_ENDED)
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "not one of SHMV_SOURCE_...");
  writer->writer->set_source_state(static_cast<SourceState>(source_state));
  return SHMV_OK;
}

int shmv_writer_set_frame_interval(shmv_writer* writer, uint64_t interval_ns) {
  if (!writer) return capi::fail_null();
  writer->writer->set_frame_interval_ns(interval_ns);
  return SHMV_OK;
}

int shmv_writer_set_extradata(shmv_writer* writer, const void* bytes, size_t count) {
  if (!writer || (!bytes && count > 0)) return capi::fail_null();
  if (writer->writer->set_extradata({static_cast<const std::byte*>(bytes), count})) return SHMV_OK;
  return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "codec parameters are longer than a segment has room for");
}

uint64_t shmv_writer_key_requests(shmv_writer* writer) { return writer ? writer->writer->key_requests() : 0; }

int shmv_writer_statistics_of(const shmv_writer* writer, shmv_writer_statistics* statistics) {
  if (!writer) return capi::fail_null();
  const WriterStatistics now = writer->writer->statistics();
  shmv_writer_statistics c{};
  c.sleepers_woken = now.sleepers_woken;
  c.published = now.published;
  c.revoked = now.revoked;
  for (unsigned cause = 0; cause < SHMV_DROP_CAUSES; ++cause) c.dropped[cause] = now.dropped[cause];
  c.generation = now.generation;
  c.latest = now.latest;
  c.source_reopened = now.source_reopened;
  return capi::write_struct(c, statistics);
}
