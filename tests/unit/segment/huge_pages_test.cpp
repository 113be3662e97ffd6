// SPDX-License-Identifier: Apache-2.0
// Where segments are mapped, and that gathering their pages changes nothing in them.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>

#include "segment/mapping.hpp"
#include "segment/reserve.hpp"
#include "segment/unique_fd.hpp"
#include "shmvideo/error.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;

namespace {

/// Three huge pages and a bit.
constexpr std::uint64_t kBytes = 3 * kHugePageBytes + 3 * 4096;

struct Scene {
  Scene() {
    reserve_pages(fd.get(), kBytes, place.path());
    REQUIRE(fd);
  }
  std::uint64_t blocks() const {
    struct stat status {};
    REQUIRE(::fstat(fd.get(), &status) == 0);
    return static_cast<std::uint64_t>(status.st_blocks);
  }
  shmvideo_test::TempPlace place;
  UniqueFd fd{::open((place.path() / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
};

std::byte pattern(std::uint64_t at) { return static_cast<std::byte>(at / 4096 * 7 + at % 251); }

}  // namespace

TEST_CASE("what is large enough is mapped where a huge page can begin", "[segment]") {
  const Scene scene;
  const Mapping writing(scene.fd.get(), kBytes, Mapping::Access::read_write, nullptr);
  const Mapping reading(scene.fd.get(), kBytes, Mapping::Access::read_only, nullptr);
  CHECK(reinterpret_cast<std::uintptr_t>(writing.data()) % kHugePageBytes == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(reading.data()) % kHugePageBytes == 0);
  writing.data()[kBytes - 1] = std::byte{42};
  CHECK(reading.data()[kBytes - 1] == std::byte{42});
}

TEST_CASE("gathering pages keeps every byte, and takes no more memory", "[segment]") {
  const Scene scene;
  const Mapping writing(scene.fd.get(), kBytes, Mapping::Access::read_write, nullptr);
  const Mapping reading(scene.fd.get(), kBytes, Mapping::Access::read_only, nullptr);
  populate_for_writing(writing.data(), kBytes, {});
  for (std::uint64_t at = 0; at < kBytes; ++at) writing.data()[at] = pattern(at);
  const std::uint64_t before = scene.blocks();
  gather_into_huge_pages(writing.data(), kBytes, {});
  CHECK(scene.blocks() == before);
  std::uint64_t wrong = 0;
  for (std::uint64_t at = 0; at < kBytes; ++at) wrong += reading.data()[at] != pattern(at);
  CHECK(wrong == 0);
  writing.data()[kHugePageBytes] = std::byte{99};
  CHECK(reading.data()[kHugePageBytes] == std::byte{99});
}

TEST_CASE("gathering pages can be cancelled", "[segment]") {
  const Scene scene;
  const Mapping writing(scene.fd.get(), kBytes, Mapping::Access::read_write, nullptr);
  CHECK_THROWS_AS(gather_into_huge_pages(writing.data(), kBytes, [] { return true; }), Error);
}
