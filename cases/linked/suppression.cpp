#include "cases/linked/suppression.hpp"

#include <numeric>

namespace rastro::cases {

namespace {

// The table with its totals as one grid: the last row and column are sums. A line is a row or a
// column of it; its sum holds among its members, so any single one kept back can be subtracted.
struct Grid {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::vector<int>> value;
    std::vector<std::vector<bool>> kept;
};

Grid with_totals(CountTable const& counts) {
    Grid grid;
    grid.rows = counts.size();
    grid.columns = counts.empty() ? 0 : counts[0].size();
    grid.value.assign(grid.rows + 1, std::vector<int>(grid.columns + 1, 0));
    grid.kept.assign(grid.rows + 1, std::vector<bool>(grid.columns + 1, false));
    for (std::size_t r = 0; r < grid.rows; ++r) {
        for (std::size_t c = 0; c < grid.columns; ++c) {
            grid.value[r][c] = counts[r][c];
            grid.value[r][grid.columns] += counts[r][c];
            grid.value[grid.rows][c] += counts[r][c];
            grid.value[grid.rows][grid.columns] += counts[r][c];
        }
    }
    return grid;
}

struct Line {
    bool is_row;
    std::size_t index;
    std::size_t length;  // with its total
    [[nodiscard]] std::size_t row(std::size_t i) const { return is_row ? index : i; }
    [[nodiscard]] std::size_t column(std::size_t i) const { return is_row ? i : index; }
};

std::vector<Line> lines_of(Grid const& grid) {
    std::vector<Line> lines;
    for (std::size_t r = 0; r <= grid.rows; ++r) {
        lines.push_back({true, r, grid.columns + 1});
    }
    for (std::size_t c = 0; c <= grid.columns; ++c) {
        lines.push_back({false, c, grid.rows + 1});
    }
    return lines;
}

std::size_t kept_in(Grid const& grid, Line const& line) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < line.length; ++i) {
        count += grid.kept[line.row(i)][line.column(i)] ? 1U : 0U;
    }
    return count;
}

// Inner cells before the total, small before large, 0 after all others.
std::size_t next_to_keep(Grid const& grid, Line const& line) {
    std::size_t best = line.length;
    auto const worse = [&](std::size_t a, std::size_t b) {
        auto const rank = [&](std::size_t i) {
            auto const value = grid.value[line.row(i)][line.column(i)];
            return std::pair((i + 1 == line.length ? 2 : 0) + (value == 0 ? 1 : 0), value);
        };
        return rank(b) < rank(a);
    };
    for (std::size_t i = 0; i < line.length; ++i) {
        if (!grid.kept[line.row(i)][line.column(i)] && (best == line.length || worse(best, i))) {
            best = i;
        }
    }
    return best;
}

std::optional<int> shown(Grid const& grid, std::size_t r, std::size_t c) {
    return grid.kept[r][c] ? std::nullopt : std::optional(grid.value[r][c]);
}

}  // namespace

SuppressedTable suppress(CountTable const& counts, int k) {
    auto grid = with_totals(counts);
    for (std::size_t r = 0; r <= grid.rows; ++r) {
        for (std::size_t c = 0; c <= grid.columns; ++c) {
            grid.kept[r][c] = grid.value[r][c] > 0 && grid.value[r][c] < k;
        }
    }
    auto const lines = lines_of(grid);
    for (bool changed = true; changed;) {
        changed = false;
        for (auto const& line : lines) {
            if (line.length > 1 && kept_in(grid, line) == 1) {
                auto const also = next_to_keep(grid, line);
                grid.kept[line.row(also)][line.column(also)] = true;
                changed = true;
            }
        }
    }
    SuppressedTable table;
    for (std::size_t r = 0; r < grid.rows; ++r) {
        auto& row = table.cells.emplace_back();
        for (std::size_t c = 0; c < grid.columns; ++c) {
            row.push_back(shown(grid, r, c));
        }
        table.row_totals.push_back(shown(grid, r, grid.columns));
    }
    for (std::size_t c = 0; c < grid.columns; ++c) {
        table.column_totals.push_back(shown(grid, grid.rows, c));
    }
    table.total = shown(grid, grid.rows, grid.columns);
    return table;
}

bool can_be_subtracted(SuppressedTable const& table) {
    auto const lone = [](std::vector<std::optional<int>> const& members) {
        std::size_t kept = 0;
        for (auto const& member : members) {
            kept += member ? 0U : 1U;
        }
        return kept == 1;
    };
    for (std::size_t r = 0; r < table.cells.size(); ++r) {
        auto line = table.cells[r];
        line.push_back(table.row_totals[r]);
        if (lone(line)) {
            return true;
        }
    }
    for (std::size_t c = 0; c < table.column_totals.size(); ++c) {
        std::vector<std::optional<int>> line;
        for (auto const& row : table.cells) {
            line.push_back(row[c]);
        }
        line.push_back(table.column_totals[c]);
        if (lone(line)) {
            return true;
        }
    }
    auto totals = table.row_totals;
    totals.push_back(table.total);
    auto columns = table.column_totals;
    columns.push_back(table.total);
    return lone(totals) || lone(columns);
}

}  // namespace rastro::cases
