// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "sink/http/traffic.hpp"

namespace shmvideo::sink {

/// One connection's place among those that are counted: taken when it is made, given back when it goes. An
/// empty one counts nothing. Move-only; the loop's thread only.
class Seat {
 public:
  Seat() noexcept = default;
  /// `traffic` is borrowed. `address`: for whom it counts as well; empty: nobody.
  Seat(Traffic& traffic, std::string address) : traffic_(&traffic) {
    ++traffic.open;
    sit_for(std::move(address));
  }
  ~Seat() { leave(); }
  Seat(Seat&& other) noexcept
      : traffic_(std::exchange(other.traffic_, nullptr)),
        address_(std::move(other.address_)),
        is_stream_(other.is_stream_) {}
  Seat& operator=(Seat&& other) noexcept {
    if (this == &other) return *this;
    leave();
    traffic_ = std::exchange(other.traffic_, nullptr);
    address_ = std::move(other.address_);
    is_stream_ = other.is_stream_;
    return *this;
  }

  const std::string& address() const noexcept { return address_; }
  /// How many there are for that address; 0 for none.
  static unsigned count(const Traffic& traffic, const std::string& address) {
    const auto found = traffic.open_by_address.find(address);
    return found == traffic.open_by_address.end() ? 0 : found->second;
  }
  /// Counts for somebody else from now on: a proxy's connection brings one client's requests after another's.
  void sit_for(std::string address) {
    if (!traffic_ || address == address_) return;
    stand_up();
    address_ = std::move(address);
    if (!address_.empty()) ++traffic_->open_by_address[address_];
  }
  /// A stream has it from now on.
  void belong_to_stream() noexcept {
    if (traffic_ && !std::exchange(is_stream_, true)) ++traffic_->streams;
  }

 private:
  void stand_up() noexcept {
    if (address_.empty()) return;
    const auto found = traffic_->open_by_address.find(address_);
    if (--found->second == 0) traffic_->open_by_address.erase(found);
    address_.clear();
  }
  void leave() noexcept {
    if (!traffic_) return;
    stand_up();
    if (std::exchange(is_stream_, false)) --traffic_->streams;
    --std::exchange(traffic_, nullptr)->open;
  }

  Traffic* traffic_ = nullptr;
  std::string address_;
  bool is_stream_ = false;
};

}  // namespace shmvideo::sink
