// A report as people get it on paper or in a spreadsheet: headings, facts, tables and what the
// figures mean, in one language. What it says is put together elsewhere (randot_document); this is
// its form, written as XLSX (xlsx) and as tagged PDF (pdf).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/clock.hpp"
#include "protocol/catalog.hpp"

namespace rastro::protocol {

struct DocumentCell {
    std::string text;
    bool is_number = false;  // right-aligned, and a number in a spreadsheet
};

struct DocumentTable {
    std::string title;
    std::vector<std::string> columns;  // the first one names the row
    std::vector<std::vector<DocumentCell>> rows;
    std::string note;  // instead of rows, or below them; may be empty
    bool last_is_total = false;
    bool only_in_workbook = false;  // long lists of ids are for machines, not for paper
};

struct Document {
    Language language = Language::en;
    std::string title;
    std::string subtitle;                                    // may be empty
    std::vector<std::pair<std::string, std::string>> facts;  // name, value
    std::vector<DocumentTable> tables;
    std::string definitions_title;
    std::vector<std::pair<std::string, std::string>> definitions;  // name, meaning
    std::string page_text;                                         // "Page {0} of {1}"
    std::string footer;  // identity of the report, on every page
    Instant made_at{};   // the same bytes for the same report
};

}  // namespace rastro::protocol
