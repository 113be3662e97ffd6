// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "shmvideo/error.hpp"
#include "shmvideo/name.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

namespace {

/// An environment variable for the time of a test.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    const char* before = ::getenv(name);
    had_ = before != nullptr;
    if (had_) before_ = before;
    if (value.empty())
      ::unsetenv(name);
    else
      ::setenv(name, value.c_str(), 1);
  }
  ~Environment() {
    if (had_)
      ::setenv(name_, before_.c_str(), 1);
    else
      ::unsetenv(name_);
  }

 private:
  const char* name_;
  bool had_ = false;
  std::string before_;
};

}  // namespace

TEST_CASE("SHM_VIDEO_DIR is the only place where it is set", "[segment]") {
  TempPlace place;
  REQUIRE(candidate_places().size() == 1);
  CHECK(candidate_places()[0].directory == place.path());
  CHECK(writable_place().directory == place.path());
  CHECK(writable_place().reason.empty());
  const Environment wrong("SHM_VIDEO_DIR", place.path() / "missing");
  try {
    writable_place();
    FAIL("a place that is not there");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::no_place);
    CHECK_THAT(error.what(), ContainsSubstring("missing") && ContainsSubstring("SHM_VIDEO_DIR"));
  }
  CHECK_FALSE(std::filesystem::exists(place.path() / "missing"));
}

TEST_CASE("without it /dev/shm comes first, then the user's own folder", "[segment]") {
  const Environment unset("SHM_VIDEO_DIR", "");
  {
    const Environment none("XDG_RUNTIME_DIR", "");
    const auto places = candidate_places();
    REQUIRE(places.size() == 2);
    CHECK(places[0].directory == "/dev/shm");
    CHECK_FALSE(places[0].is_private);
    CHECK(places[1].directory == "/tmp/shm-video-" + std::to_string(::geteuid()));
    CHECK(places[1].is_private);
  }
  const Environment runtime("XDG_RUNTIME_DIR", "/run/user/77");
  CHECK(candidate_places()[1].directory == "/run/user/77/shm-video");
}
