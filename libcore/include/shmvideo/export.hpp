// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Marks what libshmvideo.so exports; everything else is hidden.
#define SHMVIDEO_EXPORT __attribute__((visibility("default")))
