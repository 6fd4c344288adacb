// A record that a firearm was lost, stolen, trafficked or smuggled, is wanted, or was destroyed:
// what an agency enters into the register, what must be there, how long it holds and how it ends.
// Source: domain/tracing.md 4.9 (fields that NCIC demands of a stolen entry, validation duty), 10
// (illicit_record, silent_record), 8.5 (purpose, legal basis and handling code are mandatory).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case_type.hpp"
#include "cases/lifecycle.hpp"
#include "cases/trace/firearm.hpp"
#include "cases/trace/request.hpp"
#include "common/clock.hpp"
#include "common/problem.hpp"

namespace rastro::cases {

enum class RecordKind : std::uint8_t { lost, stolen, trafficked, smuggled, wanted, destroyed };

// Why a record ends. entered_in_error: it should never have been there. replaced: another record
// says it better. recovered: the firearm is in the hands of an authority.
enum class ClearReason : std::uint8_t {
    recovered,
    returned_to_owner,
    destroyed,
    proceedings_ended,
    replaced,
    entered_in_error,
};

[[nodiscard]] std::string_view code_of(RecordKind kind) noexcept;
[[nodiscard]] std::string_view code_of(ClearReason reason) noexcept;
[[nodiscard]] std::optional<RecordKind> record_kind_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<ClearReason> clear_reason_from(std::string_view code) noexcept;

// Whether the owner has to confirm again and again that the record is right. A destruction stays
// what it is.
[[nodiscard]] bool needs_validation(RecordKind kind) noexcept;

struct IllicitRecord {
    RecordKind kind = RecordKind::stolen;
    FirearmDescription firearm;    // remarks: firearm.remarks
    std::optional<Date> event_on;  // of the theft, loss, warrant or destruction
    std::string event_country;     // ISO 3166-1 alpha-2; empty: not stated
    std::string agency_case_no;
    Purpose purpose = Purpose::investigation;
    std::string legal_basis;
    std::string handling_code = "H1";
    std::string handling_text;        // mandatory with H3
    bool silent = false;              // hits alert the owner only
    std::optional<Date> valid_until;  // the record ends with this day; none: by the deadline rules
};

// ALL violations with pointers of the entry ("/firearm/serial_raw", "/event_on"). `make_known`: the
// catalogue knows the maker as one (NCIC demands remarks where it does not: make code ZZZ).
[[nodiscard]] std::vector<Violation> check_record(IllicitRecord const& record,
                                                  bool make_known,
                                                  Date today);

// Guards of the definition cases/types/illicit_record.json look at these.
struct RecordFacts {
    RecordKind kind = RecordKind::stolen;
    bool deadline_reached = false;  // the clock of this event has run out
};
// The facts must outlive it.
[[nodiscard]] Environment record_environment(RecordFacts const& facts);
[[nodiscard]] KnownNames const& record_known_names();

// In these states a record takes part in matching; in the others it is history.
[[nodiscard]] bool is_live_record_state(std::string_view state) noexcept;

}  // namespace rastro::cases
