#include "cases/audit_verifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/support/ed25519_signer.hpp"

using namespace rastro;
using namespace rastro::cases;
using rastro::test::Ed25519Signer;

namespace {

constexpr std::size_t kSize = 1000;

class TileMap final : public TileSource {
 public:
    std::optional<Bytes> tile(TileId const& id) override {
        auto const found = tiles.find(tile_path(id));
        return found == tiles.end() ? std::nullopt : std::optional(found->second);
    }
    std::map<std::string, Bytes> tiles;
};

Instant const kNow = from_unix_us(1'800'000'000'000'000);

std::string record(std::size_t i) {
    AuditRecord made;
    made.event_id = *EventId::parse("01900000-0000-7000-8000-000000000001");
    made.event_id.uuid.bytes[14] = static_cast<std::uint8_t>(i >> 8);
    made.event_id.uuid.bytes[15] = static_cast<std::uint8_t>(i);
    made.time = kNow - std::chrono::seconds(kSize - i);
    made.action = "trace.read";
    return to_leaf(made);
}

// A log of kSize entries with its tiles and signed checkpoints, made once.
struct Log {
    Ed25519Signer signer{"trace.example/audit", "log"};
    std::vector<std::string> leaves;
    std::vector<Digest> hashes;
    TileMap tiles;

    Log() {
        for (std::size_t i = 0; i < kSize + 2; ++i) {
            leaves.push_back(record(i));
            hashes.push_back(leaf_hash(as_bytes(leaves.back())));
        }
        TileEdge edge;
        for (auto const& tile : edge.append(std::span(hashes).first(kSize))) {
            tiles.tiles[tile_path(tile.id)] = encode_tile(tile.hashes);
        }
        leaves.resize(kSize);
    }
    std::string checkpoint(std::size_t size) {
        return *sign_checkpoint(
            {"trace.example/audit", size, root_of(std::span(hashes).first(size)), {}}, signer);
    }
};

Log& log() {
    static Log made;
    return made;
}

struct Row {
    std::uint64_t index;
    std::string leaf;
};

std::vector<Row> good_rows() {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < kSize; ++i) {
        rows.push_back({i, log().leaves[i]});
    }
    return rows;
}

AuditReport verify(std::vector<Row> const& rows,
                   TileSource* tiles,
                   std::vector<std::size_t> const& sizes = {kSize},
                   bool claims = false) {
    VerifierOptions options;
    options.keys = {log().signer.verifier_key()};
    options.tiles = tiles;
    options.now = kNow;
    AuditVerifier verifier(options);
    ExportLineReader reader;
    std::string line;
    for (auto size : sizes) {
        line.clear();
        append_export_checkpoint(line, log().checkpoint(size));
        verifier.add(reader.read(std::string_view(line).substr(0, line.size() - 1)));
    }
    std::uint64_t tile = 0;
    auto const claim = [&](std::size_t end) {
        line.clear();
        append_export_tile(
            line, tile, root_of(std::span(log().hashes).subspan(tile * 256, end - tile * 256)));
        ++tile;
        verifier.add(reader.read(std::string_view(line).substr(0, line.size() - 1)));
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        line.clear();
        append_export_leaf(line, rows[i].index, as_bytes(rows[i].leaf));
        verifier.add(reader.read(std::string_view(line).substr(0, line.size() - 1)));
        if (claims && (i + 1) % 256 == 0) {
            claim(i + 1);
        }
    }
    if (claims) {
        claim(kSize);
    }
    return verifier.finish();
}

// All kinds of tampering with one row at `k`: the tampered rows and the entry that is bad first.
struct Tampering {
    char const* what;
    std::vector<Row> rows;
    std::uint64_t first;
};

std::vector<Tampering> tamperings(std::size_t k) {
    auto const at = [](std::vector<Row>& rows, std::size_t i) {
        return rows.begin() + static_cast<std::ptrdiff_t>(i);
    };
    auto const renumber = [](std::vector<Row>& rows) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].index = i;
        }
    };
    std::vector<Tampering> made;
    auto rows = good_rows();
    rows[k].leaf = record(kSize + 1);
    made.push_back({"change", rows, k});
    rows = good_rows();
    rows.erase(at(rows, k));
    made.push_back({"drop", rows, k});
    renumber(rows);
    made.push_back({"drop and renumber", rows, k});
    rows = good_rows();
    rows.insert(at(rows, k), {k, record(kSize + 1)});
    made.push_back({"insert", rows, k});
    renumber(rows);
    made.push_back({"insert and renumber", rows, k});
    auto const other = (k + 411) % kSize;
    rows = good_rows();
    std::swap(rows[k], rows[other]);
    made.push_back({"swap", rows, std::min(k, other)});
    renumber(rows);
    made.push_back({"swap and renumber", rows, std::min(k, other)});
    return made;
}

std::vector<std::size_t> const kPositions{
    0, 1, 2, 100, 255, 256, 257, 511, 512, 700, 767, 768, 998, 999};

}  // namespace

TEST_CASE("a good export verifies, with and without tiles, tile lines and earlier checkpoints") {
    for (auto* tiles : {static_cast<TileMap*>(nullptr), &log().tiles}) {
        for (bool claims : {false, true}) {
            auto const report = verify(good_rows(), tiles, {1, 256, 300, 512, kSize}, claims);
            CHECK(report.good);
            CHECK(report.entries == kSize);
            CHECK(report.size == kSize);
            CHECK(report.root == root_of(std::span(log().hashes).first(kSize)));
            CHECK(report.checkpoints.size() == 5);
            for (auto const& c : report.checkpoints) {
                CHECK(c.proven);
            }
        }
    }
}

TEST_CASE("change, drop, swap or insert of any row is named exactly when tiles are there") {
    for (auto k : kPositions) {
        for (auto const& tampering : tamperings(k)) {
            CAPTURE(tampering.what);
            CAPTURE(k);
            auto const report = verify(tampering.rows, &log().tiles);
            REQUIRE_FALSE(report.good);
            CHECK(report.faults.front().exact);
            CHECK(report.faults.front().first == tampering.first);
        }
    }
}

TEST_CASE("without tiles the narrowest range that the evidence allows is named") {
    for (auto k : kPositions) {
        for (auto const& tampering : tamperings(k)) {
            CAPTURE(tampering.what);
            CAPTURE(k);
            auto const report = verify(tampering.rows, nullptr, {300, 600, kSize});
            REQUIRE_FALSE(report.good);
            auto const& fault = report.faults.front();
            CHECK(fault.first <= tampering.first);
            CHECK(fault.last >= tampering.first);
            std::uint64_t const low = tampering.first < 300 ? 0 : tampering.first < 600 ? 300 : 600;
            CHECK(fault.first >= low);
            if (fault.exact) {
                CHECK(fault.first == tampering.first);
            } else {
                CHECK(fault.last <= (low == 0 ? 299U : low == 300 ? 599U : kSize + 1));
            }
        }
        auto rows = good_rows();
        rows[k].leaf = record(kSize + 1);
        auto const report = verify(rows, nullptr, {kSize}, true);
        REQUIRE_FALSE(report.good);
        CHECK(report.faults.front().kind == AuditFaultKind::history_changed);
        CHECK(report.faults.front().first == k / 256 * 256);
        CHECK(report.faults.front().last ==
              std::min<std::uint64_t>(k / 256 * 256 + 255, kSize - 1));
    }
}

TEST_CASE("a changed, cut or lengthened tile is named, and the entries are not blamed") {
    for (auto k : kPositions) {
        CAPTURE(k);
        auto const path = tile_path({0, k / 256, k / 256 == 3 ? 232U : 256U});
        auto const at = static_cast<std::ptrdiff_t>(k % 256 * 32);
        auto changed = log().tiles;
        changed.tiles.at(path)[k % 256 * 32 + 5] ^= 1U;
        auto cut = log().tiles;
        cut.tiles.at(path).erase(cut.tiles.at(path).begin() + at,
                                 cut.tiles.at(path).begin() + at + 32);
        auto longer = log().tiles;
        longer.tiles.at(path).insert(longer.tiles.at(path).begin() + at, 32, 0xEE);
        auto swapped = log().tiles;
        auto const other = (k % 256 + 7) % 232 * 32;
        for (std::size_t i = 0; i < 32; ++i) {
            std::swap(swapped.tiles.at(path)[k % 256 * 32 + i], swapped.tiles.at(path)[other + i]);
        }
        for (auto* tampered : {&changed, &cut, &longer, &swapped}) {
            auto const report = verify(good_rows(), tampered);
            REQUIRE_FALSE(report.good);
            auto const& fault = report.faults.front();
            auto const first =
                tampered == &swapped ? std::min<std::uint64_t>(k, k / 256 * 256 + other / 32) : k;
            CHECK(fault.first == first);
            CHECK((fault.kind == AuditFaultKind::tile_changed ||
                   fault.kind == AuditFaultKind::tile_missing));
        }
        auto gone = log().tiles;
        gone.tiles.erase(path);
        auto const report = verify(good_rows(), &gone);
        REQUIRE_FALSE(report.good);
        CHECK(report.faults.front().kind == AuditFaultKind::tile_missing);
        CHECK(report.faults.front().first == k / 256 * 256);
    }
    auto upper = log().tiles;
    upper.tiles.at("tile/1/000.p/3")[40] ^= 1U;
    auto const report = verify(good_rows(), &upper);
    REQUIRE(report.faults.size() == 1);
    CHECK(report.faults.front().kind == AuditFaultKind::tile_changed);
    CHECK(report.faults.front().first == 256);
    CHECK(report.faults.front().last == 511);
}

TEST_CASE("the end of the history cannot be cut off or grown unseen") {
    auto rows = good_rows();
    rows.resize(900);
    auto report = verify(rows, nullptr, {500, kSize});
    CHECK(report.faults.front().kind == AuditFaultKind::entries_missing);
    CHECK_FALSE(
        report.faults.front().exact);  // any row since the proven size may be the one that is gone
    CHECK(report.faults.front().first == 500);
    CHECK(report.faults.front().last == kSize - 1);
    report = verify(rows, &log().tiles, {500, kSize});
    CHECK(report.faults.front().kind == AuditFaultKind::entries_missing);
    CHECK(report.faults.front().exact);
    CHECK(report.faults.front().first == 900);
    rows = good_rows();
    rows.push_back({kSize, record(kSize)});
    report = verify(rows, &log().tiles);
    CHECK(report.faults.front().kind == AuditFaultKind::entry_unproven);
    CHECK(report.faults.front().first == kSize);
    CHECK(verify({}, nullptr).faults.front().kind == AuditFaultKind::entries_missing);
    CHECK(verify({}, nullptr, {0}).good);
    CHECK(verify(good_rows(), nullptr, {}).faults.front().kind == AuditFaultKind::no_checkpoint);
}

TEST_CASE("leaves that are no records and times that cannot be are named although the tree holds") {
    std::vector<std::string> leaves{record(0), "{}", record(2)};
    std::vector<Digest> hashes;
    for (auto const& leaf : leaves) {
        hashes.push_back(leaf_hash(as_bytes(leaf)));
    }
    for (bool check : {true, false}) {
        for (auto const now : {kNow, from_unix_us(1'600'000'000'000'000)}) {
            VerifierOptions options;
            options.keys = {log().signer.verifier_key()};
            options.check_records = check;
            options.now = now;
            AuditVerifier verifier(options);
            verifier.add_checkpoint(
                *sign_checkpoint({"trace.example/audit", 3, root_of(hashes), {}}, log().signer));
            for (std::size_t i = 0; i < leaves.size(); ++i) {
                verifier.add(leaf_line(i, as_bytes(leaves[i])));
            }
            auto const report = verifier.finish();
            CHECK(report.good == !check);
            CHECK(report.checkpoints.front().proven);
            if (check) {
                CHECK(report.faults.front().kind == (now == kNow
                                                         ? AuditFaultKind::not_a_record
                                                         : AuditFaultKind::time_implausible));
                CHECK(report.faults.front().first == (now == kNow ? 1U : 0U));
            }
        }
    }
}

TEST_CASE("two signed histories are told apart, an unsigned checkpoint proves nothing") {
    auto other_hashes = log().hashes;
    other_hashes[40] = other_hashes[41];
    auto const forked = *sign_checkpoint(
        {"trace.example/audit", 100, root_of(std::span(other_hashes).first(100)), {}},
        log().signer);
    Ed25519Signer stranger("trace.example/audit", "stranger");
    auto const unsigned_note = *sign_checkpoint(
        {"trace.example/audit", kSize, root_of(std::span(log().hashes).first(kSize)), {}},
        stranger);
    for (bool fork : {true, false}) {
        VerifierOptions options;
        options.keys = {log().signer.verifier_key()};
        options.now = kNow;
        AuditVerifier verifier(options);
        if (fork) {
            verifier.add_checkpoint(log().checkpoint(kSize));
        }
        verifier.add_checkpoint(fork ? forked : unsigned_note);
        for (std::size_t i = 0; i < kSize; ++i) {
            verifier.add(leaf_line(i, as_bytes(log().leaves[i])));
        }
        auto const report = verifier.finish();
        REQUIRE_FALSE(report.good);
        CHECK(std::ranges::any_of(report.faults, [&](AuditFault const& f) {
            return f.kind ==
                   (fork ? AuditFaultKind::history_forked : AuditFaultKind::checkpoint_refused);
        }));
    }
}

TEST_CASE("lines of an export: what is written reads back, what is not one is malformed") {
    ExportLineReader reader;
    for (std::size_t size : {0U, 1U, 2U, 3U, 4U, 255U, 65535U}) {
        Bytes leaf(size);
        for (std::size_t i = 0; i < size; ++i) {
            leaf[i] = static_cast<std::uint8_t>(i * 7 + 3);
        }
        std::string line;
        append_export_leaf(line, 18, leaf);
        line.pop_back();
        auto const read = reader.read(line);
        CHECK(read.kind == ExportLineKind::leaf);
        CHECK(read.index == 18);
        CHECK(read.hash == leaf_hash(leaf));
    }
    CHECK(reader.read(R"({ "index" : 0 , "leaf" : "YQ==" } )").hash == leaf_hash(as_bytes("a")));
    CHECK(reader.read(R"({"checkpoint":"a\n\u2014 \"\\"})").note == "a\n\xE2\x80\x94 \"\\");
    for (std::string const& bad : {std::string(),
                                   std::string("{"),
                                   std::string("{}"),
                                   std::string("[]"),
                                   std::string(R"({"index":0})"),
                                   std::string(R"({"index":-1,"leaf":""})"),
                                   std::string(R"({"index":01,"leaf":""})"),
                                   std::string(R"({"index":18446744073709551616,"leaf":""})"),
                                   std::string(R"({"index":0,"leaf":"YQ="})"),
                                   std::string(R"({"index":0,"leaf":"YR=="})"),
                                   std::string(R"({"index":0,"leaf":"YQ==)"),
                                   std::string(R"({"index":0,"leaf":"===="})"),
                                   std::string(R"({"index":0,"leaf":"YQ=="}x)"),
                                   std::string(R"({"index":0,"leaf":"YQ==","x":1})"),
                                   std::string(R"({"index":0,"index":0,"leaf":""})"),
                                   std::string(R"({"leaf":"YQ==","index":0})"),
                                   std::string(R"({"tile":0,"hash":"YQ=="})"),
                                   std::string(R"({"checkpoint":"a\x"})"),
                                   std::string(R"({"checkpoint":"\ud800"})"),
                                   std::string(R"({"checkpoint":"a)"),
                                   std::string("{\"checkpoint\":\"\xFF\"}"),
                                   std::string(kMaxExportLineBytes + 1, ' ')}) {
        CAPTURE(bad.substr(0, 100));
        CHECK(reader.read(bad).kind == ExportLineKind::malformed);
    }
    auto rows = good_rows();
    VerifierOptions options;
    options.keys = {log().signer.verifier_key()};
    options.now = kNow;
    AuditVerifier verifier(options);
    verifier.add_checkpoint(log().checkpoint(kSize));
    verifier.add(leaf_line(0, as_bytes(rows[0].leaf)));
    verifier.add(reader.read("garbage"));
    auto const report = verifier.finish();
    CHECK(report.faults.front().kind == AuditFaultKind::line_malformed);
    CHECK(report.faults.front().first == 1);
}
