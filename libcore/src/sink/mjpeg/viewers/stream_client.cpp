// SPDX-License-Identifier: Apache-2.0
// The life of a stream; what happens with each picture is in stream_sending.cpp.
#include "sink/mjpeg/viewers/stream_client.hpp"

#include <fmt/format.h>

#include <utility>

#include "segment/clock.hpp"
#include "sink/mjpeg/viewers/stream_cookie.hpp"
#include "sink/mjpeg/viewers/tcp_queue.hpp"

namespace shmvideo::sink {

namespace asio = boost::asio;

void StreamClient::start(Socket socket, Channel& channel, const Request& request, const StreamRequest& asked,
                         const ServingDefaults& defaults, std::uint64_t id) {
  std::make_shared<StreamClient>(std::move(socket), channel, request, asked, defaults, id)->begin();
}

StreamClient::StreamClient(Socket socket, Channel& channel, const Request& request,
                           const StreamRequest& asked, const ServingDefaults& defaults, std::uint64_t id)
    : Viewer({}, Pacer(1)),  // see apply_plan()
      socket_(std::move(socket)),
      descriptor_(socket_.native_handle()),
      channel_(channel),
      demand_(channel.demand()),
      id_(id),
      who_(asked.key.empty() ? request.peer : request.peer + " (" + asked.key + ")"),
      peer_(request.peer),
      agent_(request.agent),
      key_(asked.key),
      access_(request.access),
      is_http_1_0_(request.http_1_0),
      answer_headers_(request.answer_headers),
      style_(style_of(asked, request.agent)),
      max_delay_ns_(static_cast<std::uint64_t>(asked.max_delay.count())),
      plan_(asked.wishes, defaults),
      on_loss_(defaults.on_loss),
      wait_for_writer_(defaults.wait_for_writer),
      first_picture_timeout_(defaults.first_picture_timeout),
      first_picture_timer_(socket_.get_executor()),
      drain_timer_(socket_.get_executor()),
      pause_timer_(socket_.get_executor()),
      tally_(monotonic_ns()),
      frame_log_interval_(defaults.frame_log_interval.value_or(0)),
      logged_ns_(monotonic_ns()) {
  apply_plan();
  channel_.add(*this);
}

StreamClient::~StreamClient() { channel_.remove(*this); }

void StreamClient::begin() {
  channel_.log()(EventLevel::info, who_ + " watches " + channel_.name().str());
  tune_for_pictures(descriptor_);
  await_hangup();
  await_first_picture(channel_.has_writer() ? first_picture_timeout_ : wait_for_writer_);
  rejoin(monotonic_ns());
}

/// Viewers have nothing more to say; what counts is when they hang up, also while nothing is sent.
void StreamClient::await_hangup() {
  socket_.async_read_some(asio::buffer(ignored_),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                            if (self->is_closed_) return;
                            if (error) return self->close();
                            self->await_hangup();
                          });
}

void StreamClient::await_first_picture(std::chrono::nanoseconds timeout) {
  first_picture_timer_.expires_after(timeout);
  first_picture_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && !self->is_closed_ && !self->has_begun_) self->no_picture_yet();
  });
}

void StreamClient::no_picture_yet() {
  if (!channel_.has_writer()) return refuse(try_again_reply(channel_.why_no_frames()));
  if (wait_for_writer_.count() > 0) {
    // Its writer came while it was waited for, and has the same time as any other now.
    wait_for_writer_ = {};
    return await_first_picture(first_picture_timeout_);
  }
  // A writer that has nothing yet: its camera may be starting, or be gone for a while.
  channel_.cancel(*this);  // one thing at a time
  is_waiting_ = false;
  start_body();
  unsent_ = {asio::buffer(head_)};
  write();
}

void StreamClient::start_body() {
  has_begun_ = true;
  first_picture_timer_.cancel();
  const std::string headers = stream_cookie(key_, id_).append(kStreamHeaders).append(answer_headers_);
  head_ =
      render_head(ResponseHead{.content_type = kMultipartType, .http_1_0 = is_http_1_0_, .extra = headers});
  head_ += kFirstBoundary;
  if (style_.advance_headers) head_ += kAdvanceHead;
}

void StreamClient::refuse(Reply reply) {
  reply.headers += answer_headers_;
  has_begun_ = ends_after_part_ = true;
  first_picture_timer_.cancel();
  channel_.cancel(*this);
  is_waiting_ = false;
  head_ = render_head(reply, false, is_http_1_0_) + reply.body;
  unsent_ = {asio::buffer(head_)};
  write();
}

void StreamClient::take_defaults(const ServingDefaults& defaults) noexcept {
  frame_log_interval_ = defaults.frame_log_interval.value_or(0);
  on_loss_ = defaults.on_loss;
  plan_.take_defaults(defaults);
  apply_plan();
}

void StreamClient::apply_plan() {
  set_rendition(plan_.rendition(plan_frame_));
  if (std::exchange(fps_, plan_.fps()) != plan_.fps()) set_pacer(Pacer(plan_.fps()));
}

void StreamClient::writer_lost() {
  if (on_loss_ != OnLoss::close || !has_begun_) return;
  // What has been begun is finished: a part is never cut short by the server.
  if (is_waiting_) return close();
  ends_after_part_ = true;
}

void StreamClient::no_writer_comes() {
  if (!has_begun_ && !is_closed_ && wait_for_writer_.count() == 0)
    refuse(try_again_reply(channel_.why_no_frames()));
}

void StreamClient::picture_failed(const std::string& reason) {
  if (is_closed_) return;
  is_waiting_ = false;
  if (!has_begun_) return refuse(error_reply(500, "no picture could be made: " + reason));
  channel_.log()(EventLevel::warn, "a frame was left out: " + reason);
  rejoin(monotonic_ns());
}

void StreamClient::log_frames(std::uint64_t now_ns, std::uint64_t number) {
  const double seconds = static_cast<double>(now_ns - std::exchange(logged_ns_, now_ns)) / 1e9;
  const std::uint64_t frames = tally_.frames() - std::exchange(frames_logged_, tally_.frames());
  channel_.log()(EventLevel::info,
                 fmt::format("{}: frame {}, {} since the last such line, {:.3f} s, {:.1f}/s", who_, number,
                             frames, seconds, seconds > 0 ? static_cast<double>(frames) / seconds : 0.0));
}

void StreamClient::close() {
  if (is_closed_) return;
  is_closed_ = true;
  const auto self = shared_from_this();  // the store may have the last one
  channel_.log()(EventLevel::info, who_ + " left after " + std::to_string(tally_.frames()) + " frames");
  first_picture_timer_.cancel();
  drain_timer_.cancel();
  pause_timer_.cancel();
  channel_.cancel(*this);
  channel_.remove(*this);
  picture_.reset();
  last_.reset();
  socket_.close();
}

}  // namespace shmvideo::sink
