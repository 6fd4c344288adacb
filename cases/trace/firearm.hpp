// What one agency states about one firearm at one time: the identifiers that a trace runs on.
// Corrections make a new description; nothing here is overwritten. Source: ATF Form 3312.1 fields
// 5a-5i and part IX as told in domain rules 2.1 and 4.1 to 4.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/serial.hpp"
#include "cases/trace/type_code.hpp"
#include "common/problem.hpp"

namespace rastro::cases {

enum class MarkKind : std::uint8_t {
    serial,
    maker_name,
    maker_logo,
    model,
    calibre,
    country_of_make,
    place_of_make,
    year_of_make,
    proof_house,
    acceptance_or_military,
    importer_name,
    importer_place,
    import_country,
    import_year,
    state_transfer,
    police_or_unit,
    evidence_no,
    part_no,
    patent_no,
    licence_no,
    other,
};

enum class MarkPlace : std::uint8_t {
    frame_or_receiver,
    slide,
    barrel,
    bolt,
    cylinder,
    grip,
    trigger_guard,
    magazine,
    lower,
    upper,
    silencer_tube,
    chassis,
};

// Code of re_marked: "re_marked".
enum class MarkState : std::uint8_t {
    clear,
    worn,
    partly_removed,
    restored,
    overstamped,
    re_marked,
    unreadable
};

enum class ObliterationMethod : std::uint8_t {
    filing,
    grinding,
    drilling,
    overstamping,
    welding,
    peening,
    corrosion,
    fire,
    plate_removed,  // polymer frames with the metal plate taken out
    unknown,
};

enum class LabResult : std::uint8_t { not_sent, pending, restored, partly_restored, failed };

[[nodiscard]] std::string_view code_of(MarkKind kind) noexcept;
[[nodiscard]] std::string_view code_of(MarkPlace place) noexcept;
[[nodiscard]] std::string_view code_of(MarkState state) noexcept;
[[nodiscard]] std::string_view code_of(ObliterationMethod method) noexcept;
[[nodiscard]] std::string_view code_of(LabResult result) noexcept;
[[nodiscard]] std::optional<MarkKind> mark_kind_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<MarkPlace> mark_place_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<MarkState> mark_state_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<ObliterationMethod> obliteration_method_from(
    std::string_view code) noexcept;
[[nodiscard]] std::optional<LabResult> lab_result_from(std::string_view code) noexcept;

struct Mark {
    MarkKind kind = MarkKind::other;
    std::optional<MarkPlace> place;
    std::optional<MarkState> state;
    std::string text;  // verbatim; country codes on firearms are often not ISO codes
    std::string remarks;
};

struct Obliteration {
    ObliterationMethod method = ObliterationMethod::unknown;
    std::string partial_characters;  // in the serial query language: "AB?45*"
    LabResult lab_result = LabResult::not_sent;
    std::string lab_case_no;
    std::string restored_serial;
};

struct FirearmDescription {
    std::string serial_raw;  // from the frame or receiver, verbatim
    std::optional<SerialCondition> serial_condition;
    std::string make_text;  // as written
    std::string make_id;    // catalogue
    std::optional<TypeCode> type_code;
    std::string type_text;
    std::string calibre_text;
    std::string calibre_id;
    std::string model_text;
    std::string origin_country;  // ISO 3166-1 alpha-2: where it was made
    std::string importer_text;
    std::string importer_id;
    bool importer_mark_absent = false;  // looked for on the firearm and not found
    std::string import_country;         // ISO 3166-1 alpha-2: last legal import
    std::string import_country_text;    // as marked
    std::vector<Mark> marks;
    std::optional<Obliteration> obliteration;
    std::string remarks;
};

// draft: what is there must be well formed. submit: also everything that a trace needs must be
// there.
enum class DescriptionStage : std::uint8_t { draft, submit };

inline constexpr std::size_t kMaxMarks = 40;
inline constexpr std::size_t kMaxNameCodePoints = 200;
inline constexpr std::size_t kMaxRemarksCodePoints = 4000;

// ALL violations, in the order of the fields, with pointers relative to the description
// ("/serial_raw",
// "/marks/0/place"); empty means valid. `asked_country`: the country the request is about to go to,
// empty if not yet known; when it is not the country of origin it is asked as country of import, so
// the importer must be known or its mark stated as absent (form fields 5g and 5h).
[[nodiscard]] std::vector<Violation> validate(FirearmDescription const& description,
                                              DescriptionStage stage,
                                              std::string_view asked_country = {});

}  // namespace rastro::cases
