// The SQL of the floors: what PostgreSQL does for a request of each class when nothing else stands
// around it. One prepared statement with common table expressions does the whole request; its
// batched form takes arrays and does many requests with one commit.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rastro::bench {

// Which rows a submitted request stands for. `defined`: those that the definition of class S names
// (request, description, leg, event, outbox, audit leaf, and the idempotency key). `stored`: every
// row that the server stores for the request of the bench.
enum class RowSet { defined, stored };

// A value of each request, bound as one parameter (or one element of an array parameter).
struct FloorValue {
    std::string token;  // "$case" and so on: made anew for each request; else the value itself
    std::string type;
};

struct FloorStatement {
    std::string name;
    std::string text;
    std::vector<FloorValue> values;  // in the order of the parameters
    bool batched = false;            // each parameter is an array
};

[[nodiscard]] FloorStatement submit_statement(RowSet rows, bool batched);
// Parameters: case id, event id.
[[nodiscard]] FloorStatement status_statement(bool batched);
// Parameters: agency, event id.
[[nodiscard]] FloorStatement inbox_statement();

// What "$case" and its kind stand for in one request.
class FloorIdentity {
 public:
    FloorIdentity(std::vector<std::string> const& known_cases, std::string inbox_agency)
        : known_cases_(known_cases), inbox_agency_(std::move(inbox_agency)) {}
    void next();
    [[nodiscard]] std::string value(FloorValue const& value);
    [[nodiscard]] std::string const& case_id() const noexcept { return case_; }

 private:
    std::vector<std::string> const& known_cases_;
    std::string inbox_agency_;
    std::size_t count_ = 0;
    std::string case_;
    std::string leg_;
};

}  // namespace rastro::bench
