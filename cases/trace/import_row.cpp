#include "cases/trace/import_row.hpp"

#include <algorithm>

#include "cases/trace/calibre.hpp"
#include "cases/trace/code_table.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

using V = CellVerdict;

constexpr std::array<CodeRow<CellVerdict>, 6> kCellVerdicts{{
    {V::accepted, "accepted"},
    {V::normalised, "normalised"},
    {V::derived, "derived"},
    {V::kept, "kept"},
    {V::review, "review"},
    {V::rejected, "rejected"},
}};
constexpr std::array<CodeRow<RowVerdict>, 3> kRowVerdicts{{
    {RowVerdict::rejected, "rejected"},
    {RowVerdict::draft, "draft"},
    {RowVerdict::ready, "ready"},
}};

bool is_country(std::string_view code) {
    return code.size() == 2 &&
           std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Reads the cells of one row into a trace; each cell leaves at least one note.
class RowReader {
 public:
    RowReader(std::vector<ColumnRule> const& columns,
              std::vector<std::string> const& cells,
              MakeCatalogue const& makes,
              int latest_year)
        : columns_(columns), cells_(cells), makes_(makes), latest_year_(latest_year) {}

    ImportedRow read() {
        if (cells_.size() != columns_.size()) {
            at_ = std::min(cells_.size(), columns_.size());
            note(V::rejected,
                 "cell_count",
                 {std::to_string(cells_.size()), std::to_string(columns_.size())});
            return rejected();
        }
        if (!all_clean()) {
            return rejected();
        }
        for (at_ = 0; at_ < cells_.size(); ++at_) {
            if (!cell().empty()) {
                read_cell();
            }
        }
        if (identifies_nothing()) {
            at_ = column_of(ImportField::serial);
            note(V::rejected, "identifies_no_firearm");
            return rejected();
        }
        return judged();
    }

 private:
    std::string_view cell() const { return trim(cells_[at_]); }
    ColumnRule const& rule() const { return columns_[at_]; }
    FirearmDescription& description() { return row_.trace.description; }

    void note(V verdict, std::string reason = {}, std::vector<std::string> suggestions = {}) {
        auto const field = at_ < columns_.size() ? columns_[at_].field : ImportField::unmapped;
        row_.notes.push_back({at_ + 1, field, verdict, std::move(reason), std::move(suggestions)});
    }

    void keep(V verdict, std::string reason, std::vector<std::string> suggestions = {}) {
        row_.trace.source_cells.push_back({rule().column, cells_[at_]});
        note(verdict, std::move(reason), std::move(suggestions));
    }

    std::size_t column_of(ImportField field) const {
        auto const found = std::ranges::find(columns_, field, &ColumnRule::field);
        return found == columns_.end() ? 0 : static_cast<std::size_t>(found - columns_.begin());
    }

    bool all_clean() {
        for (at_ = 0; at_ < cells_.size(); ++at_) {
            if (!is_valid_utf8(cells_[at_])) {
                note(V::rejected, "not_utf8");
            } else if (has_control_characters(fold_line_ends(cells_[at_]))) {
                note(V::rejected, "control_characters");
            } else if (rule().field == ImportField::serial && serial_too_long()) {
                note(V::rejected, "too_long", {std::to_string(kMaxSerialCodePoints)});
            }
        }
        return row_.notes.empty();
    }

    // Several marks in one cell are counted one by one.
    bool serial_too_long() const {
        return std::ranges::any_of(split_serial_marks(cells_[at_]), [](auto const& mark) {
            return count_code_points(mark) > kMaxSerialCodePoints;
        });
    }

    // Spreadsheets write CR LF inside cells.
    static std::string fold_line_ends(std::string text) {
        std::ranges::replace(text, '\r', '\n');
        return text;
    }

    void read_cell() {
        switch (rule().field) {
            case ImportField::source_row:
                row_.trace.source_row = cell();
                return note(V::accepted);
            case ImportField::serial:
                return read_serial();
            case ImportField::make:
                return read_make();
            case ImportField::type:
                return read_type();
            case ImportField::calibre:
                return read_calibre();
            case ImportField::model:
                return read_model();
            case ImportField::origin_country:
                return read_country(description().origin_country);
            case ImportField::importer:
                description().importer_text = cell();
                return note(V::accepted);
            case ImportField::remark:
                return read_remark();
            case ImportField::purchase_country:
                return read_country(purchase().country);
            case ImportField::purchase_area:
                purchase().admin_area = cell();
                return note(V::accepted);
            case ImportField::purchase_date:
                return read_date([this](PartialDate date) { purchase().date = date; });
            case ImportField::recovery_country:
                return read_country(recovery().country);
            case ImportField::recovery_date:
            case ImportField::recovery_place:
                return read_recovery();
            case ImportField::unmapped:
                return keep(V::kept, "column_not_mapped");
        }
    }

    void read_serial() {
        if (auto const placeholder = recognise_placeholder(cell())) {
            description().serial_condition = placeholder->condition;
            return placeholder->condition ? keep(V::normalised,
                                                 "serial_condition",
                                                 {std::string(code_of(*placeholder->condition))})
                                          : keep(V::kept, "serial_not_stated");
        }
        auto marks = split_serial_marks(cell());
        if (marks.empty()) {
            return keep(V::kept, "serial_not_stated");
        }
        auto readings = split_readings(marks.front());
        bool const several = marks.size() > 1 || readings.size() > 1;
        description().serial_raw = readings.front();
        description().serial_condition = SerialCondition::clear;
        if (several || description().serial_raw != cell()) {
            keep(several ? V::review : V::normalised,
                 readings.size() > 1 ? "serial_two_readings"
                                     : (several ? "serial_several_marks" : "serial_trimmed"));
        } else {
            note(V::accepted);
        }
        readings.erase(readings.begin());
        marks.erase(marks.begin());
        for (auto const& others : {readings, marks}) {
            for (auto const& text : others) {
                description().marks.push_back(
                    {MarkKind::serial, std::nullopt, std::nullopt, text, ""});
            }
        }
        check_serial_shape();
    }

    void check_serial_shape() {
        auto const model = column_of(ImportField::model);
        bool const has_model = columns_[model].field == ImportField::model;
        for (auto warning :
             serial_warnings(description().serial_raw, has_model ? cells_[model] : "")) {
            if (warning == SerialWarning::unreadable_signs) {
                description().serial_condition = SerialCondition::partial;
            }
            note(V::review, "serial_" + std::string(code_of(warning)));
        }
    }

    void read_make() {
        auto const match = makes_.resolve(cell());
        if (match.kind == MakeMatchKind::not_stated) {
            return keep(V::kept, "make_not_stated");
        }
        description().make_text = cell();
        if (match.make == nullptr) {
            return note(V::review, "make_not_in_list", match.suggestions);
        }
        description().make_id = match.make->make_id;
        if (match.kind == MakeMatchKind::exact) {
            note(V::accepted);
        } else {
            note(V::normalised, "make_" + std::string(code_of(match.kind)), {match.make->make_id});
        }
        if (description().origin_country.empty() && !match.make->country.empty()) {
            description().origin_country = match.make->country;
            note(V::derived, "origin_country", {match.make->country});
        }
    }

    void read_type() {
        auto const type = parse_type(cell());
        description().type_text = cell();
        if (!type) {
            return note(V::review, "type_not_recognised");
        }
        description().type_code = type;
        note(V::normalised, "type_code", {std::string(code_of(*type))});
    }

    void read_calibre() {
        auto const reading = parse_calibre(cell());
        if (reading.status == CalibreStatus::not_stated) {
            return keep(V::kept, "calibre_not_stated");
        }
        description().calibre_text = cell();
        if (reading.status != CalibreStatus::recognised) {
            return note(
                V::review, "calibre_" + std::string(code_of(reading.status)), reading.candidates);
        }
        description().calibre_id = reading.id;
        note(V::normalised, "calibre_id", {reading.id});
    }

    void read_model() {
        auto const words = fold_words(cell());
        for (auto const* unstated :
             {"UNKNOWN", "UNKNOWN TYPE", "UNKNOWN MODEL", "NOT PROVIDED", "NONE STATED", "N A"}) {
            if (words == unstated) {
                return keep(V::kept, "model_not_stated");
            }
        }
        description().model_text = cell();
        // A spreadsheet turns the model 10/22 into the date 22-Oct.
        if (is_day_month(words)) {
            return note(V::review, "model_looks_like_date");
        }
        note(V::accepted);
    }

    static bool is_day_month(std::string const& words) {
        auto const blank = words.find(' ');
        if (blank == std::string::npos || words.size() > 6) {
            return false;
        }
        auto const day = words.substr(0, blank);
        auto const month = words.substr(blank + 1);
        bool const digits = std::ranges::all_of(day, [](char c) { return c >= '0' && c <= '9'; });
        return digits && day.size() <= 2 && month.size() == 3 &&
               parse_partial_date(month + " 2000", DateOrder::unknown, 2000).date.has_value();
    }

    void read_country(std::string& target) {
        auto const code = to_upper_ascii(cell());
        if (!is_country(code)) {
            return keep(V::review, "country_code");
        }
        target = code;
        note(code == cell() ? V::accepted : V::normalised, code == cell() ? "" : "country_code");
    }

    void read_remark() {
        auto& remarks = description().remarks;
        remarks += remarks.empty() ? "" : "\n";
        remarks += rule().column + ": " + std::string(cell());
        note(V::accepted);
    }

    template <class Setter>
    void read_date(Setter set) {
        auto const reading = parse_partial_date(cell(), rule().date_order, latest_year_);
        if (!reading.date) {
            return keep(V::review, "date_" + std::string(code_of(*reading.fault)));
        }
        set(*reading.date);
        if (reading.annotated) {
            return keep(V::normalised, "date_annotated", {reading.date->to_string()});
        }
        note(V::normalised, "date", {reading.date->to_string()});
    }

    void read_recovery() {
        auto const& country = rule().country;
        auto const& known = row_.trace.recovery;
        if (known && !country.empty() && known->country != country) {
            return keep(V::review, "second_recovery", {country});
        }
        auto& found = recovery();
        if (!country.empty()) {
            found.country = country;
        }
        if (rule().field == ImportField::recovery_date) {
            return read_date([&](PartialDate date) { found.date = date; });
        }
        found.place_text = cell();
        note(V::accepted);
    }

    ImportedRecovery& recovery() {
        auto& known = row_.trace.recovery;
        return known ? *known : known.emplace();
    }

    ImportedPurchase& purchase() {
        auto& known = row_.trace.purchase;
        return known ? *known : known.emplace();
    }

    bool identifies_nothing() {
        auto const& d = description();
        return d.serial_raw.empty() && !d.serial_condition && d.make_text.empty() &&
               d.model_text.empty();
    }

    ImportedRow rejected() {
        row_.verdict = RowVerdict::rejected;
        row_.trace = {};
        return std::move(row_);
    }

    ImportedRow judged() {
        row_.missing = validate(description(), DescriptionStage::submit);
        auto const& recovery = row_.trace.recovery;
        if (!recovery || !recovery->date || recovery->date->precision != DatePrecision::day) {
            row_.missing.push_back({"/recovery/date", "required", {}});
        }
        if (!recovery || recovery->country.empty()) {
            row_.missing.push_back({"/recovery/country", "required", {}});
        }
        row_.verdict =
            row_.missing.empty() && !row_.needs_review() ? RowVerdict::ready : RowVerdict::draft;
        return std::move(row_);
    }

    std::vector<ColumnRule> const& columns_;
    std::vector<std::string> const& cells_;
    MakeCatalogue const& makes_;
    int latest_year_;
    std::size_t at_ = 0;
    ImportedRow row_;
};

}  // namespace

std::string_view code_of(CellVerdict verdict) noexcept {
    return code_in(kCellVerdicts, verdict);
}
std::string_view code_of(RowVerdict verdict) noexcept {
    return code_in(kRowVerdicts, verdict);
}

bool ImportedRow::needs_review() const noexcept {
    return std::ranges::find(notes, CellVerdict::review, &CellNote::verdict) != notes.end();
}

ImportedRow import_row(std::vector<ColumnRule> const& columns,
                       std::vector<std::string> const& cells,
                       MakeCatalogue const& makes,
                       int latest_year) {
    return RowReader(columns, cells, makes, latest_year).read();
}

}  // namespace rastro::cases
