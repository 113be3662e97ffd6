// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// Sets a connection up for pictures: small writes go out at once, and a viewer that vanished without a word
/// is noticed though nothing may be sent for hours. Each is an improvement, none is a condition.
void tune_for_pictures(int socket) noexcept;

/// Bytes that were written and that the other side has not acknowledged; 0 where the kernel does not tell.
std::uint64_t queued_bytes(int socket) noexcept;
/// The shortest round trip that the kernel has seen on this connection; 0: none yet.
std::uint64_t round_trip_ns(int socket) noexcept;

}  // namespace shmvideo::sink
