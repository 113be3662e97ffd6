// SPDX-License-Identifier: Apache-2.0
#include "device/list_devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "shmvideo/pixel_format.hpp"
#include "source/v4l2/camera_list.hpp"
#include "toolkit/json.hpp"
#include "toolkit/terminal/output.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::capture {
namespace {

using source::Camera;
using source::CameraFormat;
using source::per_second;
using source::RateSpan;
using source::SizeSpan;
using toolkit::Json;

constexpr std::size_t kColumns = 80;

/// The name that --format knows it by; nothing where we cannot use it.
std::string our_name(const CameraFormat& format) {
  const auto known = pixel_format_from_fourcc(format.fourcc);
  if (known) return std::string(info_of(*known).name);
  return format.name == "JPEG" ? "JPEG" : "";
}

std::string size_text(const SizeSpan& size) {
  if (size.is_one()) return fmt::format("{}x{}", size.width.most, size.height.most);
  return fmt::format("{}x{} to {}x{}", size.width.least, size.height.least, size.width.most,
                     size.height.most);
}

std::string rates_text(const SizeSpan& size) {
  if (size.rates.empty()) return "rates unknown";
  std::vector<std::string> rates;
  for (const RateSpan& span : size.rates) {
    const bool is_one = span.slowest == span.fastest;
    rates.push_back(is_one
                        ? fmt::format("{:.4g}", per_second(span.fastest))
                        : fmt::format("{:.4g}-{:.4g}", per_second(span.slowest), per_second(span.fastest)));
  }
  return fmt::format("{} /s", fmt::join(rates, " "));
}

bool has_same_modes(const CameraFormat& a, const CameraFormat& b) {
  return std::ranges::equal(a.sizes, b.sizes, [](const SizeSpan& x, const SizeSpan& y) {
    return size_text(x) == size_text(y) && x.rates == y.rates;
  });
}

void write_sizes(std::string& text, const CameraFormat& format) {
  std::size_t width = 0;
  for (const SizeSpan& size : format.sizes) width = std::max(width, size_text(size).size());
  for (const SizeSpan& size : format.sizes) {
    std::string head = fmt::format("    {:<{}}  ", size_text(size), width);
    const std::size_t indent = head.size();
    for (const std::string& line : toolkit::wrap(rates_text(size), kColumns - indent)) {
      text += head + line + '\n';
      head.assign(indent, ' ');
    }
  }
  if (format.sizes.empty()) text += "    sizes unknown\n";
}

/// Formats with the same sizes and rates are told together: a camera may have 80.
void write_formats(std::string& text, const std::vector<CameraFormat>& formats) {
  std::vector<const CameraFormat*> rest;
  std::vector<std::string> foreign;
  for (const CameraFormat& format : formats) {
    if (our_name(format).empty()) {
      foreign.push_back(format.name);
    } else {
      rest.push_back(&format);
    }
  }
  while (!rest.empty()) {
    const CameraFormat& first = *rest.front();
    std::vector<std::string> names;
    std::vector<const CameraFormat*> others;
    for (const CameraFormat* format : rest) {
      if (has_same_modes(first, *format)) {
        names.push_back(our_name(*format));
      } else {
        others.push_back(format);
      }
    }
    text += fmt::format("  {}\n", fmt::join(names, " "));
    write_sizes(text, first);
    rest = others;
  }
  if (foreign.empty()) return;
  std::string head = "  not used: ";
  for (const std::string& line :
       toolkit::wrap(fmt::format("{}", fmt::join(foreign, " ")), kColumns - head.size())) {
    text += head + line + '\n';
    head.assign(head.size(), ' ');
  }
}

std::string as_text(const std::vector<Camera>& cameras) {
  if (cameras.empty()) return "No cameras: there is no /dev/video* that captures.\n";
  std::string text;
  for (const Camera& camera : cameras) {
    if (!text.empty()) text += '\n';
    text += camera.path;
    if (!camera.card.empty()) text += fmt::format("  {}", camera.card);
    if (!camera.driver.empty()) text += fmt::format(" (driver {}, {})", camera.driver, camera.bus);
    text += '\n';
    for (const std::string& link : camera.links) text += fmt::format("  {}\n", link);
    if (!camera.problem.empty()) text += fmt::format("  {}\n", camera.problem);
    write_formats(text, camera.formats);
  }
  return text;
}

Json span_json(const source::LengthSpan& span) {
  return {{"min", span.least}, {"max", span.most}, {"step", span.step}};
}

Json size_json(const SizeSpan& size) {
  Json json = Json::object();
  json["width"] = size.width.is_one() ? Json(size.width.most) : span_json(size.width);
  json["height"] = size.height.is_one() ? Json(size.height.most) : span_json(size.height);
  Json rates = Json::array();
  for (const RateSpan& span : size.rates) {
    const bool is_one = span.slowest == span.fastest;
    rates.push_back(is_one ? Json(per_second(span.fastest))
                           : Json{{"min", per_second(span.slowest)}, {"max", per_second(span.fastest)}});
  }
  json["fps"] = std::move(rates);
  return json;
}

Json as_json(const Camera& camera) {
  Json formats = Json::array();
  for (const CameraFormat& format : camera.formats) {
    const std::string name = our_name(format);
    Json sizes = Json::array();
    for (const SizeSpan& size : format.sizes) sizes.push_back(size_json(size));
    formats.push_back({{"fourcc", format.name},
                       {"format", name.empty() ? Json(nullptr) : Json(name)},
                       {"description", format.description},
                       {"compressed", format.is_compressed},
                       {"sizes", std::move(sizes)}});
  }
  return {{"path", camera.path},
          {"links", camera.links},
          {"name", camera.card},
          {"driver", camera.driver},
          {"bus", camera.bus},
          {"problem", camera.problem.empty() ? Json(nullptr) : Json(camera.problem)},
          {"formats", std::move(formats)}};
}

}  // namespace

void list_devices(bool json) {
  const std::vector<Camera> cameras = source::list_cameras();
  if (!json) return toolkit::write_output(as_text(cameras));
  Json list = Json::array();
  for (const Camera& camera : cameras) list.push_back(as_json(camera));
  toolkit::write_output(toolkit::to_lines(list));
}

}  // namespace shmvideo::capture
