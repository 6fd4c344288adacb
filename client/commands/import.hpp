// rastro import: a spreadsheet row by row, in batches, safe to repeat and to interrupt.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "client/context.hpp"
#include "protocol/catalog.hpp"
#include "protocol/csv.hpp"

namespace rastro::client {

inline constexpr std::size_t kRowsPerBatch = 200;
// Below the server's limit of a body, whatever the cells hold.
inline constexpr std::size_t kBytesPerBatch = 512U << 10;

// Groups of consecutive rows, each at most kRowsPerBatch rows and kBytesPerBatch bytes of cells; a
// single row may be longer.
[[nodiscard]] std::vector<std::span<protocol::CsvRow const>> batches_of(
    std::span<protocol::CsvRow const> rows);

// Body of POST /v1/imports/{import_id}/rows.
[[nodiscard]] boost::json::value rows_body(std::vector<std::string> const& heading,
                                           std::span<protocol::CsvRow const> rows);

// What became of the rows.
class ImportTally {
 public:
    explicit ImportTally(protocol::Language language = protocol::Language::en)
        : language_(language) {}
    void add(boost::json::value const& row_result);
    [[nodiscard]] std::uint64_t rejected() const;
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    // Counts by result, then what the rows need or were refused for.
    [[nodiscard]] std::string text(std::size_t width) const;

 private:
    std::uint64_t rows_ = 0;
    std::map<std::string, std::uint64_t> results_;
    protocol::Language language_;
    std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t>
        reasons_;                                                           // field, verdict, words
    std::map<std::pair<std::string, std::string>, std::uint64_t> missing_;  // member, words
};

}  // namespace rastro::client
