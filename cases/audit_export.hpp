// The export of the audit log as lines of JSON (anchors/security.md 2.3), each ended by a line
// feed:
//   {"checkpoint":"<note>"}                 optional, before the leaves: the checkpoint the export
//   was made at
//   {"index":<n>,"leaf":"<base64>"}         the leaves, from index 0 without gaps
//   {"tile":<n>,"hash":"<base64>"}          optional, after the last leaf of each 256: root of
//   level-0 tile n
// Spaces between tokens are accepted; any other member, order or line is malformed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cases/audit_record.hpp"
#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::cases {

// A leaf of 65,535 bytes in base64 with its index; a note with every character escaped would be
// longer still.
inline constexpr std::size_t kMaxExportLineBytes = 512 * 1024;

enum class ExportLineKind : std::uint8_t { leaf, checkpoint, tile, malformed };

struct ExportLine {
    ExportLineKind kind = ExportLineKind::malformed;
    std::uint64_t index = 0;  // of the leaf or of the tile
    Digest hash{};            // leaf: its RFC 6962 leaf hash; tile: the root stated
    bool is_record = false;   // leaf: check_leaf accepts it
    Instant time{};           // leaf: the record's time, if is_record
    std::string note;         // checkpoint
};

// The line that stands for leaf `index`, as the verifier takes it.
[[nodiscard]] ExportLine leaf_line(std::uint64_t index, std::span<std::uint8_t const> leaf);

// Reads lines (without their line feed): decodes and hashes leaves. Keeps a buffer, so one reader a
// thread.
class ExportLineReader {
 public:
    // Total on any input.
    [[nodiscard]] ExportLine read(std::string_view line);

 private:
    Bytes buffer_;
};

void append_export_leaf(std::string& out, std::uint64_t index, std::span<std::uint8_t const> leaf);
void append_export_checkpoint(std::string& out, std::string_view note);
void append_export_tile(std::string& out, std::uint64_t index, Digest const& root);

}  // namespace rastro::cases
