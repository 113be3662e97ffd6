// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "sink/http/handler_memory.hpp"
#include "sink/http/router.hpp"
#include "sink/http/socket.hpp"
#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/viewers/backlog.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"
#include "sink/mjpeg/viewers/stream_request.hpp"
#include "sink/mjpeg/viewers/stream_tally.hpp"

namespace shmvideo::sink {

/// One viewer of an endless stream of parts.
///
/// At most one picture is on its way to the socket, and the next one is chosen only when the connection is
/// all but done with it: so a slow viewer skips frames and delays nobody, and what it gets is recent. The
/// response begins with the first picture: until then it may still become an error.
/// Lives as long as it waits, sends or listens. The loop's thread only.
class StreamClient final : public Viewer, public std::enable_shared_from_this<StreamClient> {
 public:
  /// `id` is unlike that of any other viewer of the server.
  static void start(Socket socket, Channel& channel, const Request& request, const StreamRequest& asked,
                    const ServingDefaults& defaults, std::uint64_t id);
  StreamClient(Socket socket, Channel& channel, const Request& request, const StreamRequest& asked,
               const ServingDefaults& defaults, std::uint64_t id);
  ~StreamClient() override;

  void picture_ready(const std::shared_ptr<const JpegPicture>& picture) override;
  void picture_failed(const std::string& reason) override;

  void close() override;
  bool is_stream() const noexcept override { return true; }
  void take_defaults(const ServingDefaults& defaults) noexcept override;
  void writer_lost() override;
  void no_writer_comes() override;
  const Access* access() const noexcept override { return &access_; }
  double rate(std::uint64_t now_ns) const noexcept override { return tally_.fps(now_ns); }
  ViewerFacts facts(std::uint64_t now_ns) const override;

 private:
  // Its life: stream_client.cpp
  void begin();
  void await_hangup();
  void await_first_picture(std::chrono::nanoseconds timeout);
  void no_picture_yet();
  void start_body();
  void refuse(Reply reply);
  void apply_plan();
  void log_frames(std::uint64_t now_ns, std::uint64_t number);

  // One picture after the other: stream_sending.cpp
  bool is_time_for(const JpegPicture& picture, std::uint64_t now_ns);
  bool is_drained() const noexcept;
  std::uint64_t queue_delay_max_ns() const noexcept;
  void await_drained();
  void look_again();
  void rejoin(std::uint64_t now_ns);
  std::uint64_t tally_gap(const JpegPicture& picture, std::uint64_t now_ns, bool is_late);
  void compose(std::uint64_t now_ns, std::uint64_t dropped);
  std::string_view part_head(std::size_t bytes, std::uint64_t now_ns, std::uint64_t dropped) noexcept;
  void write();
  void await_room();
  void written();
  void count(std::uint64_t now_ns, std::uint64_t bytes);
  void await_pause(std::uint64_t until_ns);
  void repeat_last();

  // Telling about it: stream_facts.cpp
  std::string reason(std::uint64_t now_ns, std::uint64_t queued) const;
  std::string what_is_given_up() const;

  Socket socket_;
  const int descriptor_;  // the socket's, while it is open
  Channel& channel_;
  FrameFeed::Demand demand_;
  const std::uint64_t id_;
  const std::string who_;  // for logs
  const std::string peer_;
  const std::string agent_;
  const std::string key_;
  const Access access_;
  const bool is_http_1_0_;
  const std::string answer_headers_;  // see Request
  const PartStyle style_;
  const std::uint64_t max_delay_ns_;  // 0: none
  StreamPlan plan_;
  FrameInfo plan_frame_;  // what its rendition is for
  int fps_ = 0;           // in force
  OnLoss on_loss_;
  std::chrono::nanoseconds wait_for_writer_;
  std::chrono::nanoseconds first_picture_timeout_;
  boost::asio::steady_timer first_picture_timer_;
  boost::asio::steady_timer drain_timer_;
  boost::asio::steady_timer pause_timer_;  // see await_pause()
  HandlerMemory memory_;
  std::array<char, 512> ignored_;

  // The part on its way.
  std::string head_;                            // before it; the response's head at first
  PartHead part_head_;                          // its own, if it does not share its picture's
  std::shared_ptr<const JpegPicture> picture_;  // null: there is only the head
  std::array<boost::asio::const_buffer, 4> unsent_;
  std::uint64_t part_bytes_ = 0;
  // The connection had no room for it, or was not done with it when the next was due.
  bool is_behind_ = false;

  std::shared_ptr<const JpegPicture> last_;  // the one before, where it may have to come twice
  Backlog backlog_;
  StreamTally tally_;
  std::uint64_t busy_since_ns_ = 0;  // with a picture
  std::uint64_t busy_ns_ = 0;        // in all since the last one was chosen
  std::uint64_t last_serial_ = 0;    // 0: there was no picture yet
  std::uint64_t last_frame_ns_ = 0;
  std::uint64_t last_sent_ns_ = 0;
  std::uint64_t frame_log_interval_;  // 0: no messages about frames
  std::uint64_t frames_logged_ = 0;
  std::uint64_t logged_ns_;
  bool is_plan_new_ = false;
  bool is_waiting_ = false;    // for a picture
  bool is_repeating_ = false;  // what is on its way has been sent before
  bool awaits_pause_ = false;  // the timer runs
  bool has_begun_ = false;     // the response, at least
  bool ends_after_part_ = false;
  bool is_closed_ = false;
};

}  // namespace shmvideo::sink
