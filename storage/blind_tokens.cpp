#include "storage/blind_tokens.hpp"

namespace rastro::storage {

namespace {

constexpr Query kKeep{"blind_tokens_keep",
                      "select keep_blind_tokens(:case_id::uuid, :object_id::uuid, :fields::text[], "
                      ":indexes::text[], :groups::text[], :tokens::text[])"};
constexpr Query kVictim{"blind_tokens_victim",
                        "select is_victim_of_case(:case_id::uuid, :indexes::text[], "
                        ":tokens::text[]) as is_victim"};
constexpr Query kLines{"deconfliction_lines",
                       "select ground, agency, agency_name, contact_email, contact_phone from "
                       "deconfliction_lines(:case_id::uuid)"};
constexpr Query kAgrees{
    "deconfliction_agrees",
    "select 1 from case_deconfliction where case_id = :case_id::uuid and agreed"};
constexpr Query kSay{
    "deconfliction_say",
    "select say_deconfliction(:case_id::uuid, :agrees::boolean, :by, :now::timestamptz)"};

}  // namespace

void keep_blind_tokens(UnitOfWork& unit,
                       CaseId const& case_id,
                       Uuid const& object_id,
                       std::vector<BlindToken> const& tokens) {
    std::vector<std::string> fields;
    std::vector<std::string> indexes;
    std::vector<std::string> groups;
    std::vector<std::string> texts;
    for (auto const& token : tokens) {
        fields.push_back(token.field);
        indexes.push_back(token.index);
        groups.push_back(token.group);
        texts.push_back(token.token);
    }
    unit.sql().run(kKeep,
                   {{"case_id", case_id},
                    {"object_id", object_id},
                    {"fields", fields},
                    {"indexes", indexes},
                    {"groups", groups},
                    {"tokens", texts}});
}

bool is_victim_of_case(UnitOfWork& unit,
                       CaseId const& case_id,
                       std::vector<BlindToken> const& tokens) {
    std::vector<std::string> indexes;
    std::vector<std::string> texts;
    for (auto const& token : tokens) {
        indexes.push_back(token.index);
        texts.push_back(token.token);
    }
    auto const rows =
        unit.sql().run(kVictim, {{"case_id", case_id}, {"indexes", indexes}, {"tokens", texts}});
    return rows.front().boolean("is_victim");
}

std::vector<DeconflictionLine> deconfliction_lines(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<DeconflictionLine> lines;
    auto const rows = unit.sql().run(kLines, {{"case_id", case_id}});
    for (auto const row : rows) {
        lines.push_back({.ground = row.text("ground"),
                         .agency = row.text("agency"),
                         .agency_name = row.text("agency_name"),
                         .contact_email = row.text("contact_email"),
                         .contact_phone = row.text("contact_phone")});
    }
    return lines;
}

bool agrees_to_deconfliction(UnitOfWork& unit, CaseId const& case_id) {
    return !unit.sql().run(kAgrees, {{"case_id", case_id}}).empty();
}

void say_deconfliction(UnitOfWork& unit, CaseId const& case_id, bool agrees, std::string_view by) {
    unit.sql().run(kSay,
                   {{"case_id", case_id}, {"agrees", agrees}, {"by", by}, {"now", unit.now()}});
}

}  // namespace rastro::storage
