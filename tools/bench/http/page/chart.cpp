// SPDX-License-Identifier: Apache-2.0
#include "http/page/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "http/page/axis.hpp"

namespace shmvideo::bench::http {
namespace {

// In units of the drawing, which is as wide as the page lets it be.
constexpr double kWidth = 880;
constexpr double kHeight = 270;
constexpr double kLeft = 56;
constexpr double kRight = 868;
constexpr double kTop = 14;
constexpr double kBottom = 232;

class Extent {
 public:
  explicit Extent(bool is_log) : is_log_(is_log) {}
  void include(double value) {
    if (is_log_ && value <= 0) return;
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
  }
  std::optional<Axis::Range> range() const {
    return low_ <= high_ ? std::optional(Axis::Range{low_, high_}) : std::nullopt;
  }

 private:
  bool is_log_;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

class Drawing {
 public:
  Drawing(const Chart& chart, Axis::Range x, Axis::Range y)
      : chart_(chart),
        x_(x, chart.is_x_log, !chart.bars.empty(), kLeft, kRight),
        y_(y, chart.is_y_log, true, kBottom, kTop) {}

  std::string svg() const {
    std::string svg = fmt::format("<svg viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\">\n", kWidth,
                                  kHeight, escaped(chart_.title));
    svg += grid();
    for (const Band& band : chart_.bands) svg += area(band);
    for (const Bar& bar : chart_.bars) svg += column(bar);
    for (const Series& series : chart_.series) {
      for (const auto& run : series.runs) svg += line(run, series.css);
    }
    for (const Mark& mark : chart_.marks) svg += flag(mark);
    for (const Hover& hover : chart_.hovers) svg += sensor(hover);
    return svg + "</svg>\n";
  }

 private:
  std::string grid() const {
    std::string svg;
    for (const double tick : y_.ticks(5)) {
      const double y = y_.at(tick);
      svg += fmt::format("<line class=\"grid\" x1=\"{:g}\" x2=\"{:g}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", kLeft,
                         kRight, y, y);
      svg += fmt::format("<text class=\"tick\" x=\"{:g}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>\n",
                         kLeft - 8, y + 4, tick);
    }
    for (const double tick : x_.ticks(8)) {
      svg += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:g}\" text-anchor=\"middle\">{:g}</text>\n",
                         x_.at(tick), kBottom + 18, tick);
    }
    svg += fmt::format("<line class=\"axis\" x1=\"{:g}\" x2=\"{:g}\" y1=\"{:g}\" y2=\"{:g}\"/>", kLeft,
                       kRight, kBottom, kBottom);
    return svg + fmt::format("<text class=\"tick\" x=\"{:g}\" y=\"{:g}\" text-anchor=\"end\">{}</text>\n",
                             kRight, kHeight - 4, escaped(chart_.x_label));
  }

  std::string place(const Point& point) const {
    return fmt::format("{:.1f},{:.1f} ", x_.at(point.x), y_.at(point.y));
  }

  std::string line(const std::vector<Point>& run, const std::string& css) const {
    std::string points;
    for (const Point& point : run) points += place(point);
    if (run.size() != 1) return fmt::format("<polyline class=\"line {}\" points=\"{}\"/>\n", css, points);
    return fmt::format("<circle class=\"dot {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\"/>\n", css,
                       x_.at(run[0].x), y_.at(run[0].y));
  }

  std::string area(const Band& band) const {
    std::string points;
    for (const Point& point : band.high) points += place(point);
    for (auto it = band.low.rbegin(); it != band.low.rend(); ++it) points += place(*it);
    return fmt::format("<polygon class=\"band {}\" points=\"{}\"/>\n", band.css, points);
  }

  std::string column(const Bar& bar) const {
    const double from = x_.at(bar.from);
    const double top = y_.at(bar.height);
    return fmt::format(
        "<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
        "height=\"{:.1f}\"><title>{}</title></rect>\n",
        from, top, std::max(1.0, x_.at(bar.to) - from - 1), kBottom - top, escaped(bar.text));
  }

  std::string flag(const Mark& mark) const {
    const double x = x_.at(mark.x);
    const bool is_right = x > kRight - 90;
    return fmt::format(
        "<line class=\"mark\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:g}\" y2=\"{2:g}\"/>"
        "<text class=\"tick\" x=\"{3:.1f}\" y=\"{4:g}\" text-anchor=\"{5}\">{6}</text>\n",
        x, kTop, kBottom, x + (is_right ? -4 : 4),
        kTop + 8 + 14 * static_cast<double>(&mark - chart_.marks.data()), is_right ? "end" : "start",
        escaped(mark.text));
  }

  std::string sensor(const Hover& hover) const {
    const double from = x_.at(hover.from);
    return fmt::format(
        "<rect class=\"hover\" x=\"{:.1f}\" y=\"{:g}\" width=\"{:.1f}\" "
        "height=\"{:g}\"><title>{}</title></rect>\n",
        from, kTop, std::max(0.5, x_.at(hover.to) - from), kBottom - kTop, escaped(hover.text));
  }

  const Chart& chart_;
  const Axis x_;
  const Axis y_;
};

std::string legend(const Chart& chart) {
  std::string html;
  const auto add = [&html](const std::string& kind, const std::string& css, const std::string& name) {
    html += fmt::format("<span class=\"key\"><i class=\"{} {}\"></i>{}</span>", kind, css, escaped(name));
  };
  for (const Series& series : chart.series) add("stroke", series.css, series.name);
  for (const Band& band : chart.bands) add("fill", band.css, band.name);
  return html.empty() ? html : "<div class=\"legend\">" + html + "</div>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string to_html(const Chart& chart) {
  Extent x(chart.is_x_log);
  Extent y(chart.is_y_log);
  if (!chart.is_y_log) y.include(0);
  const auto include = [&](const std::vector<Point>& points) {
    for (const Point& point : points) {
      x.include(point.x);
      y.include(point.y);
    }
  };
  bool is_empty = chart.bars.empty();
  for (const Series& series : chart.series) {
    for (const auto& run : series.runs) include(run), is_empty = false;
  }
  for (const Band& band : chart.bands) include(band.low), include(band.high);
  for (const Bar& bar : chart.bars) include({{bar.from, bar.height}, {bar.to, bar.height}});
  for (const Hover& hover : chart.hovers) x.include(hover.from), x.include(hover.to);
  std::string html = "<figure><figcaption><b>" + escaped(chart.title) + "</b> <span>" +
                     escaped(chart.y_label) + "</span></figcaption>\n";
  if (is_empty || !x.range() || !y.range()) {
    return html + "<p class=\"none\">There is nothing to plot.</p></figure>\n";
  }
  return html + legend(chart) + Drawing(chart, *x.range(), *y.range()).svg() + "</figure>\n";
}

}  // namespace shmvideo::bench::http
