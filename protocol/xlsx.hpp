// A document as an Office Open XML workbook (ECMA-376): one sheet for the front page and the
// definitions, one a table. Written with libxlsxwriter.
#pragma once

#include <string>

#include "protocol/document.hpp"

namespace rastro::protocol {

// The bytes of the file. Throws std::runtime_error if it cannot be made.
[[nodiscard]] std::string write_xlsx(Document const& document);

}  // namespace rastro::protocol
