// SPDX-License-Identifier: Apache-2.0
#include "segment/crc32c.hpp"

#include <array>
#include <cstring>

#include "support/catch.hpp"

using namespace shmvideo;

TEST_CASE("CRC-32C gives the values of RFC 3720, appendix B.4", "[segment]") {
  std::array<unsigned char, 32> bytes{};
  CHECK(crc32c(bytes.data(), bytes.size()) == 0x8a9136aa);
  bytes.fill(0xff);
  CHECK(crc32c(bytes.data(), bytes.size()) == 0x62a8ab43);
  for (unsigned i = 0; i < 32; ++i) bytes[i] = static_cast<unsigned char>(i);
  CHECK(crc32c(bytes.data(), bytes.size()) == 0x46dd794e);
  for (unsigned i = 0; i < 32; ++i) bytes[i] = static_cast<unsigned char>(31 - i);
  CHECK(crc32c(bytes.data(), bytes.size()) == 0x113fdb5c);
  // The iSCSI read command PDU.
  const std::array<unsigned char, 48> command{
      0x01, 0xc0, 0, 0,    0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
      0,    0,    0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0,    0};
  CHECK(crc32c(command.data(), command.size()) == 0xd9963a56);
  CHECK(crc32c("123456789", 9) == 0xe3069283);
  CHECK(crc32c(nullptr, 0) == 0);
}
