/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GOLDEN_SHA256_H
#define GOLDEN_SHA256_H

#include <stddef.h>

/* FIPS 180-4. */
void sha256(const void* data, size_t bytes, unsigned char digest[32]);

#endif
