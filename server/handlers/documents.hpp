// What the operations that hand out documents share: the language asked for, and the document as a
// file. Private to handlers/.
#pragma once

#include "protocol/document.hpp"
#include "server/call.hpp"

namespace rastro::server {

// Query parameter "language"; English if absent.
[[nodiscard]] Outcome<protocol::Language> query_language(Arrival const& arrival);

[[nodiscard]] Reply pdf_reply(protocol::Document const& document);
[[nodiscard]] Reply workbook_reply(protocol::Document const& document);

}  // namespace rastro::server
