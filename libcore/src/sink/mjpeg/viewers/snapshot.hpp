// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "sink/http/router.hpp"
#include "sink/mjpeg/channel.hpp"

namespace shmvideo::sink {

/// One who wants a single picture: the newest there is, or else the first that comes.
class Snapshot final : public Viewer, public std::enable_shared_from_this<Snapshot> {
 public:
  static void start(boost::asio::any_io_executor executor, Channel& channel, const Rendition& rendition,
                    std::chrono::nanoseconds timeout, ReplyTo reply_to);
  Snapshot(boost::asio::any_io_executor executor, Channel& channel, const Rendition& rendition,
           ReplyTo reply_to);
  ~Snapshot() override;

  void picture_ready(const std::shared_ptr<const JpegPicture>& picture) override;
  void picture_failed(const std::string& reason) override;
  void no_writer_comes() override;
  void close() override;
  bool is_stream() const noexcept override { return false; }
  void take_defaults(const ServingDefaults&) noexcept override {}  // it has what it needs by then
  double rate(std::uint64_t) const noexcept override { return 0; }
  ViewerFacts facts(std::uint64_t) const override { return {}; }

 private:
  void answer(Reply reply);
  void answer_without_picture();

  Channel& channel_;
  FrameFeed::Demand demand_;
  boost::asio::steady_timer timer_;
  ReplyTo reply_to_;  // empty when it has been called
};

}  // namespace shmvideo::sink
