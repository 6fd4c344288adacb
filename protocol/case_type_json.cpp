#include "protocol/case_type_json.hpp"

#include <algorithm>
#include <stdexcept>

#include "cases/linked/known_names.hpp"
#include "cases/linked/own_version.hpp"
#include "cases/trace/guards.hpp"
#include "cases/trace/illicit_record.hpp"
#include "common/digest.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::embedded {
std::string_view trace_request_definition();
std::string_view illicit_record_definition();
std::string_view tip_case_definition();
std::string_view som_case_definition();
std::string_view specialised_unit_definition();
std::string_view asset_case_definition();
std::string_view substance_definition();
std::string_view substance_detection_definition();
std::string_view ews_alert_definition();
std::string_view control_measure_definition();
std::string_view precursor_notice_definition();
std::string_view health_measure_definition();
std::string_view corruption_case_definition();
std::string_view obligation_definition();
std::string_view trade_case_definition();
std::string_view coop_request_definition();
std::string_view judgment_definition();
std::string_view national_strategy_definition();
std::string_view partnership_definition();
std::string_view good_practice_definition();
std::string_view measure_progress_definition();
std::string_view operation_definition();
}  // namespace rastro::embedded

namespace rastro::protocol {

namespace {

using namespace rastro::cases;

constexpr std::array<std::string_view (*)(), 20> kLinkedTypes{
    embedded::tip_case_definition,         embedded::som_case_definition,
    embedded::specialised_unit_definition, embedded::asset_case_definition,
    embedded::substance_definition,        embedded::substance_detection_definition,
    embedded::ews_alert_definition,        embedded::control_measure_definition,
    embedded::precursor_notice_definition, embedded::health_measure_definition,
    embedded::corruption_case_definition,  embedded::obligation_definition,
    embedded::trade_case_definition,       embedded::coop_request_definition,
    embedded::judgment_definition,         embedded::national_strategy_definition,
    embedded::partnership_definition,      embedded::good_practice_definition,
    embedded::measure_progress_definition, embedded::operation_definition,
};

constexpr ItemCount kMany{400, 0};
constexpr ItemCount kSome{60, 0};
constexpr TextRule kWord{TextKind::code, 64, 1};
constexpr TextRule kGuardText{TextKind::line, 80, 1};  // "name" or "name:parameter"
constexpr TextRule kLabelText{TextKind::line, 120, 1};

Label read_label(ObjectReader& in) {
    return Label{.en = in.text("en", kLabelText),
                 .es = in.text("es", kLabelText),
                 .pt = in.text("pt", kLabelText),
                 .fr = in.text("fr", kLabelText)};
}

StateDefinition read_state(ObjectReader& in) {
    StateDefinition state;
    state.name = in.text("name", kWord);
    state.label = in.object("label", read_label);
    state.open = in.boolean_or("open", false);
    state.final = in.boolean_or("final", false);
    state.keeps_resume_state = in.boolean_or("keeps_resume_state", false);
    state.behaves_as = in.optional_text("behaves_as", kWord);
    state.runs = in.texts("runs", kSome, kWord);
    state.legal_effect = in.boolean_or("legal_effect", false);
    return state;
}

FieldDefinition read_field(ObjectReader& in) {
    FieldDefinition field;
    field.name = in.text("name", kWord);
    field.type = in.text("type", kWord);
    field.list = in.optional_text("list", kWord);
    field.group = in.text("group", kWord);
    field.required_at = in.texts("required_at", kSome, kWord);
    field.validators = in.texts("validators", kSome, kWord);
    field.index = in.optional_text("index", kWord);
    field.label = in.object("label", read_label);
    return field;
}

ObjectDefinition read_object(ObjectReader& in) {
    ObjectDefinition object;
    object.name = in.text("name", kWord);
    object.parent = in.optional_text("parent", kWord);
    object.label = in.object("label", read_label);
    object.initial = in.text("initial", kWord);
    object.flags = in.texts("flags", kSome, kWord);
    object.states = in.objects("states", ItemCount{60, 1}, read_state);
    object.fields = in.objects("fields", kMany, read_field);
    return object;
}

bool is_text(boost::json::value const* value, std::string_view text) {
    return value != nullptr && value->is_string() && std::string_view(value->get_string()) == text;
}

// A list of names, or one of the shorthands for it.
template <std::size_t Count>
std::vector<std::string> names_or(boost::json::value const* value,
                                  ObjectReader& in,
                                  std::string_view member,
                                  std::array<std::string_view, Count> const& shorthands) {
    std::vector<std::string> names;
    if (value == nullptr) {
        return names;
    }
    for (auto shorthand : shorthands) {
        if (is_text(value, shorthand)) {
            return {std::string(shorthand)};
        }
    }
    if (!value->is_array()) {
        in.violate(member, "wrong_type", {"array"});
        return names;
    }
    Place const here(&in.place(), member);
    for (std::size_t i = 0; i < value->get_array().size(); ++i) {
        auto const* text = value->get_array()[i].if_string();
        if (text == nullptr || !is_of_kind(TextKind::code, std::string_view(*text))) {
            in.violations().add(Place(&here, i).pointer(), "wrong_type", {"string"});
        } else {
            names.emplace_back(std::string_view(*text));
        }
    }
    return names;
}

TransitionDefinition read_transition(ObjectReader& in) {
    TransitionDefinition row;
    row.id = in.text("id", kWord);
    row.object = in.text("object", kWord);
    auto const* from = in.any("from");
    if (from == nullptr) {
        in.violate("from", "missing_member");
    }
    row.from = names_or(from, in, "from", std::array<std::string_view, 2>{"*", "@open"});
    row.event = in.text("event", kWord);
    row.to = in.text("to", kWord);
    row.may_become = in.texts("may_become", kSome, kWord);
    row.side = in.code("side", parse_side);
    row.roles = in.texts("roles", kSome, kWord);
    row.guards = in.texts("guards", kSome, kGuardText);
    row.reason_list = in.optional_text("reason_list", kWord);
    row.required_inputs = in.texts("required_inputs", kSome, kWord);
    row.two_person = in.optional_text("two_person", kWord);
    row.fresh_authentication = in.boolean_or("fresh_authentication", false);
    row.document = in.optional_text("document", kWord);
    row.needs_flags = in.texts("needs_flags", kSome, kWord);
    row.sets_flags = in.texts("sets_flags", kSome, kWord);
    row.clears_flags = in.texts("clears_flags", kSome, kWord);
    row.starts = in.texts("starts", kSome, kWord);
    row.stops = names_or(in.any("stops"), in, "stops", std::array<std::string_view, 1>{"*"});
    row.pauses = in.texts("pauses", kSome, kWord);
    row.resumes = in.texts("resumes", kSome, kWord);
    row.effects = in.texts("effects", kSome, kWord);
    row.hints = in.texts("hints", kSome, kWord);
    return row;
}

ClockDefinition read_clock(ObjectReader& in) {
    return ClockDefinition{.name = in.text("name", kWord),
                           .object = in.text("object", kWord),
                           .on_due = in.optional_text("on_due", kWord),
                           .on_escalate = in.optional_text("on_escalate", kWord),
                           .on_expire = in.optional_text("on_expire", kWord)};
}

LinkKind read_link(ObjectReader& in) {
    return LinkKind{.name = in.text("name", kWord), .label = in.object("label", read_label)};
}

CaseTypeDefinition read_definition(ObjectReader& in) {
    CaseTypeDefinition type;
    type.id = in.text("id", kWord);
    type.version = static_cast<int>(in.integer("version", 1, 1'000'000));
    type.title = in.object("title", read_label);
    type.heading = in.texts("heading", kSome, kWord);
    type.objects = in.objects("objects", ItemCount{20, 1}, read_object);
    type.transitions = in.objects("transitions", ItemCount{400, 1}, read_transition);
    type.clocks = in.objects("clocks", kSome, read_clock);
    type.links = in.objects("links", kSome, read_link);
    type.signals = in.texts("signals", kSome, kWord);
    return type;
}

void resolve_shorthands(CaseTypeDefinition& type) {
    for (auto& row : type.transitions) {
        bool const every = row.from == std::vector<std::string>{"*"};
        bool const open = row.from == std::vector<std::string>{"@open"};
        if (auto const* object = type.find_object(row.object);
            object != nullptr && (every || open)) {
            row.from.clear();
            for (auto const& state : object->states) {
                if (every || state.open) {
                    row.from.push_back(state.name);
                }
            }
        }
        if (row.stops == std::vector<std::string>{"*"}) {
            row.stops.clear();
            for (auto const& clock : type.clocks) {
                if (clock.object == row.object) {
                    row.stops.push_back(clock.name);
                }
            }
        }
    }
}

}  // namespace

Outcome<cases::CaseTypeDefinition> read_case_type(std::string_view json) {
    RASTRO_TRY(type, read_body(json, read_definition));
    resolve_shorthands(type);
    type.sha256 = to_hex(sha256(json));
    return type;
}

Outcome<cases::CaseTypeDefinition> read_own_case_type(std::string_view json,
                                                      cases::CaseTypeDefinition const& base) {
    RASTRO_TRY(own, read_case_type(json));
    auto faults = check_definition(own, linked_known_names());
    for (auto& fault : check_own_version(base, own)) {
        faults.push_back(std::move(fault));
    }
    if (own.id != base.id) {
        faults.push_back({"/id", "is another type than " + base.id});
    }
    if (faults.empty()) {
        return own;
    }
    Problem problem(ProblemCode::validation_failed);
    for (auto const& fault : faults) {
        problem.add({fault.path, "definition", {fault.message}});
    }
    return problem;
}

std::string_view case_type_document(std::string_view id) {
    for (auto const text : kLinkedTypes) {
        auto const type = read_case_type(text());
        if (type && type->id == id) {
            return text();
        }
    }
    return {};
}

cases::CaseTypeRegistry built_in_case_types() {
    cases::CaseTypeRegistry registry;
    auto const refuse = [](Problem const& problem) {
        auto const where = problem.violations().empty() ? std::string()
                                                        : problem.violations()[0].pointer + " " +
                                                              problem.violations()[0].code;
        throw std::logic_error("built-in case type: " + problem.detail() + " " + where);
    };
    auto const add = [&](std::string_view text, KnownNames const& known) {
        auto type = read_case_type(text);
        if (!type) {
            refuse(type.error());
        }
        if (auto const added = registry.add(std::move(type).value(), known); !added) {
            refuse(added.error());
        }
    };
    add(embedded::trace_request_definition(), trace_known_names());
    add(embedded::illicit_record_definition(), cases::record_known_names());
    for (auto const text : kLinkedTypes) {
        add(text(), linked_known_names());
    }
    return registry;
}

}  // namespace rastro::protocol
