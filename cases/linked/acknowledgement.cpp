#include "cases/linked/acknowledgement.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<LadderStep>, 4> kSteps{{
    {LadderStep::none, "none"},
    {LadderStep::deputy, "deputy"},
    {LadderStep::national_contact, "national_contact"},
    {LadderStep::secretariat, "secretariat"},
}};

bool wants(Subscription const& s, Alert const& alert) {
    return (s.country.empty() || s.country == alert.country) &&
           (s.family.empty() || s.family == alert.family) && alert.level >= s.lowest_level;
}

}  // namespace

std::vector<std::string> fan_out(Alert const& alert,
                                 std::string_view issuer,
                                 std::vector<Subscription> const& subscriptions) {
    std::set<std::string> agencies;
    for (auto const& subscription : subscriptions) {
        if (wants(subscription, alert) && subscription.agency != issuer) {
            agencies.insert(subscription.agency);
        }
    }
    return {agencies.begin(), agencies.end()};
}

std::string_view to_text(LadderStep step) noexcept {
    return code_in(kSteps, step);
}

LadderStep ladder_step(Instant due, std::chrono::microseconds length, Instant now) {
    if (now < due) {
        return LadderStep::none;
    }
    auto const late = now - due;
    return late < length       ? LadderStep::deputy
           : late < length * 2 ? LadderStep::national_contact
                               : LadderStep::secretariat;
}

std::vector<AckRow> acknowledgement_matrix(std::vector<RecipientStatus> const& all) {
    std::map<std::string, AckRow> rows;
    for (auto const& status : all) {
        auto& row = rows[status.country];
        row.country = status.country;
        ++row.recipients;
        row.acknowledged += status.state == "ACKNOWLEDGED" || status.state == "ACTION_REPORTED";
        row.not_applicable += status.state == "NOT_APPLICABLE";
    }
    std::vector<AckRow> matrix;
    for (auto& [country, row] : rows) {
        matrix.push_back(std::move(row));
    }
    return matrix;
}

}  // namespace rastro::cases
