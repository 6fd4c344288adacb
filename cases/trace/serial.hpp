// Serial numbers of firearms: the forms in which one is kept and compared, and what a text in a
// serial field really says. Source of the rules: domain rules 4.6 to 4.8. A serial identifies a
// firearm only together with its maker (27 CFR 478.92): no form here is a key of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

inline constexpr std::size_t kMaxSerialCodePoints = 64;

// Codes: clear, partial, obliterated, restored, none, not_required.
enum class SerialCondition : std::uint8_t {
    clear,
    partial,
    obliterated,
    restored,
    none,
    not_required
};

[[nodiscard]] std::string_view code_of(SerialCondition condition) noexcept;
[[nodiscard]] std::optional<SerialCondition> serial_condition_from(std::string_view code) noexcept;

// L0 `raw` verbatim; L1 `folded` as fold_text(); L2 `canon` only A-Z and 0-9 of L1; L3 `skeleton`
// look-alike glyphs as one (O,Q,D->0 I,L->1 Z->2 S->5 G->6 B->8); L4 `ncic` O->0 and letters
// between digits dropped, prefix and suffix kept; L5 `core` the longest digit run of L2 (the first
// of equals); L6 `trigrams` of L2, sorted, without repetition (empty under three characters).
struct SerialForms {
    std::string raw;
    std::string folded;
    std::string canon;
    std::string skeleton;
    std::string ncic;
    std::string core;
    std::vector<std::string> trigrams;
};

// Total: any bytes give forms. Limits are checked by validate(FirearmDescription).
[[nodiscard]] SerialForms serial_forms(std::string_view raw);
[[nodiscard]] std::string serial_canon(std::string_view raw);
[[nodiscard]] std::string serial_skeleton_of(std::string_view canon);
[[nodiscard]] std::string serial_ncic_of(std::string_view canon);

// A text that stands where a serial should be. `condition` is empty when the text only says that
// the serial was not stated (UNKNOWN, N/A): then the condition of the mark is not known either.
struct SerialPlaceholder {
    std::string text;  // the entry of the list that matched
    std::optional<SerialCondition> condition;
};

// Recognised: a whole entry of config/reference/serial_placeholders.csv in any case, accents and
// punctuation; such an entry as words inside a text without any digit ("serial obliterated"); a
// text with neither letter nor digit ("---"); a text of zeros, or of X, only. Empty text is no
// placeholder.
[[nodiscard]] std::optional<SerialPlaceholder> recognise_placeholder(std::string_view text);

// United States register rows put several serials of remanufactured or imported guns into one cell,
// with semicolons between (27 CFR 478.122): the non-empty parts, trimmed, in order.
[[nodiscard]] std::vector<std::string> split_serial_marks(std::string_view text);
// "A1 or A7": readings between which the writer could not decide (words or, o, ou as separators);
// one element when there is only one. The parts must hold a digit each, else the text is one
// reading.
[[nodiscard]] std::vector<std::string> split_readings(std::string_view text);

// Codes: patent_number, model_designation, equals_model, too_short, too_long, non_latin_letters,
// unreadable_signs (?, * or a run of X inside), starts_with_label ("SN-", "S/N").
enum class SerialWarning : std::uint8_t {
    patent_number,
    model_designation,
    equals_model,
    too_short,
    too_long,
    non_latin_letters,
    unreadable_signs,
    starts_with_label,
};

[[nodiscard]] std::string_view code_of(SerialWarning warning) noexcept;
// Reasons to look at the gun again; none of them refuses the serial. `model_text` may be empty.
[[nodiscard]] std::vector<SerialWarning> serial_warnings(std::string_view raw,
                                                         std::string_view model_text);

// For screens and logs: "***" and the last four characters of L2, fewer for short serials so that
// at least half of the serial stays hidden. Empty for a text without letters or digits.
[[nodiscard]] std::string mask_serial(std::string_view raw);

}  // namespace rastro::cases
