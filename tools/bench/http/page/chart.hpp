// SPDX-License-Identifier: Apache-2.0
// Plots as SVG, to stand in a page whose style sheet gives the classes their colours: axis, grid, band, and
// the classes that series name.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shmvideo::bench::http {

struct Point {
  double x = 0;
  double y = 0;
};

struct Series {
  std::string name;
  std::string css;  ///< the class of its line
  /// Parts of the line, with nothing between them.
  std::vector<std::vector<Point>> runs;
};

/// The room between two lines.
struct Band {
  std::string name;
  std::string css;
  std::vector<Point> low;
  std::vector<Point> high;  ///< at the same x
};

/// What is told where the pointer is above this part of the x axis.
struct Hover {
  double from = 0;
  double to = 0;
  std::string text;
};

struct Bar {
  double from = 0;
  double to = 0;
  double height = 0;
  std::string text;  ///< for the pointer
};

struct Mark {
  double x = 0;
  std::string text;
};

struct Chart {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool is_x_log = false;
  bool is_y_log = false;
  std::vector<Series> series{};
  std::vector<Band> bands{};
  std::vector<Bar> bars{};
  std::vector<Mark> marks{};
  std::vector<Hover> hovers{};
};

/// A figure with title, legend and plot; a sentence where there is nothing to plot. On a logarithmic axis
/// only what is above 0 is shown.
std::string to_html(const Chart& chart);

/// For text in HTML and in attributes.
std::string escaped(std::string_view text);

}  // namespace shmvideo::bench::http
