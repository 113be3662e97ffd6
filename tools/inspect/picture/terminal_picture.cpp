// SPDX-License-Identifier: Apache-2.0
#include "picture/terminal_picture.hpp"

#include <chafa.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

extern char** environ;

namespace shmvideo::inspect {
namespace {

template <auto Release>
struct Unref {
  template <typename T>
  void operator()(T* object) const {
    Release(object);
  }
};

using TermInfo = std::unique_ptr<ChafaTermInfo, Unref<chafa_term_info_unref>>;
using Config = std::unique_ptr<ChafaCanvasConfig, Unref<chafa_canvas_config_unref>>;
using Canvas = std::unique_ptr<ChafaCanvas, Unref<chafa_canvas_unref>>;
using Symbols = std::unique_ptr<ChafaSymbolMap, Unref<chafa_symbol_map_unref>>;

/// The most that the terminal says, or its name suggests, that it can do.
ChafaPixelMode best_pixel_mode(const ChafaTermInfo* terminal) {
  if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_BEGIN_KITTY_IMMEDIATE_IMAGE_V1))
    return CHAFA_PIXEL_MODE_KITTY;
  if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_BEGIN_ITERM2_IMAGE)) return CHAFA_PIXEL_MODE_ITERM2;
  if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_BEGIN_SIXELS)) return CHAFA_PIXEL_MODE_SIXELS;
  return CHAFA_PIXEL_MODE_SYMBOLS;
}

ChafaCanvasMode best_colours(const ChafaTermInfo* terminal) {
  if (!toolkit::wants_colour(STDOUT_FILENO) && ::isatty(STDOUT_FILENO)) return CHAFA_CANVAS_MODE_FGBG;
  if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_SET_COLOR_FGBG_DIRECT))
    return CHAFA_CANVAS_MODE_TRUECOLOR;
  if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_SET_COLOR_FGBG_256))
    return CHAFA_CANVAS_MODE_INDEXED_240;
  if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_SET_COLOR_FGBG_16))
    return CHAFA_CANVAS_MODE_INDEXED_16;
  return CHAFA_CANVAS_MODE_FGBG;
}

}  // namespace

bool can_show_pictures() { return true; }

std::string picture_as_text(const RgbPicture& picture, const toolkit::TerminalSize& size) {
  const TermInfo terminal(chafa_term_db_detect(chafa_term_db_get_default(), environ));
  // How much taller than wide a character is; terminals that tell their pixels tell it exactly.
  const bool knows_pixels = size.width_pixels && size.height_pixels;
  const float cell_width =
      knows_pixels ? static_cast<float>(size.width_pixels) / static_cast<float>(size.columns) : 8;
  const float cell_height =
      knows_pixels ? static_cast<float>(size.height_pixels) / static_cast<float>(size.rows) : 16;
  auto columns = static_cast<gint>(size.columns);
  gint rows = std::max(1, static_cast<gint>(size.rows) - 2);  // one for the caption, one for the prompt
  chafa_calc_canvas_geometry(static_cast<gint>(picture.width), static_cast<gint>(picture.height), &columns,
                             &rows, cell_width / cell_height, TRUE, FALSE);
  const Symbols symbols(chafa_symbol_map_new());
  chafa_symbol_map_add_by_tags(symbols.get(), CHAFA_SYMBOL_TAG_BLOCK);
  chafa_symbol_map_add_by_tags(symbols.get(), CHAFA_SYMBOL_TAG_SPACE);
  const Config config(chafa_canvas_config_new());
  chafa_canvas_config_set_geometry(config.get(), std::max(1, columns), std::max(1, rows));
  chafa_canvas_config_set_cell_geometry(config.get(), static_cast<gint>(cell_width),
                                        static_cast<gint>(cell_height));
  chafa_canvas_config_set_pixel_mode(config.get(), best_pixel_mode(terminal.get()));
  chafa_canvas_config_set_canvas_mode(config.get(), best_colours(terminal.get()));
  chafa_canvas_config_set_symbol_map(config.get(), symbols.get());
  const Canvas canvas(chafa_canvas_new(config.get()));
  chafa_canvas_draw_all_pixels(canvas.get(), CHAFA_PIXEL_RGB8,
                               reinterpret_cast<const guint8*>(picture.samples.data()),
                               static_cast<gint>(picture.width), static_cast<gint>(picture.height),
                               static_cast<gint>(picture.width * 3));
  GString* drawn = chafa_canvas_print(canvas.get(), terminal.get());
  std::string text(drawn->str, drawn->len);
  g_string_free(drawn, TRUE);
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace shmvideo::inspect
