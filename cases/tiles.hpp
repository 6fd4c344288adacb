// The Merkle tree cut into files that never change: C2SP tlog-tiles. A tile holds up to 256 hashes
// of 32 bytes; tile (level l, index n) holds MTH(D[(n*256+i) * 256^l : (n*256+i+1) * 256^l]) for i
// from 0. A tile with fewer than 256 hashes is partial and is addressed with its width. An entry
// bundle holds the leaves of one level-0 tile, each as big-endian uint16 length and bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/merkle.hpp"
#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::cases {

inline constexpr unsigned kTileWidth = 256;
inline constexpr unsigned kMaxTileLevel = 7;  // 256^8 leaves fill 64 bits
inline constexpr std::size_t kMaxLeafBytes = 65535;

struct TileId {
    unsigned level = 0;
    std::uint64_t index = 0;
    unsigned width = kTileWidth;  // 1 to 256; 256 means full

    friend auto operator<=>(TileId const&, TileId const&) = default;
};

struct Tile {
    TileId id;
    std::vector<Digest> hashes;  // id.width of them
};

// "tile/0/x001/x234/067", "tile/1/000.p/17"; no leading slash.
[[nodiscard]] std::string tile_path(TileId const& id);
// "tile/entries/x001/x234/067", "tile/entries/000.p/17".
[[nodiscard]] std::string entries_path(std::uint64_t index, unsigned width);

struct TilePath {
    bool entries = false;  // an entry bundle; then id.level is 0
    TileId id;
};
// The inverse of both. Accepts the one canonical spelling only; levels 0 to 63 as C2SP has it.
[[nodiscard]] std::optional<TilePath> parse_tile_path(std::string_view path);

// Hashes at tile level `level` of a tree of `size` leaves: floor(size / 256^level).
[[nodiscard]] std::uint64_t hashes_at_level(std::uint64_t size, unsigned level) noexcept;
// Width of that tile in the tree of `size` leaves; 0 if the tree has no such tile.
[[nodiscard]] unsigned tile_width(std::uint64_t size, unsigned level, std::uint64_t index) noexcept;
// The tiles that a tree of `to` leaves has and that a tree of `from` leaves had not or had
// narrower, ordered by level and index. tiles_changed(0, size) is the whole tree. Empty unless from
// < to.
[[nodiscard]] std::vector<TileId> tiles_changed(std::uint64_t from, std::uint64_t to);

[[nodiscard]] Bytes encode_tile(std::span<Digest const> hashes);
// nullopt unless a whole number of hashes, 1 to 256.
[[nodiscard]] std::optional<std::vector<Digest>> decode_tile(std::span<std::uint8_t const> bytes);

// Throws std::length_error for a leaf over kMaxLeafBytes.
void append_bundle_entry(Bytes& bundle, std::span<std::uint8_t const> leaf);
// Takes the next leaf off `rest`; nullopt at the end and where the rest is no entry (then rest is
// not empty).
[[nodiscard]] std::optional<std::span<std::uint8_t const>> take_bundle_entry(
    std::span<std::uint8_t const>& rest) noexcept;

// The right edge of a tiled tree: its partial tiles, one a level. What an integrator keeps between
// two rounds; everything is computed from it and the new leaf hashes.
class TileEdge {
 public:
    // `partial[l]` holds the hashes of the partial tile of level l (may be missing or empty where
    // the tree has none). nullopt unless each width is floor(size / 256^l) mod 256.
    [[nodiscard]] static std::optional<TileEdge> resume(
        std::uint64_t size, std::span<std::vector<Digest> const> partial);

    // Appends leaves and returns every tile that is new or wider, with its contents: exactly
    // tiles_changed(old size, new size), ordered by level and index.
    [[nodiscard]] std::vector<Tile> append(std::span<Digest const> leaf_hashes);
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] Digest root() const;
    // One vector a level, as resume() takes them.
    [[nodiscard]] std::vector<std::vector<Digest>> const& partial() const noexcept {
        return partial_;
    }

 private:
    void push(unsigned level, Digest const& hash, std::vector<Tile>& full);

    std::uint64_t size_ = 0;
    std::vector<std::vector<Digest>> partial_;
};

// Where tiles lie: a table, a directory, a server.
class TileSource {
 public:
    virtual ~TileSource() = default;
    // The bytes of the tile; nullopt if there is none. A source that no longer keeps a partial tile
    // may answer with a wider one of the same level and index.
    [[nodiscard]] virtual std::optional<Bytes> tile(TileId const& id) = 0;
};

// Node hashes of the tree of `size` leaves, read from tiles; for proofs. Keeps the tiles that it
// has read.
class TiledHashes final : public HashSource {
 public:
    TiledHashes(TileSource& source, std::uint64_t size) : source_(source), size_(size) {}
    [[nodiscard]] std::optional<Digest> hash(unsigned level, std::uint64_t index) override;

 private:
    TileSource& source_;
    std::uint64_t size_;
    std::map<TileId, std::vector<Digest>> read_;
};

}  // namespace rastro::cases
