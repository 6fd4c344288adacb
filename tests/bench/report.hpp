// Rounds of all kinds of work as one report: medians, ratios to the floors of the same turn, JSON
// for programs and a table for people.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/round.hpp"

namespace rastro::bench {

// A number that is not the rate of a row: seconds until ready, memory, speed of verification.
struct Figure {
    std::string name;
    double value = 0;
    std::string unit;
    std::string goal;  // empty: none stated
};

class Report {
 public:
    // Rounds of one turn are added in one call after the other; the n-th round of a row is
    // compared with the n-th round of its floors.
    void add(std::string const& row, Round round);
    // `floors`: rows that `row` is compared with.
    void compare(std::string const& row, std::vector<std::string> floors);
    void add(Figure figure) { figures_.push_back(std::move(figure)); }

    [[nodiscard]] double median_ratio(std::string const& row, std::string const& floor) const;
    [[nodiscard]] std::string table() const;
    [[nodiscard]] std::string json() const;
    // Of all rows: requests that were not answered as they must be, and the first such answer.
    [[nodiscard]] std::size_t failed() const;
    [[nodiscard]] std::string first_failure() const;

 private:
    std::vector<std::string> order_;
    std::map<std::string, std::vector<Round>> rounds_;
    std::map<std::string, std::vector<std::string>> floors_;
    std::vector<Figure> figures_;
};

}  // namespace rastro::bench
