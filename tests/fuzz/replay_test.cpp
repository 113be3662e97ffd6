// SPDX-License-Identifier: Apache-2.0
// What the fuzzers found worth keeping, and as much again by chance, through the same passes in an ordinary
// build.
#include <filesystem>
#include <fstream>
#include <random>

#include "reader_pass.hpp"
#include "support/catch.hpp"

using namespace shmvideo_test;

namespace {

std::vector<std::vector<std::uint8_t>> corpus(const char* subject) {
  std::vector<std::vector<std::uint8_t>> inputs;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(SHMVIDEO_CORPUS) / subject)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    inputs.emplace_back(bytes.begin(), bytes.end());
  }
  return inputs;
}

}  // namespace

TEST_CASE("readers live through the kept attacks", "[fuzz]") {
  const auto inputs = corpus("reader");
  CHECK(inputs.size() >= 50);
  std::size_t frames = 0;
  for (const auto& input : inputs) frames += reader_pass(input);
  // Some of what is published meanwhile is right: were none of it delivered, nothing would have been reached.
  CHECK(frames > 0);
}

TEST_CASE("readers live through attacks made up by chance", "[fuzz]") {
  std::mt19937_64 chance(20261121);
  std::size_t frames = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::uint8_t> input(chance() % 200);
    for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(chance());
    frames += reader_pass(input);
  }
  CHECK(frames > 0);
}
