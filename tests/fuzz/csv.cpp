// Any bytes as CSV: the same rows or the same fault however the bytes arrive, and rows that are
// written again read the same.
#include "protocol/csv.hpp"

#include "tests/fuzz/expect.hpp"

using namespace rastro::protocol;
using rastro::Outcome;
using rastro::fuzz::expect;

namespace {

Outcome<std::vector<CsvRow>> in_pieces(std::string_view text, std::size_t step) {
    CsvReader reader;
    std::vector<CsvRow> rows;
    for (std::size_t at = 0; at < text.size(); at += step) {
        RASTRO_CHECK(reader.feed(text.substr(at, step), rows));
    }
    RASTRO_CHECK(reader.finish(rows));
    return rows;
}

// A cell that a spreadsheet could run is written with an apostrophe in front.
bool reads_as(std::string const& again, std::string const& field) {
    return again == field || again == "'" + field;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = rastro::fuzz::text_of(data, size);
    auto const whole = read_csv(text);
    auto const pieces = in_pieces(text, size % 7 + 1);
    expect(whole.has_value() == pieces.has_value(), "pieces and whole are judged alike");
    if (!whole) {
        expect(whole.error().code() == rastro::ProblemCode::validation_failed, "a fault is named");
        expect(whole.error().violations().size() == 1, "with its place");
        return 0;
    }
    expect(whole->size() == pieces->size(), "pieces and whole have the same rows");
    std::string written;
    for (std::size_t i = 0; i < whole->size(); ++i) {
        expect((*whole)[i].fields == (*pieces)[i].fields, "and the same fields");
        written += csv_row((*whole)[i].fields);
    }
    CsvLimits wide;  // quotes and apostrophes make rows longer
    wide.field_bytes *= 3;
    wide.row_bytes *= 3;
    auto const again = read_csv(written, wide);
    expect(again.has_value(), "what was written can be read");
    expect(again->size() == whole->size(), "no row is lost");
    for (std::size_t i = 0; i < again->size(); ++i) {
        auto const& fields = (*again)[i].fields;
        auto const& before = (*whole)[i].fields;
        expect(fields.size() == before.size(), "no field is lost");
        for (std::size_t j = 0; j < fields.size(); ++j) {
            expect(reads_as(fields[j], before[j]), "fields read as they were");
        }
    }
    return 0;
}
