#include "server/handlers/trace_outcome.hpp"

#include "cases/trace/partial_date.hpp"
#include "cases/trace/time_to_crime.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

namespace {

std::optional<cases::PartialDate> purchased_on(std::vector<storage::ChainLinkRow> const& chain) {
    std::optional<cases::PartialDate> found;
    for (auto const& link : chain) {
        if (link.role == "retailer" && !link.disposed_on.empty()) {
            found = cases::parse_iso_partial_date(link.disposed_on);
        } else if (link.role == "purchaser" && !link.received_on.empty()) {
            found = cases::parse_iso_partial_date(link.received_on);
        }
    }
    return found;
}

std::optional<cases::PartialDate> recovered_on(cases::Recovery const& recovery) {
    if (!recovery.recovered_on) {
        return std::nullopt;
    }
    auto const precision = code_of(recovery.date_precision);
    auto const& day = *recovery.recovered_on;
    cases::PartialDate date{.year = day.year(), .month = day.month(), .day = day.day()};
    if (precision == "day") {
        date.precision = cases::DatePrecision::day;
    } else if (precision == "month") {
        date.precision = cases::DatePrecision::month;
    }
    return date;
}

}  // namespace

bool settle_without_purchase(storage::TraceCase& file) {
    if (!file.ttc_bucket.empty() || !file.ttc_flags.empty()) {
        return false;
    }
    file.ttc_flags = {std::string(kTtcNoPurchase)};
    return true;
}

bool settle_time_to_crime(storage::UnitOfWork& unit,
                          storage::TraceCase& file,
                          std::vector<storage::ChainLinkRow> const& chain) {
    auto const purchase = purchased_on(chain);
    if (!purchase) {
        return settle_without_purchase(file);
    }
    auto const content =
        storage::load_content(unit, file, {"G1", "G2"}, true, file.description_version);
    auto const recovery = recovered_on(content.recovery);
    if (!recovery) {
        return settle_without_purchase(file);
    }
    auto const ttc = cases::time_to_crime(
        purchase, *recovery, content.firearm.serial_condition == cases::SerialCondition::restored);
    if (!ttc) {
        return settle_without_purchase(file);
    }
    file.time_to_crime_days = ttc->days;
    file.ttc_bucket = ttc->bucket ? std::string(code_of(*ttc->bucket)) : std::string();
    file.ttc_flags.clear();
    for (auto const flag : ttc->flags) {
        file.ttc_flags.emplace_back(code_of(flag));
    }
    return true;
}

}  // namespace rastro::server
