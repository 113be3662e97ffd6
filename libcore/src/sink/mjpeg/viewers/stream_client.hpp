// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "sink/http/handler_memory.hpp"
#include "sink/http/router.hpp"
#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/viewers/rate_meter.hpp"

namespace shmvideo::sink {

/// One viewer of an endless stream of parts.
///
/// At most one picture is on its way to the socket; when that is through, the newest one follows. So a
/// slow viewer skips frames and delays nobody, and what waits for it is one picture and what the kernel
/// was told to keep. The response begins with the first picture: until then it may still become an error.
/// Lives as long as it waits, sends or listens. The loop's thread only.
class StreamClient final : public Viewer, public std::enable_shared_from_this<StreamClient> {
 public:
  struct Options {
    Rendition rendition;
    int fps = 30;
    bool is_fps_asked = false;  ///< by the viewer itself
    std::string key;            ///< what the viewer calls itself
    /// How long to wait for a first picture before the response begins without one.
    std::chrono::nanoseconds first_picture_timeout{};
    std::uint64_t frame_log_interval = 0;  ///< 0: no messages about frames
  };

  static void start(boost::asio::ip::tcp::socket socket, Channel& channel, const Request& request,
                    const Options& options);
  StreamClient(boost::asio::ip::tcp::socket socket, Channel& channel, const Request& request,
               const Options& options);
  ~StreamClient() override;

  void picture_ready(const std::shared_ptr<const JpegPicture>& picture) override;
  void picture_failed(const std::string& reason) override;

  void close() override;
  bool is_stream() const noexcept override { return true; }
  void take_defaults(const ServingDefaults& defaults) noexcept override;
  double rate(std::uint64_t now_ns) const noexcept override { return rate_.per_second(now_ns); }
  ViewerFacts facts(std::uint64_t now_ns) const override;

 private:
  void begin();
  void await_hangup();
  void await_first_picture(std::chrono::nanoseconds timeout);
  void begin_without_picture();
  void start_body();
  void send_picture();
  void picture_sent(std::size_t bytes);
  void log_frames(std::uint64_t now_ns);
  void refuse(const Reply& reply);

  boost::asio::ip::tcp::socket socket_;
  Channel& channel_;
  FrameFeed::Demand demand_;
  const std::chrono::nanoseconds first_picture_timeout_;
  const std::string who_;
  const bool is_http_1_0_;
  const bool is_fps_asked_;
  int fps_;
  boost::asio::steady_timer first_picture_timer_;
  HandlerMemory memory_;
  std::array<char, 512> ignored_;
  std::string head_;  // what goes before the next part; the response's head at first
  std::shared_ptr<const JpegPicture> picture_;  // on its way
  RateMeter rate_;
  std::uint64_t frames_ = 0;
  std::uint64_t frame_log_interval_;
  std::uint64_t frames_logged_ = 0;
  std::uint64_t logged_ns_;
  bool has_begun_ = false;  // the response, at least
  bool is_closed_ = false;
};

}  // namespace shmvideo::sink
