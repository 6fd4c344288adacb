// Candidates of the register, by the same ways as those among trace requests
// (storage/serial_index).
#include "cases/trace/serial.hpp"
#include "storage/illicit_record_repo.hpp"

namespace rastro::storage {

namespace {

// clang-format off
#define RASTRO_RECORD_CANDIDATE_COLUMNS \
    "select case_id, own, number, state, kind, silent, compartments, handling_code, owner_agency, owner_name, " \
    "contact_email, contact_phone, " RASTRO_US("created_at") ", serial_raw, serial_canon, make_id, make_text, " \
    "model_text, calibre_text, calibre_group, type_code, import_country "
// clang-format on

constexpr Query kWhole{"record_candidates",
                       RASTRO_RECORD_CANDIDATE_COLUMNS
                       "from record_candidates(:skeleton, :ncic, :ncic_skeleton, :near::text[], "
                       ":pointers::boolean, :most::integer)"};
constexpr Query kLike{"record_candidates_like",
                      RASTRO_RECORD_CANDIDATE_COLUMNS
                      "from record_candidates_like(:wanted, :makes::text[], :calibre_group, "
                      ":pointers::boolean, :most::integer)"};

BoundQuery statement(SerialQuestion const& question) {
    if (question.pattern) {
        Value makes = std::nullopt;
        if (question.make_ids) {
            makes = std::vector<std::string>(question.make_ids->begin(), question.make_ids->end());
        }
        return {kLike,
                {{"wanted", cases::pattern_of(*question.pattern).like},
                 {"makes", makes},
                 {"calibre_group", question.calibre_group},
                 {"pointers", question.pointers},
                 {"most", kMostCandidates}}};
    }
    auto const skeleton = cases::serial_skeleton_of(question.canon);
    auto const ncic = cases::serial_ncic_of(question.canon);
    auto const ncic_skeleton = cases::serial_skeleton_of(ncic);
    auto const near =
        question.near ? cases::skeletons_one_error_away(skeleton) : std::vector<std::string>{};
    return {kWhole,
            {{"skeleton", skeleton},
             {"ncic", ncic},
             {"ncic_skeleton", ncic_skeleton == skeleton ? Value(std::nullopt) : ncic_skeleton},
             {"near", near},
             {"pointers", question.pointers},
             {"most", kMostCandidates}}};
}

RecordCandidate to_candidate(Row const& row) {
    RecordCandidate found;
    found.case_id = row.id<CaseId>("case_id");
    found.own = row.boolean("own");
    found.number = row.text("number");
    found.state = row.text("state");
    found.kind = cases::record_kind_from(row.view("kind")).value();
    found.silent = row.boolean("silent");
    found.in_compartment = !row.texts("compartments").empty();
    found.handling_code = row.text("handling_code");
    found.owner_agency = row.text("owner_agency");
    found.owner_name = row.text("owner_name");
    found.contact_email = row.text("contact_email");
    found.contact_phone = row.text("contact_phone");
    found.created_at = row.maybe_instant("created_at");
    found.serial_raw = row.text("serial_raw");
    found.calibre_text = row.text("calibre_text");
    auto& firearm = found.firearm;
    firearm.canon = row.text("serial_canon");
    firearm.make_id = row.text("make_id");
    firearm.make_text = row.text("make_text");
    firearm.calibre_group = row.text("calibre_group");
    firearm.type = cases::type_from(row.view("type_code"));
    firearm.model = row.text("model_text");
    firearm.import_country = row.text("import_country");
    return found;
}

}  // namespace

std::vector<RecordCandidate> find_in_register(UnitOfWork& unit, SerialQuestion const& question) {
    auto bound = statement(question);
    auto const rows = unit.sql().run(bound.query, std::move(bound.params));
    std::vector<RecordCandidate> found;
    for (auto const row : rows) {
        found.push_back(to_candidate(row));
    }
    return found;
}

}  // namespace rastro::storage
