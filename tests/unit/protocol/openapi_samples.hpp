// Messages about cases with every member, and with as few as there can be.
#pragma once

#include "protocol/leg_json.hpp"
#include "protocol/trace_json.hpp"

namespace rastro::test {

inline constexpr char const* kAsked = "XB-TRACE-H";
inline constexpr char const* kAsking = "XA-POLNAC-C";
inline constexpr char const* kNumber = "XA-2026-7K3M9QD-4";

[[nodiscard]] Instant sample_time();
[[nodiscard]] Date sample_date();

[[nodiscard]] cases::TraceRequestContent full_content();

[[nodiscard]] protocol::LegMessage full_leg();
[[nodiscard]] protocol::LegMessage bare_leg();
[[nodiscard]] protocol::InboxEntryMessage full_inbox_entry();
[[nodiscard]] protocol::InboxEntryMessage bare_inbox_entry();

[[nodiscard]] protocol::TraceRequestMessage full_request();
[[nodiscard]] protocol::TraceRequestMessage bare_request();
[[nodiscard]] protocol::TraceStatusMessage full_status();
[[nodiscard]] protocol::TraceStatusMessage bare_status();
[[nodiscard]] protocol::TraceSummary full_summary();
[[nodiscard]] protocol::TraceSummary bare_summary();
[[nodiscard]] protocol::TimelineEntry full_entry();
[[nodiscard]] protocol::TimelineEntry bare_entry();

}  // namespace rastro::test
