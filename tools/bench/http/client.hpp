// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/counts.hpp"
#include "http/floor.hpp"
#include "http/response_reader.hpp"
#include "http/socket.hpp"

namespace shmvideo::bench::http {

/// One client: connects, asks, reads what comes as its kind does, counts, and connects again a second after
/// something went wrong. The floor's thread only, and the floor outlives it.
class Client final : private PartSink {
 public:
  Client(Floor& floor, std::uint32_t index, Kind kind) : floor_(floor), index_(index), kind_(kind) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void on_events(std::uint32_t events);
  void on_timer();

  std::uint32_t index() const noexcept { return index_; }
  Kind kind() const noexcept { return kind_; }
  bool is_streaming() const noexcept { return state_ == State::streaming; }
  ClientCounts& counts() noexcept { return counts_; }
  const ClientCounts& counts() const noexcept { return counts_; }

 private:
  enum class State { idle, connecting, asking, answered, streaming };

  void connect();
  void on_connected();
  void ask();
  void begin_stream();
  void read_slowly();
  std::optional<std::size_t> receive(std::size_t budget);
  void watch(std::uint32_t events, bool is_new = false);
  void fail(ErrorKind kind, const std::string& what);
  void fail_connection(int error);
  void fail_at_reader();
  void retire();

  void on_part(const Part& part) override;
  void on_wrong_length() override;

  Floor& floor_;
  const std::uint32_t index_;
  const Kind kind_;
  State state_ = State::idle;
  Socket socket_;
  std::optional<ResponseReader> reader_;
  std::size_t asked_bytes_ = 0;
  double allowance_ = 0;  // of a slow one: bytes that it may read by now
  std::uint64_t last_read_ns_ = 0;
  ClientCounts counts_;
};

}  // namespace shmvideo::bench::http
