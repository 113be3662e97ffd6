// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <thread>

namespace shmvideo {

/// Starts a thread that takes no signal of the program's: none shall be handled on a thread that it does
/// not know. Faults (SIGBUS and its like) stay open, as a fault that is blocked ends the process.
/// Throws Error(system).
std::thread start_quiet_thread(std::function<void()> run);

}  // namespace shmvideo
