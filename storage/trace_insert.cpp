// Writing new trace requests: every table of one request, many requests at a time.
#include <set>

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"
#include "storage/db/insert_batch.hpp"
#include "storage/trace_parts.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::storage {

namespace {

InsertShape const& case_file_shape() {
    static InsertShape const shape("case_file",
                                   {{"case_id", "uuid"},
                                    {"case_type", "text"},
                                    {"type_version", "integer"},
                                    {"number", "text"},
                                    {"state", "text"},
                                    {"flags", "text[]"},
                                    {"owner_agency", "text"},
                                    {"owner_country", "text"},
                                    {"handling_code", "text"},
                                    {"handling_text", "text"},
                                    {"compartments", "text[]"},
                                    {"version", "integer"},
                                    {"created_at", "timestamptz"},
                                    {"updated_at", "timestamptz"},
                                    {"submitted_at", "timestamptz"},
                                    {"last_event_hash", "bytea"}});
    return shape;
}

InsertShape const& party_shape() {
    static InsertShape const shape("case_party",
                                   {{"case_id", "uuid"},
                                    {"agency", "text"},
                                    {"relation", "text"},
                                    {"owner_agency", "text"},
                                    {"granted_at", "timestamptz"}});
    return shape;
}

InsertShape const& request_shape() {
    static InsertShape const shape("trace_request",
                                   {{"case_id", "uuid"},
                                    {"priority", "text"},
                                    {"urgent_ground", "text"},
                                    {"urgent_justification", "text"},
                                    {"purpose", "text"},
                                    {"legal_basis", "text"},
                                    {"agreement", "text"},
                                    {"offence_code", "text"},
                                    {"project_code", "text"},
                                    {"special_instructions", "text"},
                                    {"intended_use", "text"},
                                    {"illicit_ground", "text"},
                                    {"restrictions_asked", "text"},
                                    {"agency_case_no", "text"},
                                    {"unit", "text"},
                                    {"requester_name", "text"},
                                    {"badge_no", "text"},
                                    {"contact", "text"},
                                    {"sensitive", "boolean"},
                                    {"forward_consent", "boolean"},
                                    {"requested_groups", "text[]"},
                                    {"shared_groups", "text[]"},
                                    {"recipients", "text[]"},
                                    {"source_cells", "jsonb"},
                                    {"author_id", "text"},
                                    {"approver_id", "text"},
                                    {"description_version", "integer"}});
    return shape;
}

}  // namespace

std::vector<BoundQuery> insert_requests(std::span<NewTraceRequest const> requests) {
    InsertBatch files(case_file_shape());
    InsertBatch parties(party_shape());
    InsertBatch bodies(request_shape());
    PartBatches parts;
    InsertBatch legs(leg_shape());
    InsertBatch events(event_shape());
    InsertBatch deadlines(deadline_shape());
    for (auto const& request : requests) {
        auto const& file = request.file;
        auto const& content = request.content;
        files.row({file.case_id,
                   "trace_request",
                   1,
                   file.number,
                   file.state,
                   file.flags,
                   file.owner_agency,
                   file.owner_country,
                   file.handling_code,
                   text_or_null(content.handling_text),
                   file.compartments,
                   file.version,
                   file.created_at,
                   file.updated_at,
                   file.submitted_at,
                   bytes_or_null(file.last_event_hash)});
        bodies.row(
            {file.case_id,
             code_of(content.priority),
             content.urgent_ground ? Value(code_of(*content.urgent_ground)) : Value(std::nullopt),
             text_or_null(content.urgent_justification),
             code_of(content.purpose),
             text_or_null(content.legal_basis),
             text_or_null(content.agreement),
             text_or_null(content.offence_code),
             text_or_null(content.project_code),
             text_or_null(content.special_instructions),
             text_or_null(content.intended_use),
             content.illicit_ground ? Value(code_of(*content.illicit_ground)) : Value(std::nullopt),
             text_or_null(content.restrictions_asked),
             text_or_null(content.agency_case_no),
             text_or_null(content.unit),
             text_or_null(content.requester_name),
             text_or_null(content.badge_no),
             text_or_null(content.contact),
             content.sensitive,
             content.forward_consent,
             content.requested_groups,
             content.shared_groups,
             recipient_texts(content.recipients),
             text_or_null(content.source_cells),
             file.author,
             text_or_null(file.approver),
             file.description_version});
        std::set<std::string> named;
        for (auto const& agency : request.addressed) {
            if (named.insert(agency).second) {
                parties.row(
                    {file.case_id, agency, "addressed", file.owner_agency, file.created_at});
            }
        }
        for (auto const& agency : request.approvers) {
            parties.row({file.case_id, agency, "approver", file.owner_agency, file.created_at});
        }
        parts.add(file, content, request.calibre_group);
        for (auto const& leg : request.legs) {
            add_leg_row(legs, leg);
        }
        for (auto const& event : request.events) {
            add_event_row(events, event);
        }
        for (auto const& deadline : request.deadlines) {
            add_deadline_row(deadlines, deadline);
        }
    }
    std::vector<BoundQuery> queries;
    auto const take = [&](InsertBatch& batch) {
        if (!batch.empty()) {
            queries.push_back(batch.take());
        }
    };
    take(files);
    take(parties);
    take(bodies);
    parts.take_into(queries);
    take(legs);
    take(events);
    take(deadlines);
    return queries;
}

}  // namespace rastro::storage
