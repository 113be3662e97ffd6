// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "shmvideo/error.hpp"
#include "sink/http/listen/listening.hpp"
#include "support/catch.hpp"

using namespace shmvideo::sink;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("unix-place-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

unsigned mode_of(const std::string& path) {
  struct ::stat facts {};
  REQUIRE(::lstat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

bool connects(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const shmvideo::UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

TEST_CASE("a unix socket has the mode that is asked for, whatever the umask, and goes at the end") {
  const Folder folder;
  const std::string path = folder.path / "s";
  const mode_t before = ::umask(0077);
  {
    UnixPlace place(path, 0666);
    ::umask(before);
    const Listening listening = place.take();
    CHECK(listening.is_unix);
    CHECK(listening.place == path);
    CHECK(mode_of(path) == 0666);
    CHECK(connects(path));
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a socket that was left is replaced, one that is in use and other files are not") {
  const Folder folder;
  const std::string path = folder.path / "s";
  {
    // What a server that was killed leaves: a name to which nobody listens.
    UnixPlace made(path, 0600);
    REQUIRE(::rename(path.c_str(), (path + ".kept").c_str()) == 0);
    const Listening listening = made.take();
  }
  REQUIRE(::rename((path + ".kept").c_str(), path.c_str()) == 0);
  REQUIRE_FALSE(connects(path));
  {
    UnixPlace place(path, 0660);
    const Listening listening = place.take();
    CHECK(connects(path));
    CHECK_THROWS_AS(UnixPlace(path, 0660), shmvideo::Error);
    CHECK(connects(path));
  }
  std::ofstream(path) << "precious";
  CHECK_THROWS_AS(UnixPlace(path, 0660), shmvideo::Error);
  CHECK(fs::file_size(path) == 8);
}

TEST_CASE("a socket that somebody else put there is not removed") {
  const Folder folder;
  const std::string path = folder.path / "s";
  std::optional<UnixPlace> first;
  first.emplace(path, 0660);
  REQUIRE(::rename(path.c_str(), (path + ".old").c_str()) == 0);
  UnixPlace second(path, 0660);
  first.reset();
  const Listening listening = second.take();
  CHECK(connects(path));
}

TEST_CASE("a path that no unix socket can have is refused") {
  CHECK_THROWS_AS(UnixPlace("", 0660), shmvideo::Error);
  CHECK_THROWS_AS(UnixPlace("/tmp/" + std::string(200, 'x'), 0660), shmvideo::Error);
  CHECK_THROWS_AS(UnixPlace("/no/such/folder/s", 0660), shmvideo::Error);
}
