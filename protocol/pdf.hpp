// A document as PDF on A4, landscape where a table is wide: with the structure tags that screen
// readers go by (headings, paragraphs, tables with header cells), bookmarks, title and date.
// Written with Cairo (tags: cairo_tag_begin, ISO 32000-1 14.8) and Pango.
#pragma once

#include <string>

#include "protocol/document.hpp"

namespace rastro::protocol {

// The bytes of the file. Throws std::runtime_error if it cannot be made.
[[nodiscard]] std::string write_pdf(Document const& document);

}  // namespace rastro::protocol
