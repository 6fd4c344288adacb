// Whether a kept RANDOT report, as the interface handed it out, is the one that was cleared: the
// digest of its bytes and the instance's signature over it, without asking the server
// (cases/reports/report_note).
#pragma once

#include <string>
#include <string_view>

#include "cases/signed_note.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

// What was found right, as a line for people. validation_failed with the reason for a report whose
// bytes, numbers or signature differ, and for one that was never cleared.
[[nodiscard]] Outcome<std::string> check_kept_report(std::string_view reply,
                                                     cases::VerifierKey const& key);

}  // namespace rastro::protocol
