#include "storage/tracker_repo.hpp"

#include <map>

namespace rastro::storage {

namespace {

constexpr Query kValues{
    "tracker_values",
    "select country, case_id, number, state, object_id, object, field, value from "
    "tracker_values(:country, :meetings::text[])"};

}  // namespace

std::vector<cases::ProgressEntry> tracker_entries(UnitOfWork& unit,
                                                  std::string const& country,
                                                  std::vector<std::string> const& meetings) {
    std::vector<cases::ProgressEntry> entries;
    std::map<std::string, cases::FieldValues> evidence;  // of the last entry, by object
    auto const close = [&] {
        for (auto const& [id, values] : evidence) {
            entries.back().evidence.push_back(
                {std::string(cases::value_of(values, "evidence_kind")),
                 std::string(cases::value_of(values, "evidence_ref"))});
        }
        evidence.clear();
    };
    auto const rows =
        unit.sql().run(kValues,
                       {{"country", country.empty() ? Value(std::nullopt) : Value(country)},
                        {"meetings", meetings}});
    for (auto const row : rows) {
        auto const id = row.text("case_id");
        if (entries.empty() || entries.back().case_id != id) {
            if (!entries.empty()) {
                close();
            }
            entries.push_back({.country = row.text("country"),
                               .case_id = id,
                               .number = row.text("number"),
                               .state = row.text("state"),
                               .meeting = {},
                               .measure = {},
                               .status = {},
                               .values = {},
                               .evidence = {}});
        }
        if (row.view("object") == "evidence") {
            evidence[row.text("object_id")][row.text("field")] = row.text("value");
        } else {
            entries.back().values[row.text("field")] = row.text("value");
        }
    }
    if (!entries.empty()) {
        close();
    }
    for (auto& entry : entries) {
        entry.meeting = cases::value_of(entry.values, "meeting");
        entry.measure = cases::value_of(entry.values, "measure");
        entry.status = cases::value_of(entry.values, "progress_status");
    }
    return entries;
}

}  // namespace rastro::storage
