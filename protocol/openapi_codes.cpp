#include "protocol/openapi_codes.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <limits>
#include <string_view>
#include <vector>

#include "cases/access.hpp"
#include "cases/actor.hpp"
#include "cases/audit_record.hpp"
#include "cases/registry.hpp"
#include "cases/trace/disposition_chain.hpp"
#include "cases/trace/firearm.hpp"
#include "cases/trace/illicit_record.hpp"
#include "cases/trace/import_row.hpp"
#include "cases/trace/matching.hpp"
#include "cases/trace/outcome_codes.hpp"
#include "cases/trace/pointer.hpp"
#include "cases/trace/refusal_reasons.hpp"
#include "cases/trace/request.hpp"
#include "cases/trace/serial.hpp"
#include "cases/trace/time_to_crime.hpp"
#include "cases/trace/type_code.hpp"
#include "common/problem.hpp"
#include "protocol/case_type_json.hpp"
#include "protocol/catalog.hpp"

namespace rastro::protocol {

namespace {

namespace json = boost::json;
using Codes = std::vector<std::string_view>;

json::object schema_of(Codes const& codes, std::string_view description) {
    json::array listed;
    for (auto code : codes) {
        listed.emplace_back(json::string(code));
    }
    json::object schema;
    schema["description"] = description;
    schema["type"] = "string";
    schema["enum"] = std::move(listed);
    return schema;
}

// The codes of an enumeration whose values run from 0 without gaps; code_of() is empty behind the
// last.
template <class Enum>
Codes all_of_enum() {
    Codes codes;
    for (unsigned value = 0; value <= std::numeric_limits<std::uint8_t>::max(); ++value) {
        auto const code = cases::code_of(static_cast<Enum>(value));
        if (code.empty()) {
            break;
        }
        codes.push_back(code);
    }
    return codes;
}
// The same where code_of() must not be asked for what is behind the last.
template <class Enum>
Codes all_up_to(Enum last) {
    Codes codes;
    for (unsigned value = 0; value <= static_cast<unsigned>(last); ++value) {
        codes.push_back(cases::code_of(static_cast<Enum>(value)));
    }
    return codes;
}

template <class Values>
Codes texts_of(Values const& values) {
    Codes codes;
    for (auto const& value : values) {
        codes.push_back(to_text(value));
    }
    return codes;
}

Codes problem_codes() {
    Codes codes;
    for (auto const& info : all_problems()) {
        codes.push_back(info.slug);
    }
    return codes;
}

Codes violation_codes() {
    constexpr std::string_view kPrefix = "violation.";
    Codes codes;
    for (auto key : catalog_keys(Language::en)) {
        if (key.starts_with(kPrefix) && key != "violation.other") {
            codes.push_back(key.substr(kPrefix.size()));
        }
    }
    return codes;
}

// States, flags and events of the trace request, as its definition names them.
void add_case_type(json::object& schemas) {
    static auto const types = built_in_case_types();
    auto const* type = types.newest("trace_request");
    for (auto const& [object, prefix] :
         {std::pair{"request", "Request"}, std::pair{"leg", "Leg"}}) {
        auto const* definition = type->find_object(object);
        Codes states;
        for (auto const& state : definition->states) {
            states.emplace_back(state.name);
        }
        Codes const flags(definition->flags.begin(), definition->flags.end());
        schemas[std::string(prefix) + "State"] = schema_of(states, definition->label.en);
        schemas[std::string(prefix) + "Flag"] =
            schema_of(flags, "Stands beside the state: " + definition->label.en);
    }
    Codes events;
    for (auto const& transition : type->transitions) {
        if (transition.side != cases::Side::system) {
            events.emplace_back(transition.event);
        }
    }
    std::ranges::sort(events);
    auto const repeated = std::ranges::unique(events);
    events.erase(repeated.begin(), repeated.end());
    schemas["StepEvent"] = schema_of(events, "A step of the life of a request or a leg");
}

void add_firearm(json::object& schemas) {
    Codes outcomes;
    for (auto const& info : cases::all_outcomes()) {
        outcomes.push_back(info.code);
    }
    Codes reasons;
    for (auto const& info : cases::all_refusal_reasons()) {
        reasons.push_back(info.code);
    }
    Codes types;
    for (auto const& info : cases::all_types()) {
        types.emplace_back(info.code);
    }
    schemas["OutcomeCode"] = schema_of(outcomes, "Why a trace ended");
    schemas["RefusalReason"] =
        schema_of(reasons, "On which ground a state delays, restricts or refuses");
    schemas["FirearmType"] = schema_of(types, "Kind of firearm");
    schemas["SerialCondition"] = schema_of(all_of_enum<cases::SerialCondition>(),
                                           "Condition of the serial number on the firearm");
    schemas["SerialWarning"] =
        schema_of(all_of_enum<cases::SerialWarning>(), "What is odd about a serial number");
    schemas["MarkKind"] = schema_of(all_of_enum<cases::MarkKind>(), "What a mark tells");
    schemas["MarkPlace"] = schema_of(all_of_enum<cases::MarkPlace>(), "Where a mark is");
    schemas["MarkState"] = schema_of(all_of_enum<cases::MarkState>(), "How well a mark is kept");
    schemas["ObliterationMethod"] =
        schema_of(all_of_enum<cases::ObliterationMethod>(), "How the serial number was removed");
    schemas["LabResult"] =
        schema_of(all_of_enum<cases::LabResult>(), "What the laboratory made of it");
    schemas["ChainRole"] =
        schema_of(all_up_to(cases::ChainRole::government_stock), "Part in the disposition chain");
    schemas["ChainConfidence"] =
        schema_of(all_of_enum<cases::ChainConfidence>(), "How sure the answering agency is");
    schemas["TimeToCrimeBucket"] =
        schema_of(all_of_enum<cases::TtcBucket>(), "Calendar interval from sale to recovery");
    auto flags = all_of_enum<cases::TtcFlag>();
    flags.emplace_back("TTC_NO_PURCHASE");  // settled without: no answer names a first purchase
    schemas["TimeToCrimeFlag"] = schema_of(flags, "What to know about a time-to-crime");
}

void add_request(json::object& schemas) {
    schemas["Purpose"] = schema_of(all_of_enum<cases::Purpose>(), "What data are asked for");
    schemas["Priority"] = schema_of(all_of_enum<cases::Priority>(), "Of a request");
    schemas["UrgentGround"] =
        schema_of(all_of_enum<cases::UrgentGround>(), "Why a request is urgent");
    schemas["IllicitGround"] =
        schema_of(all_of_enum<cases::IllicitGround>(), "Why the firearm is thought illicit");
    schemas["RecoveryPrecision"] = schema_of(all_of_enum<cases::RecoveryPrecision>(),
                                             "How much of the date of recovery is known");
    schemas["CellVerdict"] =
        schema_of(all_of_enum<cases::CellVerdict>(), "What became of a cell of an imported row");
}

void add_matching(json::object& schemas) {
    schemas["MatchField"] =
        schema_of(all_of_enum<cases::MatchField>(), "What two descriptions are compared by");
    schemas["MatchBand"] =
        schema_of(all_of_enum<cases::MatchBand>(),
                  "MATCH_STRONG from 85 points, MATCH_POSSIBLE from 65, MATCH_WEAK below; "
                  "NEIGHBOUR: another serial by one character, most likely another firearm");
    schemas["MatchKind"] = schema_of(all_of_enum<cases::HitKind>(), "What a match would mean");
    schemas["RecordKind"] =
        schema_of(all_of_enum<cases::RecordKind>(), "What a record of the register says");
    schemas["ClearReason"] = schema_of(all_of_enum<cases::ClearReason>(), "Why a record ended");
    schemas["FieldAgreement"] =
        schema_of(all_of_enum<cases::Agreement>(), "How one field of two descriptions agrees");
}

}  // namespace

json::object code_schemas() {
    using cases::ActorKind;
    using cases::AuditOutcome;
    json::object schemas;
    add_case_type(schemas);
    add_firearm(schemas);
    add_request(schemas);
    add_matching(schemas);
    schemas["Role"] = schema_of(texts_of(cases::all_roles()), "Of a person or an agency's system");
    auto const& groups = cases::all_field_groups();
    schemas["FieldGroup"] =
        schema_of(Codes(groups.begin(), groups.end()), "Part of a case that is disclosed as one");
    schemas["ActorKind"] =
        schema_of(texts_of(std::vector{ActorKind::person, ActorKind::gateway, ActorKind::system}),
                  "Who acts");
    schemas["AuditOutcome"] = schema_of(
        texts_of(std::vector{AuditOutcome::ok, AuditOutcome::refused, AuditOutcome::failed}),
        "How an act ended");
    schemas["ProblemCode"] =
        schema_of(problem_codes(), "Kind of problem; /problems/{slug} tells what it means");
    schemas["ViolationCode"] = schema_of(violation_codes(), "What is wrong with one member");
    return schemas;
}

}  // namespace rastro::protocol
