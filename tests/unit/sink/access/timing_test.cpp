// SPDX-License-Identifier: Apache-2.0
// How long it takes to refuse a token must not tell how much of it is right. Time itself proves nothing on a
// busy machine; the number of instructions does, and it is the same each time.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <string>
#include <vector>

#include "sink/http/access/access_rules.hpp"
#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

/// Runs `work` in a child, one instruction after the other, and counts them; 0 where that cannot be done
/// here.
template <typename Work>
long instructions_of(const Work& work) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;  // what a sanitizer does beside it depends on what was before
#endif
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(1);
    work();  // what is only done the first time
    ::raise(SIGSTOP);
    work();
    ::raise(SIGUSR1);
    ::_exit(0);
  }
  int status = 0;
  long count = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSTOPPED(status)) return 0;
  while (::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) == 0 && ::waitpid(child, &status, 0) == child &&
         WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) {
    ++count;
  }
  const bool is_done = WIFSTOPPED(status) && WSTOPSIG(status) == SIGUSR1;
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return is_done ? count : 0;
}

/// Differs from `digest` from that byte on.
Digest alike_up_to(Digest digest, std::size_t byte) {
  for (std::size_t i = byte; i < digest.size(); ++i) digest[i] = static_cast<unsigned char>(~digest[i]);
  return digest;
}

std::string rules_text() {
  std::string text;
  for (const char* word : {"first", "second", "third"})
    text += "token viewer " + std::string(word) + "-token-of-three\n";
  return text;
}

}  // namespace

TEST_CASE("a wrong token is refused after as many instructions however much of it is right",
          "[sink][access]") {
  const AccessRules rules = AccessRules::parse(rules_text(), "auth");
  std::set<long> counts;
  for (const char* token : {"first-token-of-three", "second-token-of-three", "third-token-of-three"}) {
    for (const std::size_t byte : {0, 1, 8, 16, 31}) {
      const Digest wrong = alike_up_to(digest_of(token), byte);
      counts.insert(instructions_of([&] {
        if (rules.find_token(wrong)) ::_exit(2);
      }));
    }
  }
  if (counts.contains(0)) {
    WARN("no instructions can be counted here");
    return;
  }
  CHECK(counts.size() == 1);
}

TEST_CASE("a right token takes as many instructions whichever line it stands in", "[sink][access]") {
  const AccessRules rules = AccessRules::parse(rules_text(), "auth");
  std::set<long> counts;
  for (const char* token : {"first-token-of-three", "second-token-of-three", "third-token-of-three"}) {
    const Digest right = digest_of(token);
    counts.insert(instructions_of([&] {
      if (!rules.find_token(right)) ::_exit(2);
    }));
  }
  if (counts.contains(0)) {
    WARN("no instructions can be counted here");
    return;
  }
  CHECK(counts.size() == 1);
}

TEST_CASE("an unknown user is looked for as long as a known one", "[sink][access]") {
  const std::string hash = "$6$saltsalt$" + std::string(86, 'a');
  const AccessRules rules =
      AccessRules::parse("user admin ann " + hash + "\nuser viewer bob " + hash + "\n", "auth");
  std::set<long> counts;
  for (const char* name : {"ann", "bob", "eve"}) {
    const Digest digest = digest_of(name);
    counts.insert(instructions_of([&] {
      if (!rules.find_user(digest)) ::_exit(2);
    }));
  }
  if (counts.contains(0)) {
    WARN("no instructions can be counted here");
    return;
  }
  CHECK(counts.size() == 1);
}
