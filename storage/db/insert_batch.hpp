// Many rows into one table by one statement, prepared once: the way of writing rows in this
// program, whether one or a thousand. The rows travel as one array of a composite type that the
// migrations declare for the table ("mark" has "new_mark", with the columns that are written, in
// order): one function call takes it apart, where an array for each column costs a call and a
// tuple store each (8 us a column and statement, measured).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "storage/db/cell.hpp"
#include "storage/db/sql.hpp"

namespace rastro::storage {

// Table and columns; a constant of its file: statements are prepared under its name.
class InsertShape {
 public:
    InsertShape(char const* table, std::initializer_list<char const*> columns);
    InsertShape(InsertShape const&) = delete;
    InsertShape& operator=(InsertShape const&) = delete;
    ~InsertShape();

    // Every shape of the program, for the test that holds them against the types in the database.
    [[nodiscard]] static std::vector<InsertShape const*> const& all();
    [[nodiscard]] Query query() const noexcept { return {name_, text_}; }
    [[nodiscard]] std::string_view table() const noexcept { return table_; }
    [[nodiscard]] std::vector<std::string_view> const& columns() const noexcept { return columns_; }

 private:
    std::string_view table_;
    std::vector<std::string_view> columns_;
    std::string name_;
    std::string text_;
};

class InsertBatch {
 public:
    explicit InsertBatch(InsertShape const& shape) : shape_(shape) {}

    // Fields in the order of the columns; a wrong count is std::logic_error.
    void row(std::initializer_list<Cell> cells);
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    // The statement with all rows; the batch is empty afterwards.
    [[nodiscard]] BoundQuery take();
    // The rows alone, none perhaps, as a parameter of type new_<table>[]; the batch is
    // empty afterwards.
    [[nodiscard]] Value take_rows();

 private:
    InsertShape const& shape_;
    std::size_t count_ = 0;
    std::string cells_;
};

}  // namespace rastro::storage
