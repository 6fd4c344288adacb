#include "protocol/trace_content_json.hpp"

#include <array>

#include "cases/trace/offence.hpp"
#include "protocol/firearm_json.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/rule_violations.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kShort{TextKind::line, 100};
constexpr TextRule kName{TextKind::line, 200};
constexpr TextRule kNote{TextKind::text, 1000};
constexpr TextRule kLong{TextKind::text, 4000};
constexpr std::array<std::string_view, 4> kHandlingCodes{"H0", "H1", "H2", "H3"};
constexpr std::array<std::string_view, 3> kSexes{"f", "m", "x"};
constexpr std::array<std::string_view, 12> kFieldGroups{
    "G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11"};
constexpr std::size_t kMaxAssociates = 49;  // with the possessor: 50 persons
constexpr std::size_t kMaxRecipients = 8;

enum class Reading : bool { whole, patch };

cases::Recovery read_recovery(ObjectReader& reader) {
    cases::Recovery recovery;
    recovery.recovered_on = reader.optional_date("recovered_on");
    recovery.date_precision = reader.optional_code("date_precision", cases::recovery_precision_from)
                                  .value_or(cases::RecoveryPrecision::day);
    recovery.country = reader.optional_text("country", kCountry);
    recovery.area = reader.optional_text("area", kName);
    recovery.place = reader.optional_text("place", kName);
    recovery.latitude = reader.optional_number("latitude", -90, 90);
    recovery.longitude = reader.optional_number("longitude", -180, 180);
    recovery.circumstances = reader.optional_text("circumstances", kLong);
    recovery.crime_gun = reader.optional_boolean("crime_gun");
    recovery.context = reader.texts("context", {.max = 10}, kCode);
    recovery.seizure_ref = reader.optional_text("seizure_ref", kShort);
    recovery.custody_ref = reader.optional_text("custody_ref", kShort);
    return recovery;
}

cases::PersonOfInterest read_person(ObjectReader& reader, cases::PersonRole role) {
    cases::PersonOfInterest person;
    person.role = role;
    person.family_name = reader.optional_text("family_name", kName);
    person.given_names = reader.optional_text("given_names", kName);
    person.alias = reader.optional_text("alias", kName);
    person.sex = reader.optional_listed("sex", kSexes);
    person.birth_date = reader.optional_date("birth_date");
    person.birth_place = reader.optional_text("birth_place", kName);
    person.nationality = reader.optional_text("nationality", kCountry);
    person.id_kind = reader.optional_text("id_kind", kShort);
    person.id_number = reader.optional_text("id_number", kShort);
    person.address = reader.optional_text("address", kNote);
    if (role == cases::PersonRole::associate) {
        person.relation = reader.optional_text("relation", kShort);
    }
    person.remarks = reader.optional_text("remarks", kLong);
    return person;
}

cases::Vehicle read_vehicle(ObjectReader& reader) {
    cases::Vehicle vehicle;
    vehicle.plate = reader.optional_text("plate", {TextKind::line, 20});
    vehicle.plate_country = reader.optional_text("plate_country", kCountry);
    vehicle.vin = reader.optional_text("vin", {TextKind::line, 32});
    vehicle.description = reader.optional_text("description", kNote);
    return vehicle;
}

cases::Recipient read_recipient(ObjectReader& reader) {
    return {reader.optional_text("country", kCountry), reader.optional_text("agency", kAgency)};
}

void read_persons(ObjectReader& reader, cases::TraceRequestContent& content) {
    auto possessor = reader.optional_object("possessor", [](ObjectReader& inner) {
        return read_person(inner, cases::PersonRole::possessor);
    });
    if (possessor) {
        content.persons.push_back(*std::move(possessor));
    }
    auto associates =
        reader.objects("associates", {.max = kMaxAssociates}, [](ObjectReader& inner) {
            return read_person(inner, cases::PersonRole::associate);
        });
    for (auto& associate : associates) {
        content.persons.push_back(std::move(associate));
    }
}

void read_requester(ObjectReader& reader, cases::TraceRequestContent& content) {
    content.agency_case_no = reader.optional_text("agency_case_no", kShort);
    content.unit = reader.optional_text("unit", kName);
    content.requester_name = reader.optional_text("requester_name", kName);
    content.badge_no = reader.optional_text("badge_no", kShort);
    content.contact = reader.optional_text("contact", {TextKind::text, 500});
    content.sensitive = reader.boolean_or("sensitive", false);
}

// Everything but purpose, firearm, recovery, persons and vehicle.
void read_rest(ObjectReader& reader, cases::TraceRequestContent& content) {
    content.priority =
        reader.optional_code("priority", cases::priority_from).value_or(cases::Priority::routine);
    content.urgent_ground = reader.optional_code("urgent_ground", cases::urgent_ground_from);
    content.urgent_justification = reader.optional_text("urgent_justification", kLong);
    content.legal_basis = reader.optional_text("legal_basis", {TextKind::line, 300});
    content.agreement = reader.optional_text("agreement", kName);
    content.offence_code = reader.optional_text("offence_code", kCode);
    content.project_code = reader.optional_text("project_code", kCode);
    content.special_instructions = reader.optional_text("special_instructions", kLong);
    content.intended_use = reader.optional_text("intended_use", kNote);
    content.illicit_ground = reader.optional_code("illicit_ground", cases::illicit_ground_from);
    content.restrictions_asked = reader.optional_text("restrictions_asked", kNote);
    auto handling = reader.optional_listed("handling_code", kHandlingCodes);
    content.handling_code = handling.empty() ? "H1" : std::move(handling);
    content.handling_text = reader.optional_text("handling_text", kNote);
    read_requester(reader, content);
    content.forward_consent = reader.boolean_or("forward_consent", false);
    bool const shares = reader.has("shared_groups");
    content.requested_groups = reader.listed_set("requested_groups", {.max = 12}, kFieldGroups);
    auto shared = reader.listed_set("shared_groups", {.max = 12}, kFieldGroups);
    if (shares) {
        content.shared_groups = std::move(shared);
    }
    content.recipients = reader.objects("recipients", {.max = kMaxRecipients}, read_recipient);
}

cases::TraceRequestContent read_content(ObjectReader& reader, Reading reading) {
    cases::TraceRequestContent content;
    if (reading == Reading::whole) {
        content.firearm = reader.object("firearm", read_firearm_members);
        content.purpose = reader.code("purpose", cases::purpose_from);
    } else {
        content.firearm = reader.optional_object("firearm", read_firearm_members)
                              .value_or(cases::FirearmDescription{});
        content.purpose = reader.optional_code("purpose", cases::purpose_from)
                              .value_or(cases::Purpose::investigation);
    }
    content.recovery =
        reader.optional_object("recovery", read_recovery).value_or(cases::Recovery{});
    read_persons(reader, content);
    content.vehicle = reader.optional_object("vehicle", read_vehicle);
    read_rest(reader, content);
    return content;
}

void write_recovery(JsonWriter& json, cases::Recovery const& recovery) {
    json.begin_object("recovery");
    json.date_if("recovered_on", recovery.recovered_on);
    json.text("date_precision", code_of(recovery.date_precision));
    json.text_if("country", recovery.country);
    json.text_if("area", recovery.area);
    json.text_if("place", recovery.place);
    if (recovery.latitude) {
        json.number("latitude", *recovery.latitude);
    }
    if (recovery.longitude) {
        json.number("longitude", *recovery.longitude);
    }
    json.text_if("circumstances", recovery.circumstances);
    if (recovery.crime_gun) {
        json.boolean("crime_gun", *recovery.crime_gun);
    }
    json.texts_if("context", recovery.context);
    json.text_if("seizure_ref", recovery.seizure_ref);
    json.text_if("custody_ref", recovery.custody_ref);
    json.end_object();
}

void write_person_members(JsonWriter& json, cases::PersonOfInterest const& person) {
    json.text_if("family_name", person.family_name);
    json.text_if("given_names", person.given_names);
    json.text_if("alias", person.alias);
    json.text_if("sex", person.sex);
    json.date_if("birth_date", person.birth_date);
    json.text_if("birth_place", person.birth_place);
    json.text_if("nationality", person.nationality);
    json.text_if("id_kind", person.id_kind);
    json.text_if("id_number", person.id_number);
    json.text_if("address", person.address);
    json.text_if("relation", person.relation);
    json.text_if("remarks", person.remarks);
}

void write_persons(JsonWriter& json, std::vector<cases::PersonOfInterest> const& persons) {
    bool associates = false;
    for (auto const& person : persons) {
        if (person.role == cases::PersonRole::possessor) {
            json.begin_object("possessor");
            write_person_members(json, person);
            json.end_object();
        }
        associates = associates || person.role == cases::PersonRole::associate;
    }
    if (!associates) {
        return;
    }
    json.begin_array("associates");
    for (auto const& person : persons) {
        if (person.role == cases::PersonRole::associate) {
            json.begin_object();
            write_person_members(json, person);
            json.end_object();
        }
    }
    json.end_array();
}

void write_vehicle(JsonWriter& json, cases::Vehicle const& vehicle) {
    json.begin_object("vehicle");
    json.text_if("plate", vehicle.plate);
    json.text_if("plate_country", vehicle.plate_country);
    json.text_if("vin", vehicle.vin);
    json.text_if("description", vehicle.description);
    json.end_object();
}

void write_recipients(JsonWriter& json, std::vector<cases::Recipient> const& recipients) {
    if (recipients.empty()) {
        return;
    }
    json.begin_array("recipients");
    for (auto const& recipient : recipients) {
        json.begin_object();
        json.text_if("country", recipient.country);
        json.text_if("agency", recipient.agency);
        json.end_object();
    }
    json.end_array();
}

void write_rest(JsonWriter& json, cases::TraceRequestContent const& content) {
    json.text("priority", code_of(content.priority));
    if (content.urgent_ground) {
        json.text("urgent_ground", code_of(*content.urgent_ground));
    }
    json.text_if("urgent_justification", content.urgent_justification);
    json.text_if("legal_basis", content.legal_basis);
    json.text_if("agreement", content.agreement);
    json.text_if("offence_code", content.offence_code);
    json.text_if("project_code", content.project_code);
    json.text_if("special_instructions", content.special_instructions);
    json.text_if("intended_use", content.intended_use);
    if (content.illicit_ground) {
        json.text("illicit_ground", code_of(*content.illicit_ground));
    }
    json.text_if("restrictions_asked", content.restrictions_asked);
    json.text_if("handling_code", content.handling_code);
    json.text_if("handling_text", content.handling_text);
    json.text_if("agency_case_no", content.agency_case_no);
    json.text_if("unit", content.unit);
    json.text_if("requester_name", content.requester_name);
    json.text_if("badge_no", content.badge_no);
    json.text_if("contact", content.contact);
    json.boolean("sensitive", content.sensitive);
    json.boolean("forward_consent", content.forward_consent);
    json.texts_if("requested_groups", content.requested_groups);
    json.texts("shared_groups", content.shared_groups);
    write_recipients(json, content.recipients);
}

void merge(boost::json::value& target, boost::json::value const& patch) {
    auto const* changes = patch.if_object();
    if (changes == nullptr) {
        target = patch;
        return;
    }
    if (!target.is_object()) {
        target.emplace_object();
    }
    auto& members = target.get_object();
    for (auto const& change : *changes) {
        if (change.value().is_null()) {
            members.erase(change.key());
        } else {
            merge(members[change.key()], change.value());
        }
    }
}

}  // namespace

Outcome<TraceRequestCreate> read_trace_request_create(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        TraceRequestCreate message;
        message.submit = reader.boolean_or("submit", false);
        message.content = read_content(reader, Reading::whole);
        add_rule_violations(
            reader.violations(),
            message.submit ? check_for_submission(message.content) : check_draft(message.content));
        return message;
    });
}

Outcome<TraceRequestChange> read_trace_request_change(std::string_view body) {
    auto patch = parse_json(body);
    if (patch) {
        Violations violations;
        ObjectReader reader(*patch, Place(), violations, ObjectReader::Nulls::absent);
        static_cast<void>(read_content(reader, Reading::patch));
        reader.finish();
        if (!violations.empty()) {
            return violations.take_problem();
        }
        return TraceRequestChange{*std::move(patch)};
    }
    return patch.error();
}

Outcome<cases::TraceRequestContent> apply_change(cases::TraceRequestContent const& stored,
                                                 TraceRequestChange const& change) {
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    write_content_members(json, stored);
    json.end_object();
    RASTRO_TRY(whole, parse_json(text));
    merge(whole, change.patch);

    Violations violations;
    ObjectReader reader(whole, Place(), violations);
    auto content = read_content(reader, Reading::patch);
    reader.finish();
    content.source_cells = stored.source_cells;
    add_rule_violations(violations, check_draft(content));
    if (!violations.empty()) {
        return violations.take_problem();
    }
    return content;
}

cases::TraceRequestContent read_shared_members(ObjectReader& reader) {
    cases::TraceRequestContent content;
    content.purpose = reader.optional_code("purpose", cases::purpose_from)
                          .value_or(cases::Purpose::investigation);
    read_rest(reader, content);
    return content;
}

void write_shared_members(JsonWriter& json, cases::TraceRequestContent const& content) {
    json.text("purpose", code_of(content.purpose));
    write_rest(json, content);
}

void write_content_members(JsonWriter& json, cases::TraceRequestContent const& content) {
    json.text("purpose", code_of(content.purpose));
    json.begin_object("firearm");
    write_firearm_members(json, content.firearm);
    json.end_object();
    write_recovery(json, content.recovery);
    write_persons(json, content.persons);
    if (content.vehicle) {
        write_vehicle(json, *content.vehicle);
    }
    write_rest(json, content);
}

}  // namespace rastro::protocol
