// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "shmvideo/reader.hpp"
#include "shmvideo/shmv.h"
#include "shmvideo/writer.hpp"

/// What stands behind the handles that more than one file knows.

struct shmv_frame {
  shmvideo::Frame frame;
  shmv_frame_info info{};  ///< of the frame, if there is one

  /// To be called whenever `frame` is another one. A copy of the description, so that it can be lent.
  void describe() noexcept;
};

struct shmv_reader {
  std::unique_ptr<shmvideo::Reader> reader;
};
