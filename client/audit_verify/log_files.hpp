// Files of an audit log as the verifier reads them: whole small files, tiles in a directory, lines
// of an export.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cases/tiles.hpp"
#include "common/text.hpp"

namespace rastro::client {

// nullopt if the file cannot be opened or read, or is longer than `limit` bytes.
[[nodiscard]] std::optional<Bytes> read_whole_file(std::filesystem::path const& path,
                                                   std::size_t limit);

// Calls `take` with each line, without its line feed, and with what follows the last line feed if
// anything does. A line longer than `limit` is handed over cut to limit + 1 bytes. "-" is standard
// input. False if the file cannot be opened or read to its end.
[[nodiscard]] bool for_each_line(std::string const& path,
                                 std::size_t limit,
                                 std::function<void(std::string_view)> const& take);

// Tiles below a directory, under the paths of C2SP tlog-tiles. A partial tile that is gone is
// looked for under its full name.
class TileDirectory final : public cases::TileSource {
 public:
    explicit TileDirectory(std::filesystem::path directory) : directory_(std::move(directory)) {}
    [[nodiscard]] std::optional<Bytes> tile(cases::TileId const& id) override;
    // The entry bundle of level-0 tile `index`.
    [[nodiscard]] std::optional<Bytes> entries(std::uint64_t index, unsigned width) const;
    [[nodiscard]] bool has_entries() const;
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return directory_; }

 private:
    std::filesystem::path directory_;
};

}  // namespace rastro::client
