#include "cases/linked/guards.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "cases/trace/code_lists.hpp"
#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::cases {

namespace {

using Facts = LinkedFacts;
using Text = std::string_view;

bool is_object(ObjectFact const& o, Text name) {
    return o.object == name;
}

bool has_object(Facts const& f, Text name) {
    return std::ranges::any_of(f.objects, [&](auto const& o) { return is_object(o, name); });
}

bool none_open(Facts const& f, Text name) {
    return std::ranges::none_of(f.objects,
                                [&](auto const& o) { return is_object(o, name) && o.open; });
}

bool has_consent(Facts const& f, Text purpose) {
    return std::ranges::any_of(f.objects, [&](auto const& o) {
        return is_object(o, "consent") && o.state == "GIVEN" &&
               value_of(o.values, "consent_purpose") == purpose;
    });
}

bool reflecting(Facts const& f) {
    return f.done_by.contains("begin_reflection") && !f.elapsed.contains("tip.reflection");
}

bool under_age(FieldValues const& victim) {
    auto const band = value_of(victim, "age_band");
    return band == "age_0_8" || band == "age_9_17";
}

bool means_or_children(Facts const& f, Text) {
    return !value_of(f.root, "means").empty() || std::ranges::all_of(f.objects, [](auto const& o) {
        return !is_object(o, "victim") || under_age(o.values);
    });
}

// "a+b": the first person holds one of the two roles and who completes it the other.
bool two_roles(Facts const& f, Text pair) {
    if (f.first_person.empty()) {
        return true;  // nothing to compare yet: the second person is still to come
    }
    auto const plus = pair.find('+');
    auto const one = pair.substr(0, plus);
    auto const two = pair.substr(plus + 1);
    return (f.first_roles.contains(one) && f.actor_roles.contains(two)) ||
           (f.first_roles.contains(two) && f.actor_roles.contains(one));
}

bool differs_from(Facts const& f, Text event) {
    auto const found = f.done_by.find(event);
    return found == f.done_by.end() || !found->second.contains(f.actor);
}

bool past(Facts const& f, Text field) {
    auto const& values = f.object.contains(field) ? f.object : f.root;
    auto const date = parse_iso_date(value_of(values, field));
    return date && *date < f.today;
}

// "field=days": the date of the field lies at most so many days back.
bool recent(Facts const& f, Text parameter) {
    auto const equals = parameter.find('=');
    auto const date = parse_iso_date(value_of(f.object, parameter.substr(0, equals)));
    int days = 0;
    auto const number = parameter.substr(equals + 1);
    std::from_chars(number.data(), number.data() + number.size(), days);
    auto const today = std::chrono::sys_days(f.today);
    return date && std::chrono::sys_days(*date) <= today &&
           std::chrono::sys_days(*date) + std::chrono::days(days) >= today;
}

bool treaty_in_force(Facts const& f, Text) {
    bool carried = false;
    auto const sent = parse_iso_date(value_of(f.root, "transmitted_on"));
    auto const signed_on = parse_iso_date(value_of(f.root, "signed_on"));
    auto const on = sent.value_or(signed_on.value_or(f.today));
    for (auto const& o : f.objects) {
        if (!is_object(o, "basis") || o.state != "CLAIMED") {
            continue;
        }
        LegalBasis const basis{
            std::string(value_of(o.values, "instrument")),
            std::string(value_of(o.values, "article")),
            parse_reliance(value_of(o.values, "reliance")).value_or(Reliance::cited_only)};
        if (!carries(basis.reliance)) {
            continue;
        }
        auto const fault = f.treaties == nullptr ? std::optional(BasisFault::not_a_party)
                                                 : check_basis(*f.treaties,
                                                               basis,
                                                               value_of(f.root, "coop_kind"),
                                                               value_of(f.root, "requesting"),
                                                               value_of(f.root, "requested"),
                                                               on);
        if (fault && *fault != BasisFault::unknown_instrument) {
            return false;
        }
        carried = true;
    }
    return carried;
}

bool has_finding(Facts const& f, Text) {
    return has_object(f, "finding") || has_object(f, "legal_person");
}

// Sum of what is forfeited or about to be, against what the court ordered; other currencies than
// that of the order cannot be held against it and stop the act.
bool within_ordered_amount(Facts const& f, Text) {
    auto const ordered = money_value(value_of(f.root, "ordered_amount"));
    auto const own = money_value(value_of(f.object, "value"));
    if (!ordered) {
        return true;
    }
    if (!own || own->currency != ordered->currency) {
        return false;
    }
    auto sum = own->minor;
    for (auto const& o : f.objects) {
        auto const worth = money_value(value_of(o.values, "value"));
        if (is_object(o, "asset") && o.state == "FORFEITED_FINAL" && worth) {
            if (worth->currency != ordered->currency) {
                return false;
            }
            sum += worth->minor;
        }
    }
    return sum <= ordered->minor;
}

bool non_governmental(Facts const& f, Text) {
    auto const kinds = codes_of(f.root, "partner_kinds");
    return std::ranges::any_of(kinds, [](std::string const& kind) {
        return kind == "academia" || kind == "private" || kind == "civil_society" ||
               kind == "survivors";
    });
}

bool evidence_for_status(Facts const& f, Text) {
    auto const status = value_of(f.root, "progress_status");
    return status == "no_information" || status == "not_started" ||
           f.links.contains("evidence_for") || std::ranges::any_of(f.objects, [](auto const& o) {
               return is_object(o, "evidence") && o.state == "RECORDED";
           });
}

bool survivor_safeguards(Facts const& f, Text) {
    return value_of(f.root, "partner_kind") != "survivors" ||
           (value_of(f.root, "survivor_consent") == "true" &&
            value_of(f.root, "trauma_informed_checklist") == "true" &&
            value_of(f.root, "access_level") != "named_case");
}

// What is said by the asked side of an entry is said by the agency that the entry is about.
bool own_entry(Facts const& f, Text field) {
    return !f.actor_agency.empty() && value_of(f.object, field) == f.actor_agency;
}

bool flag(FieldValues const& values, Text field) {
    return value_of(values, field) == "true";
}

// clang-format off
constexpr LinkedGuardRow kGuards[] = {
    // common
    {"two_roles", "the two persons have to hold the two roles between them", two_roles},
    {"differs_from", "who did the earlier step cannot do this one", differs_from},
    {"has_object", "an entry of this kind has to be there", has_object},
    {"none_open", "entries of this kind are still open", none_open},
    {"linked_to", "a link of this kind has to be there", [](Facts const& f, Text kind) { return f.links.contains(kind); }},
    {"linked_any", "a linked case has to be there", [](Facts const& f, Text) { return !f.links.empty(); }},
    {"past", "the date has not passed", past},
    {"recent", "the date lies too far back", recent},
    {"own_entry", "the entry is about another agency", own_entry},
    {"has_party", "the other side has to be named first", [](Facts const& f, Text) { return f.has_party; }},
    // victims
    {"has_consent", "the person has not consented to this purpose", has_consent},
    {"reflection_over", "the reflection period runs and the person has not agreed to end it early",
     [](Facts const& f, Text) { return !reflecting(f) || has_consent(f, "end_reflection_early"); }},
    {"statement_allowed", "no statement while the reflection period runs, unless the person consents",
     [](Facts const& f, Text) { return !reflecting(f) || has_consent(f, "statement"); }},
    {"means_or_children", "the means have to be stated unless every victim was under 18", means_or_children},
    {"guardian_if_minor", "a minor needs a guardian", [](Facts const& f, Text) { return !under_age(f.object) || !value_of(f.object, "guardian").empty(); }},
    {"not_a_victim", "this person is a victim in this case", [](Facts const& f, Text) { return !f.subject_is_victim; }},
    {"trained_for", "the interviewer has no valid training for this", [](Facts const& f, Text course) { return f.courses.contains(course); }},
    // assets
    {"within_ordered_amount", "more would be forfeited than the court ordered", within_ordered_amount},
    // substances, alerts, controls, notices
    {"lab_confirmed", "only a confirmed result on reference material confirms a detection",
     [](Facts const& f, Text) { return value_of(f.object, "confidence") == "confirmed" && flag(f.object, "reference_material"); }},
    {"no_person_data", "an alert holds no data of persons", [](Facts const& f, Text) { return flag(f.object, "no_person_data"); }},
    {"has_recipients", "the alert has no recipient", [](Facts const& f, Text) { return has_object(f, "recipient"); }},
    {"expiry_if_temporary", "a temporary control needs the date of its end",
     [](Facts const& f, Text) { return value_of(f.object, "technique") != "temporary" || !value_of(f.object, "expires_on").empty(); }},
    {"reason_if_objection", "an objection needs its reason",
     [](Facts const& f, Text) { return value_of(f.object, "reply") != "objection" || !value_of(f.object, "objection_reason").empty(); }},
    {"no_objection", "the importing authority has not agreed", [](Facts const& f, Text) { return value_of(f.object, "reply") == "no_objection"; }},
    {"silence_is_consent", "silence is no consent here", [](Facts const& f, Text) { return f.silence_is_consent; }},
    // corruption, trade
    {"conflict_wall_run", "the persons have to be held against the own staff first", [](Facts const& f, Text) { return f.wall_checked; }},
    {"reply_or_elapsed", "neither has the trader replied nor the time for it run out",
     [](Facts const& f, Text clock) { return flag(f.object, "trader_reply") || f.elapsed.contains(clock); }},
    // cooperation, judgments
    {"treaty_in_force", "a basis relied upon is not in force between the two countries, or none is named", treaty_in_force},
    {"is_joint", "only a joint investigation is agreed upon", [](Facts const& f, Text) { return value_of(f.object, "coop_kind") == "joint_investigation"; }},
    {"has_finding", "a person or legal person has to be entered first", has_finding},
    // follow-up
    {"evidence_for_status", "this status needs evidence", evidence_for_status},
    {"has_narrative", "a narrative in one language at least", [](Facts const& f, Text) {
         return std::ranges::any_of(std::initializer_list<Text>{"narrative_en", "narrative_es", "narrative_pt", "narrative_fr"},
                                    [&](Text field) { return !value_of(f.object, field).empty(); }); }},
    {"non_governmental_partner", "a good practice counts with a non-governmental partner", non_governmental},
    {"survivor_safeguards", "survivors take part with consent, a trauma-informed checklist and without case data", survivor_safeguards},
};
// clang-format on

}  // namespace

std::span<LinkedGuardRow const> linked_guards() noexcept {
    return kGuards;
}

Environment linked_environment(LinkedFacts const& facts) {
    Environment environment;
    environment.guard = [&facts](std::string_view spelled) {
        auto const colon = spelled.find(':');
        auto const name = spelled.substr(0, colon);
        auto const parameter =
            colon == std::string_view::npos ? std::string_view() : spelled.substr(colon + 1);
        auto const* row = std::ranges::find(kGuards, name, &LinkedGuardRow::name);
        if (row == std::end(kGuards)) {
            throw std::logic_error("no guard '" + std::string(name) + "'");
        }
        return GuardVerdict{row->met(facts, parameter), std::string(row->explain)};
    };
    environment.in_list = [](std::string_view list, std::string_view code) {
        auto const* rows = find_code_list(list);
        return rows != nullptr && std::ranges::find(*rows, code, &CodeName::code) != rows->end();
    };
    return environment;
}

}  // namespace rastro::cases
