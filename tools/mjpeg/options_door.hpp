// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sink/http/door_options.hpp"
#include "toolkit/options/cli.hpp"

namespace shmvideo::mjpeg {

/// Who may connect to a unix socket: whoever may write to it.
struct SocketMode {
  mode_t bits = 0660;
};

/// Where it listens, and who may come in.
struct DoorSettings {
  sink::TcpAddress tcp;
  bool is_tcp_asked_for = false;  ///< somebody gave its address or its port
  std::optional<std::filesystem::path> unix_path;
  SocketMode unix_mode;
  std::optional<std::filesystem::path> certificate;
  std::optional<std::filesystem::path> key;
  sink::DoorLimits limits;  ///< all but what limits_of() adds
  toolkit::ByteSize max_header{sink::DoorLimits{}.header_bytes};
};

void define_door(toolkit::Cli& cli, DoorSettings& settings);

sink::DoorLimits limits_of(const DoorSettings& settings);
/// `passed` is what whoever started the program had opened for it. Beside that, and beside a unix socket, TCP
/// is for those who ask for it.
sink::DoorOptions door_of(const DoorSettings& settings, std::vector<sink::PassedSocket> passed);

}  // namespace shmvideo::mjpeg

template <>
struct shmvideo::toolkit::Value<shmvideo::mjpeg::SocketMode> {
  static constexpr const char* kType = "mode";
  static constexpr const char* kMetavar = "MODE";
  static constexpr Completion kCompletion = Completion::none;
  static mjpeg::SocketMode parse(std::string_view text);
  static std::string print(mjpeg::SocketMode mode);
};
