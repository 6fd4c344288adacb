#include "storage/randot_repo.hpp"

#include <algorithm>
#include <charconv>

#include "cases/linked/field_value.hpp"
#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

using cases::FieldValues;
using cases::value_of;

constexpr Query kObjects{"randot_objects",
                         "select case_id, case_type, owner_country, object, state, fields, stated "
                         "from randot_objects(:country, :until::timestamptz)"};
constexpr Query kMayReport{"may_report", "select may_report(:country) as may"};
constexpr Query kVictims{
    "victim_counts",
    "select purpose, age_band, victims from victim_counts(:country, :year::integer) order by "
    "purpose, age_band"};

struct StoredObject {
    std::string object;
    std::string state;
    FieldValues values;
};
struct StoredCase {
    std::string id;
    std::string type;
    std::string country;
    std::vector<StoredObject> objects;
    [[nodiscard]] StoredObject const* root() const {
        auto const found = std::ranges::find(objects, "case", &StoredObject::object);
        return found == objects.end() ? nullptr : &*found;
    }
};

std::optional<Date> date(FieldValues const& values, std::string_view field) {
    return parse_iso_date(value_of(values, field));
}

std::optional<int> whole(FieldValues const& values, std::string_view field) {
    auto const text = value_of(values, field);
    int number = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
    return text.empty() || read.ec != std::errc() ? std::nullopt : std::optional(number);
}

// "UNTOC_5" -> UNTOC 5; national_only names no treaty.
std::vector<cases::Provision> provisions(FieldValues const& values) {
    std::vector<cases::Provision> found;
    for (auto const& code : cases::codes_of(values, "provision")) {
        auto const line = code.find('_');
        bool const treaty = code != "national_only" && line != std::string::npos;
        found.push_back(treaty ? cases::Provision{code.substr(0, line), code.substr(line + 1)}
                               : cases::Provision{"national", ""});
    }
    return found;
}

// A case that has not left the country's own desk is no cooperation yet.
bool was_sent(cases::CooperationFact const& fact) {
    return fact.transmitted_on || fact.signed_on;
}

cases::CooperationFact cooperation(StoredCase const& stored, std::string const& country) {
    cases::CooperationFact fact;
    auto const* root = stored.root();
    fact.case_id = stored.id;
    if (root == nullptr) {
        return fact;
    }
    auto const& values = root->values;
    fact.kind = cases::cooperation_kind(value_of(values, "coop_kind"));
    fact.requesting = value_of(values, "requesting");
    fact.requested = value_of(values, "requested");
    fact.transmitted_on = date(values, "transmitted_on");
    fact.signed_on = date(values, "signed_on");
    fact.formal = value_of(values, "formal") == "true";
    fact.outcome_on = date(values, "outcome_on");
    fact.outcome = root->state == "EXECUTED"    ? cases::CooperationOutcome::executed
                   : root->state == "REFUSED"   ? cases::CooperationOutcome::refused
                   : root->state == "WITHDRAWN" ? cases::CooperationOutcome::withdrawn
                                                : cases::CooperationOutcome::pending;
    // Each side records its own reliance; a country reports its own, the hemisphere both.
    auto const side = country.empty()              ? std::string_view()
                      : fact.requesting == country ? std::string_view("requesting")
                                                   : std::string_view("requested");
    bool const own_side_told = std::ranges::any_of(stored.objects, [&](auto const& object) {
        return object.object == "basis" && object.state == "CLAIMED" &&
               value_of(object.values, "reliance_of") == side;
    });
    for (auto const& object : stored.objects) {
        bool const counts = object.object == "basis" && object.state == "CLAIMED" &&
                            (!own_side_told || value_of(object.values, "reliance_of") == side);
        auto const reliance = cases::parse_reliance(value_of(object.values, "reliance"));
        if (counts && reliance) {
            fact.bases.push_back({std::string(value_of(object.values, "instrument")),
                                  std::string(value_of(object.values, "article")),
                                  *reliance});
        }
    }
    return fact;
}

cases::ConvictionFact conviction(StoredCase const& stored, FieldValues const& values) {
    cases::ConvictionFact fact;
    fact.case_id = stored.id;
    fact.country = stored.country;
    fact.person = value_of(values, "person_ref");
    fact.provisions = provisions(values);
    fact.verdict_on = date(values, "verdict_on");
    fact.final_on = date(values, "final_on");
    fact.overturned_on = date(values, "overturned_on");
    fact.overall = value_of(values, "sentence_scope") == "overall";
    if (auto const kind = cases::parse_sentence_kind(value_of(values, "sentence_kind"))) {
        fact.sentences.push_back({*kind, whole(values, "sentence_months"), std::nullopt});
    }
    if (auto const fine = cases::money_value(value_of(values, "fine"))) {
        fact.sentences.push_back({cases::SentenceKind::fine_only, std::nullopt, fine});
    }
    return fact;
}

cases::LegalPersonFact legal_person(StoredCase const& stored, FieldValues const& values) {
    cases::LegalPersonFact fact;
    fact.case_id = stored.id;
    fact.country = stored.country;
    fact.entity = value_of(values, "entity_ref");
    fact.liability = cases::parse_liability(value_of(values, "liability"))
                         .value_or(cases::Liability::administrative);
    fact.decision_on = date(values, "decision_on");
    fact.overturned_on = date(values, "overturned_on");
    fact.provisions = provisions(values);
    if (auto const kind = value_of(values, "sanction_kind"); !kind.empty()) {
        fact.sanctions.push_back(
            {std::string(kind), cases::money_value(value_of(values, "sanction_amount"))});
    }
    return fact;
}

bool found_guilty(StoredObject const& finding) {
    return finding.state == "GUILTY" || finding.state == "SENTENCED" || finding.state == "FINAL" ||
           finding.state == "OVERTURNED";
}

bool found_liable(StoredObject const& decision) {
    return decision.state == "LIABLE" || decision.state == "FINAL" ||
           decision.state == "OVERTURNED";
}

// What one case adds to the report of the country.
void add_facts(StoredCase const& stored, std::string const& country, cases::RandotFacts& facts) {
    if (stored.type == "coop_request") {
        auto fact = cooperation(stored, country);
        bool const own = country.empty() || fact.requesting == country || fact.requested == country;
        if (own && was_sent(fact)) {
            facts.cooperation.push_back(std::move(fact));
        }
        return;
    }
    for (auto const& object : stored.objects) {
        if (object.object == "finding" && found_guilty(object)) {
            facts.convictions.push_back(conviction(stored, object.values));
        } else if (object.object == "legal_person" && found_liable(object)) {
            facts.legal_persons.push_back(legal_person(stored, object.values));
        }
    }
}

StoredObject to_object(Row const& row) {
    StoredObject object{.object = row.text("object"), .state = row.text("state")};
    auto fields = row.texts("fields");
    auto stated = row.texts("stated");
    for (std::size_t i = 0; i < fields.size(); ++i) {
        object.values.insert_or_assign(std::move(fields[i]), std::move(stated[i]));
    }
    return object;
}

}  // namespace

bool may_report(UnitOfWork& unit, std::string const& country) {
    auto const rows = unit.sql().run(
        kMayReport, {{"country", country.empty() ? Value(std::nullopt) : Value(country)}});
    return rows.front().boolean("may");
}

cases::RandotFacts randot_facts(UnitOfWork& unit, std::string const& country, Instant until) {
    auto const rows = unit.sql().run(
        kObjects,
        {{"country", country.empty() ? Value(std::nullopt) : Value(country)}, {"until", until}});
    cases::RandotFacts facts;
    StoredCase stored;
    for (auto const row : rows) {  // those of one case follow each other
        if (row.view("case_id") != stored.id) {
            add_facts(stored, country, facts);
            stored = {.id = row.text("case_id"),
                      .type = row.text("case_type"),
                      .country = row.text("owner_country")};
        }
        stored.objects.push_back(to_object(row));
    }
    add_facts(stored, country, facts);
    return facts;
}

std::vector<VictimCount> victim_counts(UnitOfWork& unit, std::string const& country, int year) {
    std::vector<VictimCount> counts;
    auto const rows = unit.sql().run(kVictims, {{"country", country}, {"year", year}});
    for (auto const row : rows) {
        counts.push_back({.purpose = row.text("purpose"),
                          .age_band = row.text("age_band"),
                          .victims = static_cast<int>(row.integer("victims"))});
    }
    return counts;
}

}  // namespace rastro::storage
