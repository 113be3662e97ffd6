// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/file_names.hpp"

#include <fmt/format.h>

#include <optional>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

struct Conversion {
  std::size_t length;
  int digits;
};

/// "%d" or "%0Nd" at the beginning of `text`.
std::optional<Conversion> conversion_at(std::string_view text) {
  if (text.starts_with("%d")) return Conversion{2, 0};
  const bool is_padded = text.size() >= 4 && text[0] == '%' && text[1] == '0' && text[2] >= '1' &&
                         text[2] <= '9' && text[3] == 'd';
  if (is_padded) return Conversion{4, text[2] - '0'};
  return std::nullopt;
}

}  // namespace

NumberedName::NumberedName(const std::filesystem::path& pattern) : directory_(pattern.parent_path()) {
  const std::string name = pattern.filename().string();
  const auto refuse = [&pattern](const char* why) {
    return Error(
        ErrorCode::invalid_argument,
        fmt::format("'{}' {}; write the number once, as in frame-%06d.jpg (and %% for a percent sign)",
                    pattern.string(), why));
  };
  bool has_one = false;
  for (std::size_t at = 0; at < name.size();) {
    std::string& part = has_one ? after_ : before_;
    const std::string_view rest = std::string_view(name).substr(at);
    if (const auto found = conversion_at(rest)) {
      if (has_one) throw refuse("has more than one number");
      has_one = true;
      digits_ = found->digits;
      at += found->length;
    } else if (rest.starts_with("%%")) {
      part += '%';
      at += 2;
    } else if (rest.front() == '%') {
      throw refuse("has a % that is no number");
    } else {
      part += rest.front();
      ++at;
    }
  }
  if (!has_one) throw refuse("has no place for the number of the picture");
}

bool NumberedName::has_number(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("%%")) {
      ++at;
    } else if (conversion_at(text.substr(at))) {
      return true;
    }
  }
  return false;
}

std::filesystem::path NumberedName::at(std::uint64_t number) const {
  return directory_ / fmt::format("{}{:0{}}{}", before_, number, digits_, after_);
}

std::filesystem::path part_name(const std::filesystem::path& file, unsigned part) {
  if (part == 0) return file;
  return file.parent_path() /
         fmt::format("{}-{:03}{}", file.stem().string(), part, file.extension().string());
}

}  // namespace shmvideo::sink
