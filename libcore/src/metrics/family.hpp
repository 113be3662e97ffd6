// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace shmvideo::metrics {

enum class Type { counter, gauge, histogram };

/// Names and values; a value may be any bytes.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// How often something took how long.
struct Histogram {
  struct Bucket {
    double up_to = 0;  ///< inclusive; in the unit of the metric
    std::uint64_t count = 0;
  };
  std::vector<Bucket> buckets;  ///< by rising bound
  std::uint64_t beyond = 0;     ///< above the last bound
  double sum = 0;
};

/// One metric with all its samples, as Prometheus' text format has it (version 0.0.4). A plain value.
class Family {
 public:
  /// `name` by Prometheus' conventions; `help` is one sentence.
  Family(std::string name, Type type, std::string help)
      : name_(std::move(name)), type_(type), help_(std::move(help)) {}

  /// Each combination of labels once.
  void add(const Labels& labels, std::uint64_t value);
  void add(const Labels& labels, double value);
  void add(const Labels& labels, const Histogram& histogram);

  const std::string& name() const noexcept { return name_; }
  bool is_empty() const noexcept { return samples_.empty(); }
  /// Help, type and samples, in the order in which they were added; nothing where there is no sample.
  std::string text() const;

 private:
  void add_line(const char* suffix, const Labels& labels, const std::string& value);
  std::string name_;
  Type type_;
  std::string help_;
  std::string samples_;
};

/// A whole answer, of the content type kContentType.
std::string to_text(std::span<const Family> families);
inline constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace shmvideo::metrics
