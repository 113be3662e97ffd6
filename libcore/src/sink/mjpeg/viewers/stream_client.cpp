// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/stream_client.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "segment/clock.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {
namespace {

namespace asio = boost::asio;

/// How much the kernel may keep for a viewer beyond what is in flight: with more, a slow viewer would
/// see an old queue; with less, the server would have to wake more often to send one picture.
constexpr int kUnsentBytesMax = 128 * 1024;

void set_option(int socket, int level, int option, int value) noexcept {
  // Each is an improvement, none is a condition.
  ::setsockopt(socket, level, option, &value, sizeof value);
}

void tune(asio::ip::tcp::socket& socket) {
  const int fd = socket.native_handle();
  set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsentBytesMax);
  // The end of a picture must not wait for the acknowledgement of its beginning.
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  // A viewer that vanished without a word is noticed, though nothing may be sent for hours.
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

/// Lets a write be one system call where it can: Asio's own condition goes by pieces of 64 KiB.
std::size_t everything_at_once(const boost::system::error_code& error, std::size_t) noexcept {
  return error ? 0 : std::size_t{1} << 30;
}

asio::const_buffer buffer_of(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void StreamClient::start(asio::ip::tcp::socket socket, Channel& channel, const Request& request,
                         const Options& options) {
  std::make_shared<StreamClient>(std::move(socket), channel, request, options)->begin();
}

StreamClient::StreamClient(asio::ip::tcp::socket socket, Channel& channel, const Request& request,
                           const Options& options)
    : Viewer(options.rendition, Pacer(options.fps)),
      socket_(std::move(socket)),
      channel_(channel),
      demand_(channel.demand()),
      first_picture_timeout_(options.first_picture_timeout),
      who_(options.key.empty() ? request.peer : request.peer + " (" + options.key + ")"),
      is_http_1_0_(request.http_1_0),
      is_fps_asked_(options.is_fps_asked),
      fps_(options.fps),
      first_picture_timer_(socket_.get_executor()),
      rate_(monotonic_ns()),
      frame_log_interval_(options.frame_log_interval),
      logged_ns_(monotonic_ns()) {
  channel_.add(*this);
}

StreamClient::~StreamClient() { channel_.remove(*this); }

void StreamClient::begin() {
  channel_.log()(EventLevel::info, who_ + " watches " + channel_.name().str());
  tune(socket_);
  await_hangup();
  first_picture_timer_.expires_after(first_picture_timeout_);
  first_picture_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && !self->is_closed_ && !self->has_begun_) self->begin_without_picture();
  });
  channel_.wait(shared_from_this());
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

void StreamClient::take_defaults(const ServingDefaults& defaults) noexcept {
  frame_log_interval_ = defaults.frame_log_interval.value_or(0);
  if (Rendition wanted = rendition(); !wanted.is_quality_asked) {
    wanted.quality = defaults.quality;
    set_rendition(wanted);
  }
  if (is_fps_asked_ || std::exchange(fps_, defaults.fps) == defaults.fps) return;
  set_pacer(Pacer(defaults.fps));
}

void StreamClient::begin_without_picture() {
  if (!channel_.has_writer()) return refuse(error_reply(503, channel_.why_no_frames()));
  // A writer that has nothing yet: its camera may be starting, or be gone for a while.
  start_body();
  asio::async_write(socket_, buffer_of(head_),
                    [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                      if (self->is_closed_) return;
                      if (error) return self->close();
                      self->head_.clear();
                      self->channel_.wait(self);
                    });
  channel_.cancel(*this);  // one thing at a time
}

void StreamClient::start_body() {
  has_begun_ = true;
  first_picture_timer_.cancel();
  head_ = render_head(
      ResponseHead{.content_type = kMultipartType, .http_1_0 = is_http_1_0_, .extra = kStreamHeaders});
  head_ += kFirstBoundary;
}

void StreamClient::picture_ready(const std::shared_ptr<const JpegPicture>& picture) {
  if (is_closed_) return;
  if (!has_begun_) start_body();
  picture_ = picture;
  const std::array buffers{buffer_of(head_), buffer_of(picture_->part_head()),
                           asio::const_buffer(picture_->bytes.data(), picture_->bytes.size()),
                           buffer_of(kPartEnd)};
  asio::async_write(socket_, buffers, &everything_at_once,
                    asio::bind_allocator(HandlerAllocator<std::byte>(memory_),
                                         [self = shared_from_this()](const boost::system::error_code& error,
                                                                     std::size_t bytes) {
                                           if (self->is_closed_) return;
                                           if (error) return self->close();
                                           self->picture_sent(bytes);
                                         }));
}

void StreamClient::picture_sent(std::size_t bytes) {
  ++frames_;
  ++channel_.counters().frames_served;
  channel_.counters().bytes_sent += bytes;
  const std::uint64_t now_ns = monotonic_ns();
  rate_.count(now_ns);
  if (frame_log_interval_ > 0 && frames_ - frames_logged_ >= frame_log_interval_) log_frames(now_ns);
  head_.clear();
  picture_.reset();
  channel_.wait(shared_from_this());
}

void StreamClient::log_frames(std::uint64_t now_ns) {
  const double seconds = static_cast<double>(now_ns - std::exchange(logged_ns_, now_ns)) / 1e9;
  const std::uint64_t frames = frames_ - std::exchange(frames_logged_, frames_);
  channel_.log()(EventLevel::info,
                 fmt::format("{}: frame {}, {} since the last such line, {:.3f} s, {:.1f}/s", who_,
                             picture_->info.number, frames, seconds,
                             seconds > 0 ? static_cast<double>(frames) / seconds : 0.0));
}

void StreamClient::picture_failed(const std::string& reason) {
  if (is_closed_) return;
  if (!has_begun_) return refuse(error_reply(500, "no picture could be made: " + reason));
  channel_.log()(EventLevel::warn, "a frame was left out: " + reason);
  channel_.wait(shared_from_this());
}

void StreamClient::refuse(const Reply& reply) {
  has_begun_ = true;
  first_picture_timer_.cancel();
  channel_.cancel(*this);
  head_ = render_head(reply, false, is_http_1_0_) + reply.body;
  asio::async_write(socket_, buffer_of(head_),
                    [self = shared_from_this()](const boost::system::error_code&, std::size_t) {
                      if (!self->is_closed_) self->close();
                    });
}

ViewerFacts StreamClient::facts(std::uint64_t now_ns) const {
  ViewerFacts facts;
  facts.peer = who_;
  facts.rendition = rendition();
  facts.fps_limit = fps_;
  facts.fps = rate_.per_second(now_ns);
  facts.frames = frames_;
  return facts;
}

void StreamClient::close() {
  if (is_closed_) return;
  is_closed_ = true;
  const auto self = shared_from_this();  // the store may have the last one
  channel_.log()(EventLevel::info, who_ + " left after " + std::to_string(frames_) + " frames");
  first_picture_timer_.cancel();
  channel_.cancel(*this);
  channel_.remove(*this);
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace shmvideo::sink
