// SPDX-License-Identifier: Apache-2.0
// How one viewer gets one picture after the other.
//
// A picture that was handed to the kernel cannot be taken back, so it is chosen as late as can be: when what
// the connection still holds will be gone soon. While a viewer keeps up, that costs one question to the
// kernel for each picture (and one sendmsg, without any allocation); one that does not is asked again by a
// timer, for the kernel has no event for it: writability comes much too early, as long as the queue is short
// of the send buffer, and TCP_NOTSENT_LOWAT does not count what waits in the network (docs/streaming.md has
// what was measured).
#include <algorithm>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/error.hpp>
#include <chrono>
#include <span>
#include <utility>

#include "segment/clock.hpp"
#include "sink/mjpeg/viewers/stream_client.hpp"
#include "sink/mjpeg/viewers/tcp_queue.hpp"

namespace shmvideo::sink {
namespace {

namespace asio = boost::asio;

/// A picture is chosen when those before it will be through within this time: as short as the connection can
/// be kept busy with, for a new picture may have to be encoded first.
constexpr std::uint64_t kQueueDelayNs = 100'000'000;
/// What is held for less than this is not worth waiting for, however slow the connection: the response's head
/// and acknowledgements that are under way.
constexpr std::uint64_t kQueuedFew = 16 * 1024;
/// When no picture came for so long, viewers that show each one only when the next is there get it again.
constexpr std::uint64_t kPauseNs = 150'000'000;

asio::const_buffer buffer_of(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void StreamClient::picture_ready(const std::shared_ptr<const JpegPicture>& picture) {
  if (is_closed_) return;
  is_waiting_ = false;
  const std::uint64_t now_ns = monotonic_ns();
  if (!is_time_for(*picture, now_ns)) return;
  const std::uint64_t dropped = tally_gap(*picture, now_ns, false);
  if (!has_begun_) start_body();
  picture_ = picture;
  is_repeating_ = false;
  compose(now_ns, dropped);
  write();
}

/// If it is not, sees to it that there will be another.
bool StreamClient::is_time_for(const JpegPicture& picture, std::uint64_t now_ns) {
  busy_since_ns_ = now_ns;
  backlog_.sample(now_ns, queued_bytes(descriptor_));
  if (!is_drained()) {
    is_behind_ = true;
    decline();
    await_drained();
    return false;
  }
  if (max_delay_ns_ == 0 || age_ns(now_ns, picture.frame_ns) + backlog_.drain_ns() <= max_delay_ns_)
    return true;
  tally_gap(picture, now_ns, true);
  rejoin(now_ns);
  return false;
}

bool StreamClient::is_drained() const noexcept {
  // A viewer that set a limit waits for an emptier connection rather than for a fresher picture.
  if (max_delay_ns_ == 0 && backlog_.queued() <= kQueuedFew) return true;
  if (backlog_.queued() == 0) return true;
  return backlog_.drains_within(queue_delay_max_ns(), round_trip_ns(descriptor_));
}

std::uint64_t StreamClient::queue_delay_max_ns() const noexcept {
  return max_delay_ns_ > 0 ? std::min(kQueueDelayNs, max_delay_ns_ / 2) : kQueueDelayNs;
}

void StreamClient::await_drained() {
  drain_timer_.expires_after(
      std::chrono::nanoseconds(backlog_.look_again_ns(queue_delay_max_ns(), round_trip_ns(descriptor_))));
  drain_timer_.async_wait(
      asio::bind_allocator(HandlerAllocator<std::byte>(memory_),
                           [self = shared_from_this()](const boost::system::error_code& error) {
                             if (!error && !self->is_closed_) self->look_again();
                           }));
}

void StreamClient::look_again() {
  if (ends_after_part_) return close();
  const std::uint64_t now_ns = monotonic_ns();
  backlog_.sample(now_ns, queued_bytes(descriptor_));
  is_drained() ? rejoin(now_ns) : await_drained();
}

void StreamClient::rejoin(std::uint64_t now_ns) {
  if (busy_since_ns_ != 0) busy_ns_ += now_ns - std::exchange(busy_since_ns_, 0);
  // Not before: the picture that was just sent was of the plan before.
  if (std::exchange(is_plan_new_, false)) apply_plan();
  is_waiting_ = true;
  channel_.wait(shared_from_this());
}

/// How many frames were left out since the last picture.
std::uint64_t StreamClient::tally_gap(const JpegPicture& picture, std::uint64_t now_ns, bool is_late) {
  const std::uint64_t busy_ns = std::exchange(busy_ns_, 0);
  const std::uint64_t serial = std::exchange(last_serial_, picture.serial);
  const std::uint64_t frame_ns = std::exchange(last_frame_ns_, picture.frame_ns);
  const std::uint64_t gap = serial == 0 || picture.serial <= serial ? 0 : picture.serial - serial - 1;
  const std::uint64_t interval_ns = 1'000'000'000 / static_cast<std::uint64_t>(fps_);
  Skips skips = explain_gap(gap, age_ns(picture.frame_ns, frame_ns), interval_ns, busy_ns);
  skips.late = is_late ? 1 : 0;
  tally_.published(now_ns, gap + 1);
  tally_.skipped(now_ns, skips);
  ServingCounters& counters = channel_.counters();
  counters.skipped_not_due += skips.not_due;
  counters.skipped_slow += skips.slow;
  counters.skipped_processor += skips.processor;
  counters.skipped_late += skips.late;
  const bool has_changed =
      plan_.observe(now_ns, is_late ? 0 : 1, static_cast<unsigned>(skips.slow + skips.late));
  const bool is_other_size =
      plan_frame_.width != picture.info.width || plan_frame_.height != picture.info.height;
  plan_frame_ = picture.info;
  const bool is_under_other_pressure = plan_.set_pressure(channel_.pressure_level());
  is_plan_new_ = has_changed || is_other_size || is_under_other_pressure;  // see rejoin()
  return gap;
}

/// Puts the part of picture_ together.
void StreamClient::compose(std::uint64_t now_ns, std::uint64_t dropped) {
  const std::span<const std::byte> bytes = style_.zero_data ? std::span<const std::byte>{} : picture_->bytes;
  unsent_ = {buffer_of(head_), buffer_of(part_head(bytes.size(), now_ns, dropped)),
             asio::const_buffer(bytes.data(), bytes.size()),
             buffer_of(style_.advance_headers ? kPartEndAndAdvanceHead : kPartEnd)};
}

std::string_view StreamClient::part_head(std::size_t bytes, std::uint64_t now_ns,
                                         std::uint64_t dropped) noexcept {
  if (style_.advance_headers) return {};  // it was there before
  if (!style_.extra_headers && !style_.zero_data) return picture_->part_head();
  if (!style_.extra_headers) return write_part_head(picture_->info, bytes, nullptr, part_head_);
  const PictureForm form = form_of(rendition(), picture_->info);
  const PartExtras extras{.is_online = picture_->is_online,
                          .dropped = dropped,
                          .width = form.width > 0 ? form.width : picture_->info.width,
                          .height = form.height > 0 ? form.height : picture_->info.height,
                          .client_fps = tally_.fps(now_ns),
                          .grab_ns = picture_->frame_ns,
                          .encode_begin_ns = picture_->encode_begin_ns,
                          .encode_end_ns = picture_->encode_end_ns,
                          .send_ns = now_ns};
  return write_part_head(picture_->info, bytes, &extras, part_head_);
}

/// As much as the kernel takes, by one system call.
void StreamClient::write() {
  boost::system::error_code error;
  std::size_t taken = socket_.write_some(unsent_, error);
  if (error && error != asio::error::would_block && error != asio::error::interrupted) return close();
  part_bytes_ += taken;
  backlog_.wrote(taken);
  bool is_all = true;
  for (asio::const_buffer& buffer : unsent_) {
    const std::size_t of_this = std::min(taken, buffer.size());
    buffer += of_this;
    taken -= of_this;
    is_all &= buffer.size() == 0;
  }
  is_all ? written() : await_room();
}

void StreamClient::await_room() {
  is_behind_ = true;
  socket_.async_wait(
      Socket::Wait::write,
      asio::bind_allocator(HandlerAllocator<std::byte>(memory_),
                           [self = shared_from_this()](const boost::system::error_code& error) {
                             if (self->is_closed_) return;
                             error ? self->close() : self->write();
                           }));
}

void StreamClient::written() {
  head_.clear();
  const std::uint64_t now_ns = monotonic_ns();
  const std::uint64_t bytes = std::exchange(part_bytes_, 0);
  // Asked here only about one that does not keep up: it would have a picture made that is too early for it.
  if (is_behind_) {
    backlog_.sample(now_ns, queued_bytes(descriptor_));
    is_behind_ = !is_drained();
  }
  if (picture_) count(now_ns, bytes);
  if (ends_after_part_) return close();
  is_behind_ ? await_drained() : rejoin(now_ns);
}

/// picture_ was sent.
void StreamClient::count(std::uint64_t now_ns, std::uint64_t bytes) {
  ServingCounters& counters = channel_.counters();
  counters.bytes_sent += bytes;
  if (is_repeating_) {
    tally_.sent_bytes(now_ns, bytes);
  } else {
    ++counters.frames_served;
    const std::uint64_t lag_ns = age_ns(now_ns, picture_->frame_ns) + backlog_.drain_ns();
    tally_.sent(now_ns, bytes, lag_ns);
    if (picture_->is_online) channel_.stages().capture_to_sent.add(age_ns(now_ns, picture_->frame_ns));
    if (frame_log_interval_ > 0 && tally_.frames() - frames_logged_ >= frame_log_interval_) {
      log_frames(now_ns, picture_->info.number);
    }
  }
  last_sent_ns_ = now_ns;
  if (!style_.dual_final_frames) return picture_.reset();
  last_ = std::move(picture_);
  if (!is_repeating_ && !awaits_pause_) await_pause(now_ns + kPauseNs);
}

/// One timer for many pictures: it only looks how long ago the last one was.
void StreamClient::await_pause(std::uint64_t until_ns) {
  awaits_pause_ = true;
  pause_timer_.expires_at(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(until_ns)));
  pause_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || self->is_closed_) return;
    const std::uint64_t now_ns = monotonic_ns();
    const std::uint64_t pause_ns = age_ns(now_ns, self->last_sent_ns_);
    if (pause_ns < kPauseNs) return self->await_pause(self->last_sent_ns_ + kPauseNs);
    if (!self->is_waiting_) return self->await_pause(now_ns + kPauseNs);  // something is on its way
    self->awaits_pause_ = false;
    self->repeat_last();
  });
}

void StreamClient::repeat_last() {
  channel_.cancel(*this);
  is_waiting_ = false;
  is_repeating_ = true;
  picture_ = last_;
  compose(monotonic_ns(), 0);
  write();
}

}  // namespace shmvideo::sink
