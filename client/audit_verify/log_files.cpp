#include "client/audit_verify/log_files.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace rastro::client {

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const noexcept {
        if (file != stdin) {
            static_cast<void>(std::fclose(file));
        }
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr std::size_t kTileBytes = 8192;
constexpr std::size_t kBundleBytes = cases::kTileWidth * (2 + cases::kMaxLeafBytes);
constexpr std::size_t kChunkBytes = 256 * 1024;

}  // namespace

std::optional<Bytes> read_whole_file(std::filesystem::path const& path, std::size_t limit) {
    File const file{std::fopen(path.c_str(), "rb")};
    if (!file) {
        return std::nullopt;
    }
    Bytes bytes;
    while (bytes.size() <= limit) {
        auto const before = bytes.size();
        bytes.resize(before + std::min(kChunkBytes, limit + 1 - before));
        auto const got = std::fread(bytes.data() + before, 1, bytes.size() - before, file.get());
        bytes.resize(before + got);
        if (got == 0) {
            break;
        }
    }
    if (std::ferror(file.get()) != 0 || bytes.size() > limit) {
        return std::nullopt;
    }
    return bytes;
}

bool for_each_line(std::string const& path,
                   std::size_t limit,
                   std::function<void(std::string_view)> const& take) {
    File const file{path == "-" ? stdin : std::fopen(path.c_str(), "rb")};
    if (!file) {
        return false;
    }
    std::vector<char> buffer(kChunkBytes + limit + 1);
    std::size_t held = 0;   // bytes of an unfinished line at the start of the buffer
    bool overlong = false;  // the rest of the current line was handed over already
    while (auto const got = std::fread(buffer.data() + held, 1, kChunkBytes, file.get())) {
        std::string_view rest(buffer.data(), held + got);
        auto searched = held;
        for (auto end = rest.find('\n', searched); end != std::string_view::npos;
             end = rest.find('\n')) {
            if (!overlong) {
                take(rest.substr(0, std::min(end, limit + 1)));
            }
            overlong = false;
            rest.remove_prefix(end + 1);
        }
        if (rest.size() > limit && !overlong) {
            take(rest.substr(0, limit + 1));
            overlong = true;
        }
        held = overlong ? 0 : rest.size();
        std::memmove(buffer.data(), rest.data(), held);
    }
    if (held > 0) {
        take(std::string_view(buffer.data(), held));
    }
    return std::ferror(file.get()) == 0;
}

std::optional<Bytes> TileDirectory::tile(cases::TileId const& id) {
    auto bytes = read_whole_file(directory_ / cases::tile_path(id), 2 * kTileBytes);
    if (!bytes && id.width != cases::kTileWidth) {
        bytes = read_whole_file(
            directory_ / cases::tile_path({id.level, id.index, cases::kTileWidth}), 2 * kTileBytes);
    }
    return bytes;
}

std::optional<Bytes> TileDirectory::entries(std::uint64_t index, unsigned width) const {
    auto bytes = read_whole_file(directory_ / cases::entries_path(index, width), 2 * kBundleBytes);
    if (!bytes && width != cases::kTileWidth) {
        bytes = read_whole_file(directory_ / cases::entries_path(index, cases::kTileWidth),
                                2 * kBundleBytes);
    }
    return bytes;
}

bool TileDirectory::has_entries() const {
    std::error_code ignored;
    return std::filesystem::is_directory(directory_ / "tile" / "entries", ignored);
}

}  // namespace rastro::client
