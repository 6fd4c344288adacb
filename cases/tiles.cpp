#include "cases/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace rastro::cases {

namespace {

constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kEntriesPrefix = "tile/entries/";
constexpr unsigned kHashBytes = 32;

std::string index_path(std::uint64_t index, unsigned width) {
    auto path = fmt::format("{:03}", index % 1000);
    for (index /= 1000; index != 0; index /= 1000) {
        path = fmt::format("x{:03}/{}", index % 1000, path);
    }
    if (width != kTileWidth) {
        path += fmt::format(".p/{}", width);
    }
    return path;
}

// Decimal without sign or leading zero.
template <class Number>
std::optional<Number> read_decimal(std::string_view text) noexcept {
    Number value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() ||
        (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    return value;
}

bool is_three_digits(std::string_view text) noexcept {
    return text.size() == 3 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "x001/x234/067" with an optional ".p/W".
bool read_index(std::string_view text, TileId& id) noexcept {
    id.width = kTileWidth;
    if (auto const dot = text.find(".p/"); dot != std::string_view::npos) {
        auto const width = read_decimal<unsigned>(text.substr(dot + 3));
        if (!width || *width == 0 || *width >= kTileWidth) {
            return false;
        }
        id.width = *width;
        text = text.substr(0, dot);
    }
    id.index = 0;
    for (bool first = true;; first = false) {
        bool const more = text.starts_with('x');
        if (more) {
            text.remove_prefix(1);
        }
        auto const group = text.substr(0, 3);
        if (!is_three_digits(group) || (more && first && group == "000")) {
            return false;
        }
        auto const value = static_cast<std::uint64_t>((group[0] - '0') * 100 +
                                                      (group[1] - '0') * 10 + (group[2] - '0'));
        if (id.index > (~std::uint64_t{0} - value) / 1000) {
            return false;
        }
        id.index = id.index * 1000 + value;
        text.remove_prefix(3);
        if (!more) {
            return text.empty();
        }
        if (!text.starts_with('/')) {
            return false;
        }
        text.remove_prefix(1);
    }
}

}  // namespace

std::string tile_path(TileId const& id) {
    return fmt::format("{}{}/{}", kTilePrefix, id.level, index_path(id.index, id.width));
}

std::string entries_path(std::uint64_t index, unsigned width) {
    return fmt::format("{}{}", kEntriesPrefix, index_path(index, width));
}

std::optional<TilePath> parse_tile_path(std::string_view path) {
    TilePath found;
    if (path.starts_with(kEntriesPrefix)) {
        found.entries = true;
        path.remove_prefix(kEntriesPrefix.size());
    } else if (path.starts_with(kTilePrefix)) {
        path.remove_prefix(kTilePrefix.size());
        auto const slash = path.find('/');
        if (slash == std::string_view::npos) {
            return std::nullopt;
        }
        auto const level = read_decimal<unsigned>(path.substr(0, slash));
        if (!level || *level > 63) {
            return std::nullopt;
        }
        found.id.level = *level;
        path.remove_prefix(slash + 1);
    } else {
        return std::nullopt;
    }
    if (!read_index(path, found.id)) {
        return std::nullopt;
    }
    return found;
}

std::uint64_t hashes_at_level(std::uint64_t size, unsigned level) noexcept {
    return level > kMaxTileLevel ? 0 : size >> (8 * level);
}

unsigned tile_width(std::uint64_t size, unsigned level, std::uint64_t index) noexcept {
    auto const hashes = hashes_at_level(size, level);
    auto const full = hashes / kTileWidth;
    if (index < full) {
        return kTileWidth;
    }
    return index == full ? static_cast<unsigned>(hashes % kTileWidth) : 0;
}

std::vector<TileId> tiles_changed(std::uint64_t from, std::uint64_t to) {
    std::vector<TileId> changed;
    for (unsigned level = 0; level <= kMaxTileLevel && from < to; ++level) {
        auto const before = hashes_at_level(from, level);
        auto const after = hashes_at_level(to, level);
        for (auto index = before / kTileWidth; before < after && index * kTileWidth < after;
             ++index) {
            changed.push_back({level, index, tile_width(to, level, index)});
        }
    }
    return changed;
}

Bytes encode_tile(std::span<Digest const> hashes) {
    Bytes bytes;
    bytes.reserve(hashes.size() * kHashBytes);
    for (auto const& hash : hashes) {
        bytes.insert(bytes.end(), hash.begin(), hash.end());
    }
    return bytes;
}

std::optional<std::vector<Digest>> decode_tile(std::span<std::uint8_t const> bytes) {
    if (bytes.empty() || bytes.size() % kHashBytes != 0 || bytes.size() > kTileWidth * kHashBytes) {
        return std::nullopt;
    }
    std::vector<Digest> hashes(bytes.size() / kHashBytes);
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        std::memcpy(hashes[i].data(), bytes.data() + i * kHashBytes, kHashBytes);
    }
    return hashes;
}

void append_bundle_entry(Bytes& bundle, std::span<std::uint8_t const> leaf) {
    if (leaf.size() > kMaxLeafBytes) {
        throw std::length_error("leaf over 65535 bytes");
    }
    bundle.push_back(static_cast<std::uint8_t>(leaf.size() >> 8));
    bundle.push_back(static_cast<std::uint8_t>(leaf.size()));
    bundle.insert(bundle.end(), leaf.begin(), leaf.end());
}

std::optional<std::span<std::uint8_t const>> take_bundle_entry(
    std::span<std::uint8_t const>& rest) noexcept {
    if (rest.size() < 2) {
        return std::nullopt;
    }
    auto const length = static_cast<std::size_t>((rest[0] << 8) | rest[1]);
    if (rest.size() - 2 < length) {
        return std::nullopt;
    }
    auto const leaf = rest.subspan(2, length);
    rest = rest.subspan(2 + length);
    return leaf;
}

std::optional<TileEdge> TileEdge::resume(std::uint64_t size,
                                         std::span<std::vector<Digest> const> partial) {
    TileEdge edge;
    edge.size_ = size;
    for (unsigned level = 0; level <= kMaxTileLevel || level < partial.size(); ++level) {
        auto const width = hashes_at_level(size, level) % kTileWidth;
        auto const given = level < partial.size() ? partial[level].size() : 0;
        if (width != given) {
            return std::nullopt;
        }
    }
    edge.partial_.assign(partial.begin(), partial.end());
    return edge;
}

void TileEdge::push(unsigned level, Digest const& hash, std::vector<Tile>& full) {
    if (partial_.size() <= level) {
        partial_.resize(level + 1);
    }
    partial_[level].push_back(hash);
    if (partial_[level].size() < kTileWidth) {
        return;
    }
    auto const parent = root_of(partial_[level]);
    auto const end =
        hashes_at_level(size_, level);  // size_ already counts the leaf that filled the tile
    full.push_back({{level, end / kTileWidth - 1, kTileWidth}, std::move(partial_[level])});
    partial_[level].clear();
    push(level + 1, parent, full);
}

std::vector<Tile> TileEdge::append(std::span<Digest const> leaf_hashes) {
    std::vector<Tile> changed;
    auto const before = size_;
    for (auto const& leaf : leaf_hashes) {
        ++size_;
        push(0, leaf, changed);
    }
    for (unsigned level = 0; level < partial_.size(); ++level) {
        auto const hashes = hashes_at_level(size_, level);
        if (hashes != hashes_at_level(before, level) && !partial_[level].empty()) {
            changed.push_back(
                {{level, hashes / kTileWidth, static_cast<unsigned>(partial_[level].size())},
                 partial_[level]});
        }
    }
    std::ranges::sort(changed, {}, &Tile::id);
    return changed;
}

Digest TileEdge::root() const {
    TreeAccumulator tree;
    for (auto level = static_cast<unsigned>(partial_.size()); level-- > 0;) {
        for (auto const& hash : partial_[level]) {
            tree.append_subtree(8 * level, hash);
        }
    }
    return tree.root();
}

std::optional<Digest> TiledHashes::hash(unsigned level, std::uint64_t index) {
    // A node of binary level 8 * l + h is the root of 2^h neighbouring hashes of a tile of level l.
    auto const tile_level = level / 8;
    auto const height = level % 8;
    auto const first = index << height;
    auto const tile_index = first / kTileWidth;
    auto const offset = static_cast<std::size_t>(first % kTileWidth);
    auto const count = std::size_t{1} << height;
    auto const width = tile_width(size_, tile_level, tile_index);
    if (tile_level > kMaxTileLevel || index > (~std::uint64_t{0} >> height) ||
        offset + count > width) {
        return std::nullopt;
    }
    TileId const id{tile_level, tile_index, width};
    auto known = read_.find(id);
    if (known == read_.end()) {
        auto const bytes = source_.tile(id);
        auto hashes = bytes ? decode_tile(*bytes) : std::nullopt;
        if (!hashes || hashes->size() < width) {
            return std::nullopt;
        }
        known = read_.emplace(id, std::move(*hashes)).first;
    }
    return root_of(std::span(known->second).subspan(offset, count));
}

}  // namespace rastro::cases
