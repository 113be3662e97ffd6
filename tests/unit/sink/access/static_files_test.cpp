// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/static_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "shmvideo/error.hpp"
#include "sink/http/access/beneath.hpp"
#include "sink/http/access/content_type.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;

namespace {

/// in/: a, folder/b, .hidden, and links out, within and to nowhere; out: a file beside it.
struct Tree {
  Tree() {
    std::filesystem::create_directories(root / "in/folder");
    for (const char* file : {"in/a", "in/folder/b", "in/.hidden", "out"}) std::ofstream(root / file) << file;
    std::filesystem::create_symlink(root / "out", root / "in/absolute");
    std::filesystem::create_symlink("../out", root / "in/relative");
    std::filesystem::create_symlink("a", root / "in/within");
    std::filesystem::create_symlink("..", root / "in/up");
    std::filesystem::create_symlink("folder", root / "in/folder-link");
    std::filesystem::create_symlink("/proc/self/root", root / "in/magic");
    ::mkfifo((root / "in/fifo").c_str(), 0600);
  }
  ~Tree() { std::filesystem::remove_all(root); }
  const std::filesystem::path root = "/tmp/static-files-test-" + std::to_string(::getpid());
};

bool is_file(const UniqueFd& found) {
  struct stat facts {};
  return found && ::fstat(found.get(), &facts) == 0 && S_ISREG(facts.st_mode);
}

}  // namespace

TEST_CASE("a path is a file's when each of its parts is a plain name", "[sink][access]") {
  CHECK(*static_file_of("/static/a") == "a");
  CHECK(*static_file_of("/static/a/b.css") == "a/b.css");
  CHECK(*static_file_of("/static/") == "index.html");
  CHECK(*static_file_of("/static/a/") == "a/index.html");
  CHECK(*static_file_of("/static/a%20b+c") == "a b+c");
  CHECK(*static_file_of("/static/%C3%A4") == "\xc3\xa4");
  CHECK(*static_file_of("/static/%252e%252e") == "%2e%2e");  // once, not twice
  CHECK(*static_file_of("/static/a\\..\\b") == "a\\..\\b");  // a name like any other here
  for (const char* path :
       {"/static",          "/other/a",        "/static/..",       "/static/../a",   "/static/a/../b",
        "/static/%2e%2e/a", "/static/.%2E/a",  "/static/./a",      "/static//a",     "/static/a//b",
        "/static//",        "/static/.hidden", "/static/a/.git/b", "/static/%2fetc", "/static/a%2fb",
        "/static/a%00",     "/static/%0a",     "/static/a%7f",     "/static/%",      "/static/%4",
        "/static/%zz",      "/static/%2e",     "/static/a/%2e%2e"}) {
    INFO(path);
    CHECK_FALSE(static_file_of(path));
  }
}

TEST_CASE("nothing leads out of the folder, by either way of looking", "[sink][access]") {
  const Tree tree;
  const UniqueFd folder = open_folder((tree.root / "in").string());
  for (const bool by_parts : {false, true}) {
    const auto look = [&](const std::string& path) {
      return by_parts ? detail::find_by_parts(folder, path) : find_beneath(folder, path);
    };
    INFO(by_parts);
    CHECK(is_file(look("a")));
    CHECK(is_file(look("folder/b")));
    CHECK(look("folder"));
    for (const char* path :
         {"..", "../out", "folder/../../out", "/etc/passwd", "absolute", "relative", "within", "up/out",
          "folder-link/b", "magic/etc/passwd", "a/b", "none", "fifo"}) {
      INFO(path);
      CHECK_FALSE(is_file(look(path)));
    }
    const UniqueFd found = look("a");
    const UniqueFd file = open_found(found);
    char text[8] = {};
    CHECK(::read(file.get(), text, sizeof text) == 4);
    CHECK(std::string(text) == "in/a");
  }
}

TEST_CASE("a folder stays the one that was named", "[sink][access]") {
  const Tree tree;
  const UniqueFd folder = open_folder((tree.root / "in").string());
  std::filesystem::rename(tree.root / "in", tree.root / "moved");
  CHECK(is_file(find_beneath(folder, "a")));
  CHECK_THROWS_AS(open_folder((tree.root / "in").string()), Error);
  CHECK_THROWS_AS(open_folder((tree.root / "out").string()), Error);
}

TEST_CASE("a file's extension tells what it is", "[sink][access]") {
  CHECK(content_type_of("index.html") == "text/html; charset=utf-8");
  CHECK(content_type_of("a/b.JS") == "text/javascript; charset=utf-8");
  CHECK(content_type_of("a.tar.svg") == "image/svg+xml");
  for (const char* name : {"a", "a.", "a.exe", "html", "a.htmlx"}) {
    INFO(name);
    CHECK(content_type_of(name) == "application/octet-stream");
  }
}
