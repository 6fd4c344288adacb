// The rules a firearm description must keep; see firearm.hpp for their source.
#include <algorithm>

#include "cases/trace/calibre.hpp"
#include "cases/trace/firearm.hpp"
#include "cases/trace/serial_query.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

using Violations = std::vector<Violation>;

bool is_country(std::string_view code) {
    return code.size() == 2 &&
           std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

void check_text(Violations& found, std::string pointer, std::string_view text, std::size_t limit) {
    if (!is_valid_utf8(text)) {
        found.push_back({std::move(pointer), "not_utf8", {}});
    } else if (has_control_characters(text)) {
        found.push_back({std::move(pointer), "control_characters", {}});
    } else if (count_code_points(text) > limit) {
        found.push_back({std::move(pointer), "too_long", {std::to_string(limit)}});
    }
}

void check_country(Violations& found, std::string pointer, std::string_view code) {
    if (!code.empty() && !is_country(code)) {
        found.push_back({std::move(pointer), "country_code", {}});
    }
}

bool is_blank(std::string_view text) {
    return trim(text).empty();
}

// Conditions under which the serial field must hold readable characters.
bool needs_serial(SerialCondition condition) {
    return condition == SerialCondition::clear || condition == SerialCondition::restored;
}

void check_serial(Violations& found, FirearmDescription const& d, DescriptionStage stage) {
    check_text(found, "/serial_raw", d.serial_raw, kMaxSerialCodePoints);
    bool const blank = is_blank(d.serial_raw);
    if (!blank) {
        if (auto const placeholder = recognise_placeholder(d.serial_raw)) {
            // The hint names the condition to set instead; "not_stated" when the text states none.
            auto const hint =
                placeholder->condition ? code_of(*placeholder->condition) : "not_stated";
            found.push_back(
                {"/serial_raw", "serial_placeholder", {placeholder->text, std::string(hint)}});
        } else if (serial_canon(d.serial_raw).empty()) {
            found.push_back({"/serial_raw", "serial_without_letters_or_digits", {}});
        }
        if (split_serial_marks(d.serial_raw).size() > 1) {
            found.push_back({"/serial_raw", "serial_several_marks", {}});
        }
        if (d.serial_condition == SerialCondition::none ||
            d.serial_condition == SerialCondition::not_required ||
            d.serial_condition == SerialCondition::obliterated) {
            found.push_back({"/serial_raw",
                             "serial_contradicts_condition",
                             {std::string(code_of(*d.serial_condition))}});
        }
    }
    bool const restored_elsewhere = d.serial_condition == SerialCondition::restored &&
                                    d.obliteration && !is_blank(d.obliteration->restored_serial);
    if (blank && d.serial_condition && needs_serial(*d.serial_condition) && !restored_elsewhere) {
        found.push_back({"/serial_raw",
                         "serial_missing_for_condition",
                         {std::string(code_of(*d.serial_condition))}});
    }
    if (stage == DescriptionStage::submit && blank && !d.serial_condition) {
        found.push_back({"/serial_raw", "serial_or_condition_required", {}});
    }
}

void check_marks(Violations& found, FirearmDescription const& d) {
    if (d.marks.size() > kMaxMarks) {
        found.push_back({"/marks", "too_many", {std::to_string(kMaxMarks)}});
    }
    for (std::size_t i = 0; i < std::min(d.marks.size(), kMaxMarks); ++i) {
        auto const& mark = d.marks[i];
        auto const pointer = "/marks/" + std::to_string(i);
        check_text(found, pointer + "/text", mark.text, kMaxNameCodePoints);
        check_text(found, pointer + "/remarks", mark.remarks, kMaxRemarksCodePoints);
        if (is_blank(mark.text) && mark.state != MarkState::unreadable &&
            mark.kind != MarkKind::maker_logo) {
            found.push_back({pointer + "/text", "required", {}});
        }
        if (mark.kind != MarkKind::serial) {
            continue;
        }
        if (!mark.place) {
            // Some pistols carry other numbers on slide and barrel: without the place it is unknown
            // which one names the firearm.
            found.push_back({pointer + "/place", "mark_place_required", {}});
        }
        if (auto const placeholder = recognise_placeholder(mark.text)) {
            auto const hint =
                placeholder->condition ? code_of(*placeholder->condition) : "not_stated";
            found.push_back(
                {pointer + "/text", "serial_placeholder", {placeholder->text, std::string(hint)}});
        }
    }
}

void check_obliteration(Violations& found, FirearmDescription const& d) {
    if (!d.obliteration) {
        if (d.serial_condition == SerialCondition::restored) {
            found.push_back({"/obliteration", "obliteration_required", {}});
        }
        return;
    }
    auto const& o = *d.obliteration;
    check_text(
        found, "/obliteration/partial_characters", o.partial_characters, kMaxSerialCodePoints);
    check_text(found, "/obliteration/lab_case_no", o.lab_case_no, kMaxNameCodePoints);
    check_text(found, "/obliteration/restored_serial", o.restored_serial, kMaxSerialCodePoints);
    if (d.serial_condition == SerialCondition::clear ||
        d.serial_condition == SerialCondition::none ||
        d.serial_condition == SerialCondition::not_required) {
        found.push_back({"/obliteration",
                         "obliteration_contradicts_condition",
                         {std::string(code_of(*d.serial_condition))}});
    }
    bool const restored = o.lab_result == LabResult::restored;
    if (restored && serial_canon(o.restored_serial).empty()) {
        found.push_back({"/obliteration/restored_serial", "required", {}});
    }
    if (!restored && o.lab_result != LabResult::partly_restored && !is_blank(o.restored_serial)) {
        found.push_back({"/obliteration/restored_serial",
                         "lab_result_contradicts",
                         {std::string(code_of(o.lab_result))}});
    }
}

void check_submit(Violations& found, FirearmDescription const& d) {
    auto const require = [&](bool present, std::string pointer) {
        if (!present) {
            found.push_back({std::move(pointer), "required", {}});
        }
    };
    require(!d.make_id.empty() || !is_blank(d.make_text), "/make_text");
    require(d.type_code.has_value(), "/type_code");
    require(!d.calibre_id.empty() || !is_blank(d.calibre_text), "/calibre_text");
    require(!is_blank(d.model_text), "/model_text");
    require(!d.origin_country.empty(), "/origin_country");
}

void check_importer(Violations& found,
                    FirearmDescription const& d,
                    std::string_view asked_country) {
    bool const foreign =
        !asked_country.empty() && !d.origin_country.empty() && d.origin_country != asked_country;
    bool const asked_as_importer = d.import_country.empty() || d.import_country == asked_country;
    bool const known =
        !d.importer_id.empty() || !is_blank(d.importer_text) || d.importer_mark_absent;
    if (foreign && asked_as_importer && !known) {
        found.push_back({"/importer_text", "importer_required", {std::string(asked_country)}});
    }
    if (d.importer_mark_absent && (!d.importer_id.empty() || !is_blank(d.importer_text))) {
        found.push_back({"/importer_mark_absent", "importer_contradicts", {}});
    }
}

}  // namespace

std::vector<Violation> validate(FirearmDescription const& d,
                                DescriptionStage stage,
                                std::string_view asked_country) {
    Violations found;
    check_serial(found, d, stage);
    check_text(found, "/make_text", d.make_text, kMaxNameCodePoints);
    check_text(found, "/type_text", d.type_text, kMaxNameCodePoints);
    check_text(found, "/calibre_text", d.calibre_text, kMaxNameCodePoints);
    if (!d.calibre_id.empty() && find_calibre(d.calibre_id) == nullptr) {
        found.push_back({"/calibre_id", "unknown_code", {}});
    }
    check_text(found, "/model_text", d.model_text, kMaxNameCodePoints);
    check_country(found, "/origin_country", d.origin_country);
    check_text(found, "/importer_text", d.importer_text, kMaxNameCodePoints);
    check_country(found, "/import_country", d.import_country);
    check_text(found, "/import_country_text", d.import_country_text, kMaxNameCodePoints);
    check_importer(found, d, asked_country);
    check_marks(found, d);
    check_obliteration(found, d);
    check_text(found, "/remarks", d.remarks, kMaxRemarksCodePoints);
    if (stage == DescriptionStage::submit) {
        check_submit(found, d);
    }
    return found;
}

}  // namespace rastro::cases
