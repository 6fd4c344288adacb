// Small counts of people kept out of tables: no cell from 1 to k-1 is shown, and where the total of
// a row or column would give one away by subtraction, another cell of it is kept back too. Source:
// domain/linked-cases.md 4.1 c); k = 11 is DEFAULT, as CTDC publishes victim data.
#pragma once

#include <optional>
#include <vector>

namespace rastro::cases {

inline constexpr int kDefaultK = 11;

// Counts by row and column, all rows of one length.
using CountTable = std::vector<std::vector<int>>;
struct SuppressedTable {
    std::vector<std::vector<std::optional<int>>> cells;  // nothing: kept back
    std::vector<std::optional<int>> row_totals;
    std::vector<std::optional<int>> column_totals;
    std::optional<int> total;
};
// Primary: cells of 1..k-1, and totals of 1..k-1. Secondary, repeated until nothing follows: a line
// with a shown total and exactly one cell kept back loses its smallest other cell that is not 0; a
// 0 only where nothing else is left; the same along the totals. Cells of 0 are shown otherwise.
[[nodiscard]] SuppressedTable suppress(CountTable const& counts, int k = kDefaultK);

// Whether subtraction along single lines still yields a cell that is kept back.
[[nodiscard]] bool can_be_subtracted(SuppressedTable const& table);

}  // namespace rastro::cases
