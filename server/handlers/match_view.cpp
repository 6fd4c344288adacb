// A match as it is stored, as it is told of, and as each side may see it (domain/tracing.md 4.9).
#include <algorithm>

#include "server/handlers/matches.hpp"
#include "storage/case_standing.hpp"

namespace rastro::server {

namespace {

bool knows(storage::SerialMatch const& match, std::string const& agency) {
    return std::ranges::find(match.seen_by, agency) != match.seen_by.end();
}

protocol::MatchSideMessage newer_side(cases::Actor const& actor,
                                      storage::SerialMatch const& match) {
    protocol::MatchSideMessage side;
    side.country = match.case_agency.substr(0, 2);
    side.handling_code = match.case_handling;
    if (match.case_agency == actor.agency) {
        side.case_id = match.case_id;
        side.agency = match.case_agency;
        return side;
    }
    if (knows(match, match.case_agency)) {
        side.agency = match.case_contact.empty() ? match.case_agency : match.case_contact;
        side.agency_name = match.case_name;
        side.contact_email = match.case_email;
        side.contact_phone = match.case_phone;
    }
    // Owner of a record: recovery country, date, contact. The contact of a silent record's hit is
    // found through the national contacts: the other side knows of nothing.
    if (match.record_id && match.other_agency == actor.agency) {
        side.recovery_country = match.recovery_country;
        side.recovered_on = match.recovered_on;
    }
    return side;
}

protocol::MatchSideMessage older_side(cases::Actor const& actor,
                                      storage::SerialMatch const& match) {
    protocol::MatchSideMessage side;
    side.country = match.other_agency.substr(0, 2);
    side.handling_code = match.other_handling;
    if (match.other_agency == actor.agency) {
        side.case_id = match.other_case_id;
        side.record_id = match.record_id;
        side.agency = match.other_agency;
        return side;
    }
    if (knows(match, match.other_agency)) {
        side.agency = match.other_contact.empty() ? match.other_agency : match.other_contact;
        side.agency_name = match.other_name;
        side.contact_email = match.other_email;
        side.contact_phone = match.other_phone;
    }
    return side;
}

}  // namespace

bool hidden_from_others(storage::TraceCase const& file) {
    return cases::is_hidden_from_others({.agency = file.owner_agency,
                                         .silent = false,
                                         .sensitive = file.sensitive,
                                         .handling_code = file.handling_code,
                                         .in_compartment = !file.compartments.empty()});
}

storage::SerialMatch match_of(cases::Assessment const& assessment,
                              cases::HitKind kind,
                              std::string found_by,
                              Instant now) {
    storage::SerialMatch match;
    match.kind = code_of(kind);
    match.score = assessment.score;
    match.band = code_of(assessment.band);
    match.agreement = protocol::agreement_json(assessment);
    match.agreeing = assessment.agreeing();
    for (auto const field : cases::fields_to_compare(assessment)) {
        match.to_compare.emplace_back(code_of(field));
    }
    match.found_by = std::move(found_by);
    match.found_at = now;
    return match;
}

cases::HitSides sides_of(storage::SerialMatch const& match, std::vector<std::string> contacts) {
    return {.agency = match.case_agency,
            .other = match.other_agency,
            .contacts = std::move(contacts),
            .silent = match.silent,
            .covert = match.covert};
}

void settle_audience(storage::UnitOfWork& unit, storage::SerialMatch& match) {
    auto const kind = cases::hit_kind_from(match.kind).value();
    auto const band = cases::match_band_from(match.band).value();
    auto const case_country = match.case_agency.substr(0, 2);
    auto const other_country = match.other_agency.substr(0, 2);
    std::vector<std::string> contacts;
    if (cases::is_high_priority(kind)) {
        contacts = storage::national_contacts_of(unit, {case_country, other_country});
    }
    auto audience = cases::audience_of(kind, band, sides_of(match, std::move(contacts)));
    match.seen_by = std::move(audience.seen_by);
    match.decides = std::move(audience.decides);
    Date const today{std::chrono::floor<std::chrono::days>(unit.now())};
    auto const contact_in = [&](std::string const& country) -> std::string {
        if (cases::pointer_contact(country, kind, today) == cases::PointerContact::agency) {
            return {};
        }
        auto const found = storage::national_contacts_of(unit, {country});
        return found.empty() ? std::string() : found.front();
    };
    match.case_contact = contact_in(case_country);
    match.other_contact = contact_in(other_country);
}

std::string found_message(storage::SerialMatch const& match) {
    auto const kind = cases::hit_kind_from(match.kind);
    return kind && cases::is_high_priority(*kind) ? "match.alert" : "match.found";
}

void tell_of_match(storage::UnitOfWork& unit,
                   storage::SerialMatch const& match,
                   std::string const& kind) {
    for (auto const& agency : match.seen_by) {
        std::optional<CaseId> own_case;
        if (agency == match.case_agency) {
            own_case = match.case_id;
        } else if (agency == match.other_agency) {
            own_case = match.record_id ? CaseId{*match.record_id} : match.other_case_id;
        }
        unit.publish({.agency = agency,
                      .kind = kind,
                      .case_id = own_case,
                      .object_type = "match",
                      .object_id = match.match_id.to_string(),
                      .object_version = match.version});
    }
}

protocol::MatchMessage match_message(cases::Actor const& actor, storage::SerialMatch const& match) {
    auto const kind = cases::hit_kind_from(match.kind);
    bool const own = match.case_agency == actor.agency && match.other_agency == actor.agency;
    bool const decided_here = match.decided_agency == actor.agency;
    protocol::MatchMessage message;
    message.match_id = match.match_id;
    message.kind = match.kind;
    message.high_priority = kind && cases::is_high_priority(*kind);
    message.state = match.state;
    message.score = match.score;
    message.band = match.band;
    message.agreeing = match.agreeing;
    message.agreement = own ? match.agreement : std::string();
    message.newer = newer_side(actor, match);
    message.older = older_side(actor, match);
    // Of two agencies with one recovery the one that asked first leads (4.9).
    message.older.lead = kind == cases::HitKind::two_agencies;
    message.found_by = match.found_by;
    message.found_at = match.found_at;
    message.you_decide = match.decides == actor.agency && match.state == "open";
    message.to_compare = match.to_compare;
    message.decided_agency = match.decided_agency;
    message.decided_by = decided_here ? match.decided_by : std::string();
    message.decided_at = match.decided_at;
    message.compared = match.compared;
    message.decision_text = decided_here ? match.decision_text : std::string();
    message.version = match.version;
    return message;
}

}  // namespace rastro::server
