#include "server/handlers/documents.hpp"

#include "protocol/pdf.hpp"
#include "protocol/xlsx.hpp"
#include "server/handlers/parameters.hpp"

namespace rastro::server {

Outcome<protocol::Language> query_language(Arrival const& arrival) {
    auto const text = query_text(arrival, "language");
    if (text.empty()) {
        return protocol::Language::en;
    }
    auto const language = protocol::language_from(text);
    if (!language) {
        return violation("query:/language", "not_in_list");
    }
    return *language;
}

Reply pdf_reply(protocol::Document const& document) {
    Reply reply;
    reply.body = protocol::write_pdf(document);
    reply.content_type = "application/pdf";
    return reply;
}

Reply workbook_reply(protocol::Document const& document) {
    Reply reply;
    reply.body = protocol::write_xlsx(document);
    reply.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return reply;
}

}  // namespace rastro::server
