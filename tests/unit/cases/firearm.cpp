#include "cases/trace/firearm.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace rastro;
using namespace rastro::cases;

namespace {

FirearmDescription complete() {
    FirearmDescription d;
    d.serial_raw = "ZZ12345";
    d.serial_condition = SerialCondition::clear;
    d.make_text = "Invented Arms";
    d.type_code = TypeCode::pistol;
    d.calibre_text = "9mm";
    d.calibre_id = "9mm-unspecified";
    d.model_text = "Model One";
    d.origin_country = "XA";
    return d;
}

bool has(std::vector<Violation> const& found, std::string_view pointer, std::string_view code) {
    for (auto const& violation : found) {
        if (violation.pointer == pointer && violation.code == code) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("a complete description and an empty draft are valid") {
    CHECK(validate(complete(), DescriptionStage::submit).empty());
    CHECK(validate({}, DescriptionStage::draft).empty());
}

TEST_CASE("submitting an empty description names everything that is missing at once") {
    auto const found = validate({}, DescriptionStage::submit);
    CHECK(found.size() == 6);
    CHECK(has(found, "/serial_raw", "serial_or_condition_required"));
    for (auto const* pointer :
         {"/make_text", "/type_code", "/calibre_text", "/model_text", "/origin_country"}) {
        CHECK(has(found, pointer, "required"));
    }
}

TEST_CASE("each rule is broken alone and named with its pointer") {
    struct Row {
        std::function<void(FirearmDescription&)> spoil;
        std::string pointer;
        std::string code;
    };
    using D = FirearmDescription;
    for (auto const& row : {
             Row{[](D& d) { d.serial_raw = "OBLITERATED"; }, "/serial_raw", "serial_placeholder"},
             Row{[](D& d) { d.serial_raw = std::string(65, '1'); }, "/serial_raw", "too_long"},
             Row{[](D& d) {
                     d.serial_raw =
                         "\xFF"
                         "12";
                 },
                 "/serial_raw",
                 "not_utf8"},
             Row{[](D& d) { d.serial_raw = "12\x01"; }, "/serial_raw", "control_characters"},
             Row{[](D& d) { d.serial_raw = "A1;B2"; }, "/serial_raw", "serial_several_marks"},
             Row{[](D& d) { d.serial_condition = SerialCondition::none; },
                 "/serial_raw",
                 "serial_contradicts_condition"},
             Row{[](D& d) { d.serial_raw = ""; }, "/serial_raw", "serial_missing_for_condition"},
             Row{[](D& d) { d.serial_condition = SerialCondition::restored; },
                 "/obliteration",
                 "obliteration_required"},
             Row{[](D& d) { d.obliteration.emplace(); },
                 "/obliteration",
                 "obliteration_contradicts_condition"},
             Row{[](D& d) { d.calibre_id = "nothing"; }, "/calibre_id", "unknown_code"},
             Row{[](D& d) { d.origin_country = "xa"; }, "/origin_country", "country_code"},
             Row{[](D& d) { d.import_country = "MEX"; }, "/import_country", "country_code"},
             Row{[](D& d) { d.make_text = std::string(201, 'a'); }, "/make_text", "too_long"},
             Row{[](D& d) {
                     d.marks.push_back({MarkKind::serial, {}, {}, "A1", ""});
                 },
                 "/marks/0/place",
                 "mark_place_required"},
             Row{[](D& d) {
                     d.marks.push_back({MarkKind::model, {}, {}, " ", ""});
                 },
                 "/marks/0/text",
                 "required"},
             Row{[](D& d) {
                     d.marks.push_back({MarkKind::serial, MarkPlace::slide, {}, "N/A", ""});
                 },
                 "/marks/0/text",
                 "serial_placeholder"},
             Row{[](D& d) {
                     d.marks.assign(41, {MarkKind::other, {}, {}, "x", ""});
                 },
                 "/marks",
                 "too_many"},
             Row{[](D& d) {
                     d.importer_mark_absent = true;
                     d.importer_text = "X";
                 },
                 "/importer_mark_absent",
                 "importer_contradicts"},
         }) {
        CAPTURE(row.code);
        auto description = complete();
        row.spoil(description);
        auto const found = validate(description, DescriptionStage::submit);
        CHECK(found.size() == 1);
        CHECK(has(found, row.pointer, row.code));
    }
}

TEST_CASE("a refused placeholder carries the condition to set instead") {
    auto description = complete();
    description.serial_raw = "Numeração raspada";
    auto const found = validate(description, DescriptionStage::draft);
    REQUIRE(found.size() == 1);
    CHECK(found[0].params == std::vector<std::string>{"NUMERAÇÃO RASPADA", "obliterated"});
    description.serial_raw = "unknown";
    CHECK(validate(description, DescriptionStage::draft)[0].params[1] == "not_stated");
}

TEST_CASE("a removed serial needs no characters, a restored one its result") {
    auto description = complete();
    description.serial_raw = "";
    description.serial_condition = SerialCondition::obliterated;
    CHECK(validate(description, DescriptionStage::submit).empty());
    description.serial_condition = SerialCondition::restored;
    description.obliteration =
        Obliteration{ObliterationMethod::grinding, "ZZ?2*", LabResult::restored, "L-1", ""};
    auto const found = validate(description, DescriptionStage::submit);
    CHECK(has(found, "/obliteration/restored_serial", "required"));
    CHECK(has(found, "/serial_raw", "serial_missing_for_condition"));
    description.obliteration->restored_serial = "ZZ12345";
    CHECK(validate(description, DescriptionStage::submit).empty());
    description.obliteration->lab_result = LabResult::failed;
    CHECK(has(validate(description, DescriptionStage::draft),
              "/obliteration/restored_serial",
              "lab_result_contradicts"));
}

TEST_CASE(
    "the importer must be known before a foreign firearm is asked for in the country of import") {
    auto description = complete();
    CHECK(validate(description, DescriptionStage::submit, "XA").empty());
    CHECK(has(validate(description, DescriptionStage::submit, "XB"),
              "/importer_text",
              "importer_required"));
    description.import_country = "XC";  // XB is asked for another reason
    CHECK(validate(description, DescriptionStage::submit, "XB").empty());
    CHECK(has(validate(description, DescriptionStage::submit, "XC"),
              "/importer_text",
              "importer_required"));
    description.importer_mark_absent = true;
    CHECK(validate(description, DescriptionStage::submit, "XC").empty());
    description.importer_mark_absent = false;
    description.importer_text = "Invented Imports";
    CHECK(validate(description, DescriptionStage::submit, "XC").empty());
}

TEST_CASE("codes of marks round-trip") {
    CHECK(mark_kind_from(code_of(MarkKind::licence_no)) == MarkKind::licence_no);
    CHECK(mark_place_from("frame_or_receiver") == MarkPlace::frame_or_receiver);
    CHECK(mark_state_from("re_marked") == MarkState::re_marked);
    CHECK(obliteration_method_from("plate_removed") == ObliterationMethod::plate_removed);
    CHECK(lab_result_from(code_of(LabResult::partly_restored)) == LabResult::partly_restored);
    CHECK_FALSE(mark_kind_from("nothing").has_value());
}
