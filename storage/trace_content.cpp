// Reading the content of a trace request by field group: what a group does not allow is not
// selected.
#include "common/time_text.hpp"
#include "storage/trace_parts.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_DESCRIPTION_COLUMNS \
    "version, stated_by, " RASTRO_US("stated_at") ", change_reason, serial_condition, make_text, make_id, "       \
    "model_text, calibre_text, calibre_id, type_code, type_text, origin_country, importer_text, importer_id, "    \
    "importer_mark_absent, import_country, import_country_text, remarks "

constexpr Query kDescription{
    "trace_description",
    "select " RASTRO_DESCRIPTION_COLUMNS
    "from firearm_description where case_id = :case_id::uuid and version = :version::integer"};
constexpr Query kDescriptions{
    "trace_descriptions",
    "select " RASTRO_DESCRIPTION_COLUMNS
    "from firearm_description where case_id = :case_id::uuid order by version"};
constexpr Query kSerial{
    "trace_serial",
    "select version, serial_raw, obliteration_method, partial_characters, lab_result, lab_case_no, "
    "restored_serial from firearm_description where case_id = :case_id::uuid order by version"};
constexpr Query kMarks{"trace_marks",
                       "select description_version, kind, place, text, state, remarks from mark "
                       "where case_id = :case_id::uuid order by description_version, seq"};
constexpr Query kMarksWithoutSerial{
    "trace_marks_without_serial",
    "select description_version, kind, place, case when kind = 'serial' then '' else text end as "
    "text, state, "
    "case when kind = 'serial' then '' else remarks end as remarks from mark "
    "where case_id = :case_id::uuid order by description_version, seq"};
constexpr Query kRecovery{"trace_recovery",
                          "select recovered_on, date_precision, country, area, circumstances, "
                          "crime_gun, context from recovery "
                          "where case_id = :case_id::uuid"};
constexpr Query kRecoveryOwn{
    "trace_recovery_own",
    "select place, latitude, longitude, seizure_ref, custody_ref from recovery "
    "where case_id = :case_id::uuid"};
constexpr Query kPersons{"trace_persons",
                         "select role, family_name, given_names, alias, sex, birth_date, "
                         "birth_place, nationality, id_kind, id_number, address, "
                         "relation, remarks from case_person where case_id = :case_id::uuid and "
                         "role = any(:roles::text[]) order by seq"};
constexpr Query kVehicle{"trace_vehicle",
                         "select plate, plate_country, vin, description from case_vehicle where "
                         "case_id = :case_id::uuid"};
constexpr Query kRequest{"trace_request_body",
                         "select priority, urgent_ground, purpose, legal_basis, agreement, "
                         "offence_code, project_code, special_instructions, "
                         "intended_use, illicit_ground, restrictions_asked, sensitive, "
                         "forward_consent, requested_groups, shared_groups, "
                         "recipients from trace_request where case_id = :case_id::uuid"};
constexpr Query kRequester{
    "trace_requester",
    "select agency_case_no, unit, requester_name, badge_no, contact from trace_request "
    "where case_id = :case_id::uuid"};
constexpr Query kOwnTexts{
    "trace_own_texts",
    "select t.urgent_justification, t.source_cells::text as source_cells, c.handling_text from "
    "trace_request t "
    "join case_file c on c.case_id = t.case_id where t.case_id = :case_id::uuid"};

std::optional<Date> maybe_date(Row const& row, std::string_view column) {
    return row.is_null(column) ? std::nullopt : parse_iso_date(row.view(column));
}

DescriptionVersion to_description(Row const& row) {
    DescriptionVersion stated;
    stated.version = static_cast<int>(row.integer("version"));
    stated.stated_by = row.text("stated_by");
    stated.stated_at = row.instant("stated_at");
    stated.change_reason = row.text("change_reason");
    auto& d = stated.description;
    d.serial_condition = cases::serial_condition_from(row.view("serial_condition"));
    d.make_text = row.text("make_text");
    d.make_id = row.text("make_id");
    d.model_text = row.text("model_text");
    d.calibre_text = row.text("calibre_text");
    d.calibre_id = row.text("calibre_id");
    d.type_code = cases::type_from(row.view("type_code"));
    d.type_text = row.text("type_text");
    d.origin_country = row.text("origin_country");
    d.importer_text = row.text("importer_text");
    d.importer_id = row.text("importer_id");
    d.importer_mark_absent = row.boolean("importer_mark_absent");
    d.import_country = row.text("import_country");
    d.import_country_text = row.text("import_country_text");
    d.remarks = row.text("remarks");
    return stated;
}

void add_marks(UnitOfWork& unit,
               CaseId const& case_id,
               bool with_serial,
               std::vector<DescriptionVersion>& versions) {
    auto const rows =
        unit.sql().run(with_serial ? kMarks : kMarksWithoutSerial, {{"case_id", case_id}});
    for (auto const row : rows) {
        for (auto& stated : versions) {
            if (stated.version == row.integer("description_version")) {
                cases::Mark mark;
                mark.kind =
                    cases::mark_kind_from(row.view("kind")).value_or(cases::MarkKind::other);
                mark.place = cases::mark_place_from(row.view("place"));
                mark.state = cases::mark_state_from(row.view("state"));
                mark.text = row.text("text");
                mark.remarks = row.text("remarks");
                stated.description.marks.push_back(std::move(mark));
            }
        }
    }
}

void add_serials(UnitOfWork& unit,
                 CaseId const& case_id,
                 std::vector<DescriptionVersion>& versions) {
    auto const rows = unit.sql().run(kSerial, {{"case_id", case_id}});
    for (auto const row : rows) {
        for (auto& stated : versions) {
            if (stated.version != row.integer("version")) {
                continue;
            }
            stated.description.serial_raw = row.text("serial_raw");
            if (auto const method =
                    cases::obliteration_method_from(row.view("obliteration_method"))) {
                cases::Obliteration obliteration;
                obliteration.method = *method;
                obliteration.partial_characters = row.text("partial_characters");
                obliteration.lab_result = cases::lab_result_from(row.view("lab_result"))
                                              .value_or(cases::LabResult::not_sent);
                obliteration.lab_case_no = row.text("lab_case_no");
                obliteration.restored_serial = row.text("restored_serial");
                stated.description.obliteration = std::move(obliteration);
            }
        }
    }
}

void add_recovery(UnitOfWork& unit, CaseId const& case_id, bool own, cases::Recovery& recovery) {
    auto const rows = unit.sql().run(kRecovery, {{"case_id", case_id}});
    if (rows.empty()) {
        return;
    }
    auto const row = rows.front();
    recovery.recovered_on = maybe_date(row, "recovered_on");
    recovery.date_precision = cases::recovery_precision_from(row.view("date_precision"))
                                  .value_or(cases::RecoveryPrecision::unknown);
    recovery.country = row.text("country");
    recovery.area = row.text("area");
    recovery.circumstances = row.text("circumstances");
    if (!row.is_null("crime_gun")) {
        recovery.crime_gun = row.boolean("crime_gun");
    }
    recovery.context = row.texts("context");
    if (own) {
        auto const exact = unit.sql().run(kRecoveryOwn, {{"case_id", case_id}});
        recovery.place = exact.front().text("place");
        recovery.latitude = exact.front().maybe_real("latitude");
        recovery.longitude = exact.front().maybe_real("longitude");
        recovery.seizure_ref = exact.front().text("seizure_ref");
        recovery.custody_ref = exact.front().text("custody_ref");
    }
}

void add_persons(UnitOfWork& unit,
                 CaseId const& case_id,
                 std::vector<std::string> const& roles,
                 cases::TraceRequestContent& content) {
    auto const rows = unit.sql().run(kPersons, {{"case_id", case_id}, {"roles", roles}});
    for (auto const row : rows) {
        cases::PersonOfInterest person;
        person.role =
            cases::person_role_from(row.view("role")).value_or(cases::PersonRole::associate);
        person.family_name = row.text("family_name");
        person.given_names = row.text("given_names");
        person.alias = row.text("alias");
        person.sex = row.text("sex");
        person.birth_date = maybe_date(row, "birth_date");
        person.birth_place = row.text("birth_place");
        person.nationality = row.text("nationality");
        person.id_kind = row.text("id_kind");
        person.id_number = row.text("id_number");
        person.address = row.text("address");
        person.relation = row.text("relation");
        person.remarks = row.text("remarks");
        content.persons.push_back(std::move(person));
    }
}

}  // namespace

cases::TraceRequestContent load_content(UnitOfWork& unit,
                                        TraceCase const& file,
                                        std::set<std::string> const& groups,
                                        bool own,
                                        int description_version) {
    cases::TraceRequestContent content;
    auto const body = unit.sql().run(kRequest, {{"case_id", file.case_id}});
    auto const row = body.front();
    content.priority =
        cases::priority_from(row.view("priority")).value_or(cases::Priority::routine);
    content.urgent_ground = cases::urgent_ground_from(row.view("urgent_ground"));
    content.purpose =
        cases::purpose_from(row.view("purpose")).value_or(cases::Purpose::investigation);
    content.legal_basis = row.text("legal_basis");
    content.agreement = row.text("agreement");
    content.offence_code = row.text("offence_code");
    content.project_code = row.text("project_code");
    content.special_instructions = row.text("special_instructions");
    content.intended_use = row.text("intended_use");
    content.illicit_ground = cases::illicit_ground_from(row.view("illicit_ground"));
    content.restrictions_asked = row.text("restrictions_asked");
    content.sensitive = row.boolean("sensitive");
    content.forward_consent = row.boolean("forward_consent");
    content.requested_groups = row.texts("requested_groups");
    content.shared_groups = row.texts("shared_groups");
    content.handling_code = file.handling_code;
    if (groups.contains("G0")) {
        auto const rows = unit.sql().run(
            kDescription, {{"case_id", file.case_id}, {"version", description_version}});
        if (!rows.empty()) {
            std::vector<DescriptionVersion> one{to_description(rows.front())};
            bool const with_serial = groups.contains("G1");
            if (with_serial) {
                add_serials(unit, file.case_id, one);
            }
            add_marks(unit, file.case_id, with_serial, one);
            content.firearm = std::move(one.front().description);
        }
    }
    if (groups.contains("G2")) {
        add_recovery(unit, file.case_id, own, content.recovery);
    }
    if (groups.contains("G3")) {
        add_persons(unit, file.case_id, {"possessor"}, content);
    }
    if (groups.contains("G4")) {
        add_persons(unit, file.case_id, {"associate"}, content);
        auto const rows = unit.sql().run(kVehicle, {{"case_id", file.case_id}});
        if (!rows.empty()) {
            auto const v = rows.front();
            content.vehicle = cases::Vehicle{.plate = v.text("plate"),
                                             .plate_country = v.text("plate_country"),
                                             .vin = v.text("vin"),
                                             .description = v.text("description")};
        }
    }
    if (groups.contains("G8") && (own || !file.sensitive)) {
        auto const rows = unit.sql().run(kRequester, {{"case_id", file.case_id}});
        content.agency_case_no = rows.front().text("agency_case_no");
        content.unit = rows.front().text("unit");
        content.requester_name = rows.front().text("requester_name");
        content.badge_no = rows.front().text("badge_no");
        content.contact = rows.front().text("contact");
    }
    bool const approves = file.relations.contains(cases::Relation::approver);
    if (own || (approves && groups.contains("G9"))) {
        content.recipients = recipients_from(row.texts("recipients"));
    }
    if (own || (approves && groups.contains("G8"))) {
        auto const rows = unit.sql().run(kOwnTexts, {{"case_id", file.case_id}});
        content.urgent_justification = rows.front().text("urgent_justification");
        content.handling_text = rows.front().text("handling_text");
        if (own) {
            content.source_cells = rows.front().text("source_cells");
        }
    }
    return content;
}

std::vector<DescriptionVersion> load_descriptions(UnitOfWork& unit,
                                                  CaseId const& case_id,
                                                  bool with_serial) {
    std::vector<DescriptionVersion> versions;
    auto const rows = unit.sql().run(kDescriptions, {{"case_id", case_id}});
    for (auto const row : rows) {
        versions.push_back(to_description(row));
    }
    if (with_serial) {
        add_serials(unit, case_id, versions);
    }
    add_marks(unit, case_id, with_serial, versions);
    return versions;
}

}  // namespace rastro::storage
