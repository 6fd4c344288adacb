// `rastro audit verify`: verifies an exported audit log, a directory of tiles, or one against the
// other, with nothing but the keys that the auditor gives. Needs no server and no database.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rastro::client {

inline constexpr int kVerifyGood = 0;
inline constexpr int kVerifyBad =
    1;  // a bad entry, tile, checkpoint or history; the first is named
inline constexpr int kVerifyUsage = 2;
inline constexpr int kVerifyUnreadable = 3;  // a file or directory cannot be read

// Arguments without the program's name:
//   --export FILE      lines of cases/audit_export.hpp; "-" is standard input
//   --tiles DIR        C2SP tlog-tiles below DIR: tile/..., tile/entries/..., checkpoint
//   --checkpoint FILE  a note; may come again
//   --vkey VKEY        a trusted key of the log or of a witness; may come again; at least one
//   --any-leaf         leaves need not be audit records
//   --json             one JSON object instead of text
//   --help
// Without --export the entry bundles of DIR are verified; without those, its tiles alone. Appends
// what belongs on standard output to `out` and on standard error to `err`; returns the exit code.
[[nodiscard]] int run_audit_verify(std::span<std::string_view const> arguments,
                                   std::string& out,
                                   std::string& err);

}  // namespace rastro::client
