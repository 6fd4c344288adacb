#include "cases/trace/disposition_chain.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

struct RoleRow {
    ChainRole role;
    std::string_view code;
    std::string_view group;
    int rank;
    bool repeats;
    bool ends;
    bool crosses_border;
};

constexpr std::array<RoleRow, 9> kRoles{{
    {ChainRole::manufacturer, "manufacturer", "G5", 0, false, false, false},
    {ChainRole::exporter, "exporter", "G5", 1, true, false, true},
    {ChainRole::importer, "importer", "G5", 2, false, false, true},
    {ChainRole::foreign_importer, "foreign_importer", "G5", 3, false, false, true},
    {ChainRole::wholesaler, "wholesaler", "G5", 4, true, false, false},
    {ChainRole::retailer, "retailer", "G5", 5, false, false, false},
    {ChainRole::purchaser, "purchaser", "G6", 6, true, true, false},
    {ChainRole::end_user, "end_user", "G7", 6, false, true, false},
    {ChainRole::government_stock, "government_stock", "G7", 6, true, true, false},
}};

constexpr std::array<CodeRow<ChainConfidence>, 3> kConfidences{{
    {ChainConfidence::documented, "documented"},
    {ChainConfidence::stated, "stated"},
    {ChainConfidence::inferred, "inferred"},
}};

constexpr auto kLargestSilence = std::chrono::days{31};

RoleRow const& row_of(ChainRole role) {
    return kRoles[static_cast<std::size_t>(role)];
}

std::chrono::sys_days last_day(PartialDate const& date) {
    using std::chrono::last;
    switch (date.precision) {
        case DatePrecision::year:
            return std::chrono::year_month_day_last(date.year / std::chrono::December / last);
        case DatePrecision::month:
            return std::chrono::year_month_day_last(date.year / date.month / last);
        case DatePrecision::day:
            break;
    }
    return date.first_day();
}

// Certainly before, however the unknown parts turn out.
bool surely_before(PartialDate const& a, PartialDate const& b) {
    return last_day(a) < std::chrono::sys_days(b.first_day());
}

class ChainCheck {
 public:
    explicit ChainCheck(std::span<ChainLink const> links) : links_(links) {}

    ChainFindings run() {
        if (links_.size() > kMaxChainLinks) {
            findings_.violations.push_back(
                {"/chain", "too_many_items", {std::to_string(kMaxChainLinks)}});
            return std::move(findings_);
        }
        for (at_ = 0; at_ < links_.size(); ++at_) {
            order();
            dates();
            party();
            sources();
        }
        return std::move(findings_);
    }

 private:
    [[nodiscard]] ChainLink const& link() const { return links_[at_]; }
    [[nodiscard]] ChainLink const* before() const { return at_ == 0 ? nullptr : &links_[at_ - 1]; }

    void violate(std::string_view member, std::string_view code) {
        findings_.violations.push_back(
            {"/chain/" + std::to_string(at_) + "/" + std::string(member), std::string(code), {}});
    }
    void flag(std::string_view code) { findings_.flags.push_back({at_, std::string(code)}); }

    void order() {
        auto const& role = row_of(link().role);
        if (link().second_hand) {
            if (link().role != ChainRole::wholesaler && link().role != ChainRole::retailer) {
                violate("role", "chain_segment_start");
            }
            flag("new_segment");
            return;
        }
        if (before() == nullptr) {
            return;
        }
        auto const& previous = row_of(before()->role);
        if (previous.ends && link().role == ChainRole::exporter) {
            flag("new_segment");
            return;
        }
        bool const repeated = role.role == previous.role && role.repeats;
        // An exporter may stand behind any business: stock is sold abroad from every step.
        bool const exported = link().role == ChainRole::exporter && !previous.ends;
        if (!repeated && !exported && role.rank <= previous.rank) {
            violate("role", "chain_role_order");
        }
    }

    void dates() {
        auto const& received = link().received_on;
        auto const& disposed = link().disposed_on;
        if (received && disposed && surely_before(*disposed, *received)) {
            violate("disposed_on", "chain_dates_decrease");
        }
        if ((received && received->precision != DatePrecision::day) ||
            (disposed && disposed->precision != DatePrecision::day)) {
            flag("date_imprecise");
        }
        auto const* previous = before();
        if (previous == nullptr) {
            remember();
            return;
        }
        auto const& handed_on = previous->disposed_on;
        auto const& arrived = received ? received : disposed;
        if (latest_ && arrived && surely_before(*arrived, *latest_)) {
            violate(received ? "received_on" : "disposed_on", "chain_dates_decrease");
        }
        if (!handed_on && !received) {
            flag("gap_before");
        } else if (handed_on && received &&
                   std::chrono::sys_days(received->first_day()) - last_day(*handed_on) >
                       kLargestSilence) {
            flag("gap_before");
        }
        remember();
    }

    // The latest date that the links so far state: links without dates hide no step back.
    void remember() {
        for (auto const& date : {link().received_on, link().disposed_on}) {
            if (date && (!latest_ || surely_before(*latest_, *date))) {
                latest_ = date;
            }
        }
    }

    void party() {
        if (link().party.name.empty()) {
            flag("party_unnamed");
        }
        if (row_of(link().role).crosses_border && link().party.country.empty()) {
            violate("party/country", "chain_party_country");
        }
    }

    void sources() {
        if (link().confidence != ChainConfidence::documented) {
            return;
        }
        if (link().source_record.empty()) {
            violate("source_record", "required");
        }
        if (link().document.empty()) {
            flag("document_missing");
        }
    }

    std::span<ChainLink const> links_;
    std::size_t at_ = 0;
    std::optional<PartialDate> latest_;
    ChainFindings findings_;
};

}  // namespace

std::string_view code_of(ChainRole role) noexcept {
    return row_of(role).code;
}

std::optional<ChainRole> chain_role_from(std::string_view code) noexcept {
    auto const* found = std::ranges::find(kRoles, code, &RoleRow::code);
    return found == kRoles.end() ? std::nullopt : std::optional(found->role);
}

std::string_view field_group_of(ChainRole role) noexcept {
    return row_of(role).group;
}

std::string_view code_of(ChainConfidence confidence) noexcept {
    return code_in(kConfidences, confidence);
}

std::optional<ChainConfidence> chain_confidence_from(std::string_view code) noexcept {
    return value_in(kConfidences, code);
}

ChainFindings check_chain(std::span<ChainLink const> links) {
    return ChainCheck(links).run();
}

std::vector<std::string> groups_of(std::span<ChainLink const> links) {
    std::set<std::string> groups;
    for (auto const& link : links) {
        groups.emplace(field_group_of(link.role));
    }
    return {groups.begin(), groups.end()};
}

}  // namespace rastro::cases
