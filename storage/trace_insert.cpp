// Writing new trace requests: every table of one request, many requests at a time.
#include <set>

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"
#include "storage/db/insert_batch.hpp"
#include "storage/trace_parts.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::storage {

namespace {

// One call for every table: see migration 0009.
constexpr Query kFile{
    "trace_file_requests",
    "select file_trace_requests(:files::new_case_file[], :parties::new_case_party[], "
    ":requests::new_trace_request[], :descriptions::new_firearm_description[], "
    ":marks::new_mark[], :recoveries::new_recovery[], :persons::new_case_person[], "
    ":vehicles::new_case_vehicle[], :legs::new_leg[], :events::new_case_event[], "
    ":deadlines::new_deadline[])"};

InsertShape const kCaseFileShape("case_file",
                                 {"case_id",
                                  "case_type",
                                  "type_version",
                                  "number",
                                  "state",
                                  "flags",
                                  "owner_agency",
                                  "owner_country",
                                  "handling_code",
                                  "handling_text",
                                  "compartments",
                                  "version",
                                  "created_at",
                                  "updated_at",
                                  "submitted_at",
                                  "last_event_hash"});

InsertShape const kPartyShape("case_party",
                              {"case_id", "agency", "relation", "owner_agency", "granted_at"});

InsertShape const kRequestShape("trace_request",
                                {"case_id",
                                 "priority",
                                 "urgent_ground",
                                 "urgent_justification",
                                 "purpose",
                                 "legal_basis",
                                 "agreement",
                                 "offence_code",
                                 "project_code",
                                 "special_instructions",
                                 "intended_use",
                                 "illicit_ground",
                                 "restrictions_asked",
                                 "agency_case_no",
                                 "unit",
                                 "requester_name",
                                 "badge_no",
                                 "contact",
                                 "sensitive",
                                 "forward_consent",
                                 "requested_groups",
                                 "shared_groups",
                                 "recipients",
                                 "source_cells",
                                 "author_id",
                                 "approver_id",
                                 "description_version"});

}  // namespace

InsertShape const& case_file_shape() {
    return kCaseFileShape;
}

void add_case_file_row(InsertBatch& batch,
                       CaseFile const& file,
                       std::string_view case_type,
                       std::string_view handling_text) {
    batch.row({file.case_id,
               case_type,
               1,
               file.number,
               file.state,
               file.flags,
               file.owner_agency,
               file.owner_country,
               file.handling_code,
               Cell::said(handling_text),
               file.compartments,
               file.version,
               file.created_at,
               file.updated_at,
               file.submitted_at,
               file.last_event_hash});
}

BoundQuery file_requests_query(std::span<NewTraceRequest const> requests) {
    InsertBatch files(case_file_shape());
    InsertBatch parties(kPartyShape);
    InsertBatch bodies(kRequestShape);
    PartBatches parts;
    InsertBatch legs(leg_shape());
    InsertBatch events(event_shape());
    InsertBatch deadlines(deadline_shape());
    for (auto const& request : requests) {
        auto const& file = request.file;
        auto const& content = request.content;
        add_case_file_row(files, file, "trace_request", content.handling_text);
        bodies.row(
            {file.case_id,
             code_of(content.priority),
             content.urgent_ground ? Cell(code_of(*content.urgent_ground)) : Cell(std::nullopt),
             Cell::said(content.urgent_justification),
             code_of(content.purpose),
             Cell::said(content.legal_basis),
             Cell::said(content.agreement),
             Cell::said(content.offence_code),
             Cell::said(content.project_code),
             Cell::said(content.special_instructions),
             Cell::said(content.intended_use),
             content.illicit_ground ? Cell(code_of(*content.illicit_ground)) : Cell(std::nullopt),
             Cell::said(content.restrictions_asked),
             Cell::said(content.agency_case_no),
             Cell::said(content.unit),
             Cell::said(content.requester_name),
             Cell::said(content.badge_no),
             Cell::said(content.contact),
             content.sensitive,
             content.forward_consent,
             content.requested_groups,
             content.shared_groups,
             recipient_texts(content.recipients),
             Cell::said(content.source_cells),
             file.author,
             Cell::said(file.approver),
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
    std::vector<Param> params{{"files", files.take_rows()},
                              {"parties", parties.take_rows()},
                              {"requests", bodies.take_rows()}};
    parts.take_rows_into(params);
    params.push_back({"legs", legs.take_rows()});
    params.push_back({"events", events.take_rows()});
    params.push_back({"deadlines", deadlines.take_rows()});
    return {kFile, std::move(params)};
}

}  // namespace rastro::storage
