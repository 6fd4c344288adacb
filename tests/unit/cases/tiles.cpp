#include "cases/tiles.hpp"

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>
#include <string>

using namespace rastro;
using namespace rastro::cases;

namespace {

std::vector<Digest> numbered_leaves(std::size_t count) {
    std::vector<Digest> leaves;
    leaves.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(leaf_hash(as_bytes(std::to_string(i))));
    }
    return leaves;
}

class TileMap final : public TileSource {
 public:
    std::optional<Bytes> tile(TileId const& id) override {
        auto const found = tiles.find(tile_path(id));
        return found == tiles.end() ? std::nullopt : std::optional(found->second);
    }
    void store(std::vector<Tile> const& changed) {
        for (auto const& t : changed) {
            tiles[tile_path(t.id)] = encode_tile(t.hashes);
        }
    }
    std::map<std::string, Bytes> tiles;
};

}  // namespace

TEST_CASE("tile paths are spelled as tlog-tiles spells them, and only that spelling is read") {
    CHECK(tile_path({0, 1234067, 256}) == "tile/0/x001/x234/067");
    CHECK(tile_path({2, 0, 1}) == "tile/2/000.p/1");
    CHECK(tile_path({1, 999, 256}) == "tile/1/999");
    CHECK(tile_path({1, 1000, 17}) == "tile/1/x001/000.p/17");
    CHECK(entries_path(1234067, 256) == "tile/entries/x001/x234/067");
    CHECK(entries_path(273, 112) == "tile/entries/273.p/112");
    for (std::uint64_t index : {0ULL, 7ULL, 999ULL, 1000ULL, 1000000ULL, 1234067ULL, ~0ULL}) {
        for (unsigned width : {1U, 255U, 256U}) {
            TileId const id{3, index, width};
            auto const tile = parse_tile_path(tile_path(id));
            REQUIRE(tile.has_value());
            CHECK(tile->id == id);
            CHECK_FALSE(tile->entries);
            auto const entries = parse_tile_path(entries_path(index, width));
            REQUIRE(entries.has_value());
            CHECK(entries->entries);
            CHECK(entries->id == TileId{0, index, width});
        }
    }
    for (std::string_view bad : {"",
                                 "tile",
                                 "tile/",
                                 "tile/0",
                                 "tile/0/",
                                 "tile/00/000",
                                 "tile/64/000",
                                 "tile/-1/000",
                                 "tile/0/1",
                                 "tile/0/0000",
                                 "tile/0/x000/001",
                                 "tile/0/x001",
                                 "tile/0/001/002",
                                 "tile/0/x001/x002",
                                 "tile/0/000.p/0",
                                 "tile/0/000.p/256",
                                 "tile/0/000.p/01",
                                 "tile/0/000.p/",
                                 "tile/0/000/",
                                 "/tile/0/000",
                                 "tile/0/000.p/1/",
                                 "tile/entries/",
                                 "tile/entries/0",
                                 "tile/entries/..",
                                 "tile/0/x018/x446/x744/x073/x709/x551/616",
                                 "tile/0/+01",
                                 "tile/0/ 01"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_tile_path(bad).has_value());
    }
}

TEST_CASE("a tree of 70,000 leaves has the layout that tlog-tiles gives as its example") {
    auto const all = tiles_changed(0, 70'000);
    std::map<std::pair<unsigned, bool>, unsigned> count;
    std::map<unsigned, unsigned> partial_width;
    for (auto const& id : all) {
        ++count[{id.level, id.width == 256}];
        if (id.width != 256) {
            partial_width[id.level] = id.width;
        }
    }
    CHECK(count[{0, true}] == 273);
    CHECK(count[{0, false}] == 1);
    CHECK(partial_width[0] == 112);
    CHECK(count[{1, true}] == 1);
    CHECK(count[{1, false}] == 1);
    CHECK(partial_width[1] == 17);
    CHECK(count[{2, true}] == 0);
    CHECK(count[{2, false}] == 1);
    CHECK(partial_width[2] == 1);
    CHECK(all.size() == 277);
    CHECK(tiles_changed(0, 256) == std::vector<TileId>{{0, 0, 256}, {1, 0, 1}});
    CHECK(tiles_changed(255, 256) == std::vector<TileId>{{0, 0, 256}, {1, 0, 1}});
    CHECK(tiles_changed(256, 258) == std::vector<TileId>{{0, 1, 2}});
    CHECK(tiles_changed(258, 258).empty());
    CHECK(tiles_changed(9, 8).empty());
    CHECK(tile_width(70'000, 0, 273) == 112);
    CHECK(tile_width(70'000, 0, 274) == 0);
}

TEST_CASE("a growing edge emits exactly the changed tiles and the root of the tree") {
    auto const leaves = numbered_leaves(70'000);
    TileEdge edge;
    TreeAccumulator tree;
    TileMap stored;
    for (std::size_t step : {1U, 254U, 1U, 1U, 255U, 256U, 3U, 65'000U, 20U, 4'209U}) {
        auto const from = edge.size();
        auto const fresh = std::span(leaves).subspan(from, step);
        auto const changed = edge.append(fresh);
        for (auto const& leaf : fresh) {
            tree.append(leaf);
        }
        std::vector<TileId> ids;
        for (auto const& tile : changed) {
            CHECK(tile.hashes.size() == tile.id.width);
            ids.push_back(tile.id);
        }
        CHECK(ids == tiles_changed(from, edge.size()));
        CHECK(edge.root() == tree.root());
        stored.store(changed);
        auto resumed = TileEdge::resume(edge.size(), edge.partial());
        REQUIRE(resumed.has_value());
        edge = *resumed;
    }
    REQUIRE(edge.size() == 70'000);
    CHECK_FALSE(TileEdge::resume(69'999, edge.partial()).has_value());
    CHECK_FALSE(TileEdge::resume(70'000, {}).has_value());

    TiledHashes hashes(stored, 70'000);
    CHECK(*root_from(hashes, 70'000) == tree.root());
    for (std::uint64_t index : {0U, 1U, 255U, 256U, 65'535U, 65'536U, 69'887U, 69'888U, 69'999U}) {
        auto const proof = make_inclusion_proof(hashes, index, 70'000);
        REQUIRE(proof.has_value());
        CHECK(verify_inclusion(leaves[index], index, 70'000, *proof, tree.root()));
    }
    for (std::uint64_t from : {1U, 255U, 256U, 257U, 65'536U, 65'537U, 69'888U, 69'999U}) {
        auto const proof = make_consistency_proof(hashes, from, 70'000);
        REQUIRE(proof.has_value());
        CHECK(verify_consistency(
            from, root_of(std::span(leaves).first(from)), 70'000, tree.root(), *proof));
    }
    stored.tiles.erase("tile/0/000");
    TiledHashes fresh(stored, 70'000);
    CHECK(make_inclusion_proof(fresh, 3, 70'000).error().code() == ProblemCode::internal_error);
    CHECK_FALSE(fresh.hash(0, 70'000).has_value());
    CHECK_FALSE(fresh.hash(70, 0).has_value());
}

TEST_CASE("tiles and entry bundles read back what was written and refuse the rest") {
    auto const hashes = numbered_leaves(256);
    CHECK(*decode_tile(encode_tile(hashes)) == hashes);
    CHECK_FALSE(decode_tile({}).has_value());
    CHECK_FALSE(decode_tile(Bytes(33)).has_value());
    CHECK_FALSE(decode_tile(Bytes(257 * 32)).has_value());

    Bytes bundle;
    append_bundle_entry(bundle, as_bytes("first"));
    append_bundle_entry(bundle, {});
    append_bundle_entry(bundle, Bytes(65535, 7));
    CHECK_THROWS_AS(append_bundle_entry(bundle, Bytes(65536)), std::length_error);
    CHECK(bundle[0] == 0);
    CHECK(bundle[1] == 5);
    std::span<std::uint8_t const> rest(bundle);
    CHECK(as_text(*take_bundle_entry(rest)) == "first");
    CHECK(take_bundle_entry(rest)->empty());
    CHECK(take_bundle_entry(rest)->size() == 65535);
    CHECK_FALSE(take_bundle_entry(rest).has_value());
    CHECK(rest.empty());
    Bytes const cut{0, 5, 'f', 'i'};
    rest = cut;
    CHECK_FALSE(take_bundle_entry(rest).has_value());
    CHECK(rest.size() == 4);
}
