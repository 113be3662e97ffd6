// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/access_gate.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

constexpr const char* kAdmin = "Bearer admin-token-of-the-test";
constexpr const char* kGuest = "Bearer guest-token-of-the-test";
constexpr const char* kAnn = "Basic YW5uOmNvcnJlY3QgaG9yc2U=";  // ann:correct horse
constexpr const char* kText =
    "token admin admin-token-of-the-test\ntoken viewer:garden guest-token-of-the-test\n"
    "user viewer ann "
    "$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0\n";

/// A gate before segments of which "front" is the usual one.
struct Scene {
  Scene() { set(kText); }
  ~Scene() { gate.stop(); }
  void set(const std::string& text) { gate.set({AccessRules::parse(text, "auth"), Cors()}); }

  Request request(const std::string& authorization, const std::string& segment = "") const {
    Request made;
    made.method = "GET";
    made.target.path = "/snapshot";
    made.segment = segment;
    made.authorization = authorization;
    made.peer = "192.0.2.1:99";
    return made;
  }

  /// 200: let in. Waits for passwords.
  unsigned ask(Request request, Audience audience = Audience::viewer) {
    for (;;) {
      auto refusal = gate.refuse(request, audience);
      if (!refusal) return 200;
      if (auto* reply = std::get_if<Reply>(&*refusal)) return reply->status;
      ++waits;
      bool is_told = false;
      std::get<NotYet> (*refusal)([&] { is_told = true; });
      loop.restart();
      while (!is_told) loop.run_one_for(std::chrono::seconds(60));
    }
  }
  unsigned ask(const std::string& authorization, const std::string& segment,
               Audience audience = Audience::viewer) {
    return ask(request(authorization, segment), audience);
  }

  boost::asio::io_context loop;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{loop.get_executor()};
  std::vector<std::string> log;
  int waits = 0;
  AccessGate gate{loop.get_executor(), [](const Request&) { return std::string("front"); },
                  [this](EventLevel, const std::string& sentence) { log.push_back(sentence); }};
};

}  // namespace

TEST_CASE("each role sees what it may, and is told the same of all else", "[sink][access]") {
  Scene scene;
  struct Row {
    const char* who;
    const char* segment;
    Audience audience;
    unsigned status;
  };
  using enum Audience;
  for (const Row& row : {
           Row{"", "", anyone, 200},           Row{"", "garden", anyone, 401},
           Row{"", "none", anyone, 401},       Row{"", "", member, 401},
           Row{"", "", viewer, 401},           Row{"", "garden", viewer, 401},
           Row{"", "none", viewer, 401},       Row{"", "", admin, 401},
           Row{"Bearer x", "", anyone, 401},   Row{kAdmin, "", viewer, 200},
           Row{kAdmin, "none", viewer, 200},   Row{kAdmin, "", admin, 200},
           Row{kAdmin, "garden", admin, 200},  Row{kGuest, "garden", viewer, 200},
           Row{kGuest, "garden", anyone, 200}, Row{kGuest, "", anyone, 200},
           Row{kGuest, "none", member, 403},   Row{kGuest, "", member, 200},
           Row{kGuest, "", viewer, 403},       Row{kGuest, "front", viewer, 403},
           Row{kGuest, "none", viewer, 403},   Row{kGuest, "front", anyone, 403},
           Row{kGuest, "garden", admin, 403},  Row{kAnn, "", viewer, 200},
           Row{kAnn, "garden", viewer, 200},   Row{kAnn, "none", viewer, 200},
           Row{kAnn, "", admin, 403},
       }) {
    INFO(row.who << " " << row.segment << " " << static_cast<int>(row.audience));
    CHECK(scene.ask(row.who, row.segment, row.audience) == row.status);
  }
}

TEST_CASE("a password is checked once, then known, until who may come in is read again", "[sink][access]") {
  Scene scene;
  for (int i = 0; i < 100; ++i) REQUIRE(scene.ask(kAnn, "") == 200);
  CHECK(scene.waits == 1);
  scene.set(kText);
  CHECK(scene.ask(kAnn, "") == 200);
  CHECK(scene.waits == 2);
  CHECK(scene.log.empty());
}

TEST_CASE("many who come with one password at once wait for one check", "[sink][access]") {
  Scene scene;
  int told = 0;
  for (int i = 0; i < 30; ++i) {
    Request request = scene.request(kAnn);
    auto refusal = scene.gate.refuse(request, Audience::viewer);
    REQUIRE((refusal && std::holds_alternative<NotYet>(*refusal)));
    std::get<NotYet> (*refusal)([&told] { ++told; });
  }
  while (told < 30) scene.loop.run_one_for(std::chrono::seconds(60));
  CHECK(scene.ask(kAnn, "") == 200);
  CHECK(scene.waits == 0);
}

TEST_CASE("rules that change while a password is checked count for it", "[sink][access]") {
  Scene scene;
  Request request = scene.request(kAnn);
  auto refusal = scene.gate.refuse(request, Audience::viewer);
  REQUIRE((refusal && std::holds_alternative<NotYet>(*refusal)));
  bool is_told = false;
  std::get<NotYet> (*refusal)([&] { is_told = true; });
  scene.set("token admin admin-token-of-the-test\n");
  while (!is_told) scene.loop.run_one_for(std::chrono::seconds(60));
  CHECK(scene.ask(request) == 401);
}

TEST_CASE("guesses end; right tokens and other addresses are let in; the log has no secret",
          "[sink][access]") {
  Scene scene;
  for (int i = 0; i < 50; ++i) CHECK(scene.ask("Bearer the-same-wrong-one", "") == 401);
  CHECK(scene.log.size() == 1);
  for (int i = 0; i < 9; ++i) CHECK(scene.ask("Bearer guess-" + std::to_string(i), "") == 401);
  CHECK(scene.ask("Bearer guess-ten", "") == 429);
  CHECK(scene.ask(kAnn, "") == 429);
  CHECK(scene.ask(kAdmin, "") == 200);
  CHECK(scene.ask("Bearer the-same-wrong-one", "") == 401);
  Request elsewhere = scene.request(kAnn);
  elsewhere.peer = "192.0.2.2:1";
  CHECK(scene.ask(elsewhere) == 200);
  CHECK(scene.log.size() == 10);
  for (const std::string& line : scene.log) {
    INFO(line);
    CHECK(line.starts_with("192.0.2.1 gave a wrong token"));
    CHECK(line.find("guess") == std::string::npos);
  }
}

TEST_CASE("an unknown user is as wrong as a wrong password", "[sink][access]") {
  Scene scene;
  CHECK(scene.ask("Basic YW5uOndyb25n", "") == 401);              // ann:wrong
  CHECK(scene.ask("Basic ZXZlOmNvcnJlY3QgaG9yc2U=", "") == 401);  // eve:correct horse
  CHECK(scene.waits == 2);
  CHECK(scene.ask("Basic eDphZG1pbi10b2tlbi1vZi10aGUtdGVzdA==", "") == 200);  // x:admin-token-of-the-test
  CHECK(scene.waits == 2);
}

TEST_CASE("who was let in may stay while there is his line", "[sink][access]") {
  Scene scene;
  Request guest = scene.request(kGuest, "garden");
  REQUIRE(scene.ask(guest) == 200);
  scene.gate.refuse(guest, Audience::viewer);
  CHECK(guest.authorization.empty());
  CHECK(scene.gate.may_stay(guest.access, "garden"));
  scene.set("token viewer guest-token-of-the-test\n");
  CHECK(scene.gate.may_stay(guest.access, "garden"));
  scene.set("token viewer:front guest-token-of-the-test\n");
  CHECK_FALSE(scene.gate.may_stay(guest.access, "garden"));
  scene.set("token admin another-token-of-the-test\n");
  CHECK_FALSE(scene.gate.may_stay(guest.access, "garden"));
  CHECK_FALSE(scene.gate.may_stay(Access::to_everything(), "garden"));  // of the time when nobody was asked
  scene.gate.set({});
  CHECK(scene.gate.may_stay(guest.access, "garden"));
}
