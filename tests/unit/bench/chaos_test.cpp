// SPDX-License-Identifier: Apache-2.0
#include "crew/chaos.hpp"

#include <map>
#include <vector>

#include "crew/agenda.hpp"
#include "support/catch.hpp"

using namespace shmvideo::bench;

TEST_CASE("the same seed deals the same blows") {
  Chaos one(42, 20, true);
  Chaos same(42, 20, true);
  Chaos other(43, 20, true);
  int differences = 0;
  for (int i = 0; i < 200; ++i) {
    const Blow a = one.next();
    const Blow b = same.next();
    const Blow c = other.next();
    CHECK((a.kind == b.kind && a.client == b.client && a.duration_ns == b.duration_ns &&
           a.wait_ns == b.wait_ns));
    differences += a.client != c.client;
  }
  CHECK(differences > 100);
}

TEST_CASE("everything happens to everybody, but nothing to a foreign writer") {
  for (const bool has_own_writer : {true, false}) {
    Chaos chaos(1, 5, has_own_writer);
    std::map<Blow::Kind, int> kinds;
    std::map<std::uint32_t, int> clients;
    for (int i = 0; i < 2000; ++i) {
      const Blow blow = chaos.next();
      ++kinds[blow.kind];
      ++clients[blow.client];
    }
    CHECK(clients.size() == 5);
    CHECK(clients.rbegin()->first == 4);
    CHECK(kinds[Blow::Kind::pause_client] > 0);
    CHECK(kinds[Blow::Kind::kill_client] > 0);
    CHECK((kinds[Blow::Kind::kill_writer] > 0) == has_own_writer);
    CHECK((kinds[Blow::Kind::end_writer] > 0) == has_own_writer);
  }
}

TEST_CASE("an agenda does what is due, in order, also what is added meanwhile") {
  Agenda agenda;
  std::vector<int> done;
  agenda.at(20, [&] { done.push_back(2); });
  agenda.at(10, [&] {
    done.push_back(1);
    agenda.at(15, [&] { done.push_back(3); });
    agenda.at(40, [&] { done.push_back(4); });
  });
  agenda.run_due(5);
  CHECK(done.empty());
  agenda.run_due(30);
  CHECK(done == std::vector<int>{1, 3, 2});
  CHECK(agenda.next_ns() == 40);
}
