#include "client/audit_verify/audit_verify.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cases/audit_export.hpp"
#include "cases/tiles.hpp"
#include "common/time_text.hpp"
#include "tests/support/ed25519_signer.hpp"

using namespace rastro;
using namespace rastro::cases;
using rastro::client::run_audit_verify;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSize = 600;

void write_file(fs::path const& path, std::string_view text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}
std::string read_file(fs::path const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A log of 600 entries on disk: export.ndjson with its checkpoint, tiles, bundles, checkpoint.
class LogOnDisk {
 public:
    LogOnDisk()
        : directory_(fs::temp_directory_path() / ("audit_verify_" + std::to_string(::getpid()))) {
        fs::remove_all(directory_);
        AuditRecord record;
        record.time = *parse_rfc3339("2026-05-14T09:12:00.000123Z");
        record.action = "trace.read";
        std::vector<Digest> hashes;
        for (std::size_t i = 0; i < kSize; ++i) {
            record.event_id = EventId::generate();
            leaves_.push_back(to_leaf(record));
            hashes.push_back(leaf_hash(as_bytes(leaves_.back())));
        }
        test::Ed25519Signer signer("trace.example/audit", "log");
        vkey_ = format_vkey(signer.verifier_key());
        note_ = *sign_checkpoint({"trace.example/audit", kSize, root_of(hashes), {}}, signer);
        write_file(directory_ / "checkpoint", note_);
        write_export(leaves_);
        TileEdge edge;
        for (auto const& tile : edge.append(hashes)) {
            write_file(directory_ / tile_path(tile.id), as_text(encode_tile(tile.hashes)));
            if (tile.id.level == 0) {
                Bytes bundle;
                for (unsigned i = 0; i < tile.id.width; ++i) {
                    append_bundle_entry(bundle, as_bytes(leaves_[tile.id.index * 256 + i]));
                }
                write_file(directory_ / entries_path(tile.id.index, tile.id.width),
                           as_text(bundle));
            }
        }
    }
    ~LogOnDisk() { fs::remove_all(directory_); }
    LogOnDisk(LogOnDisk const&) = delete;
    LogOnDisk& operator=(LogOnDisk const&) = delete;

    void write_export(std::vector<std::string> const& leaves) const {
        std::string text;
        append_export_checkpoint(text, note_);
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            append_export_leaf(text, i, as_bytes(leaves[i]));
        }
        write_file(export_file(), text);
    }
    int run(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--vkey", vkey_});
        std::vector<std::string_view> const views(arguments.begin(), arguments.end());
        out.clear();
        err.clear();
        return run_audit_verify(views, out, err);
    }
    [[nodiscard]] fs::path const& directory() const { return directory_; }
    [[nodiscard]] fs::path export_file() const { return directory_ / "export.ndjson"; }
    [[nodiscard]] std::vector<std::string> const& leaves() const { return leaves_; }

    std::string out;
    std::string err;

 private:
    fs::path directory_;
    std::vector<std::string> leaves_;
    std::string vkey_;
    std::string note_;
};

}  // namespace

TEST_CASE("a good log is good as an export, as tiles with entries, as both and as tiles alone") {
    LogOnDisk log;
    auto const dir = log.directory().string();
    CHECK(log.run({"--export", log.export_file().string()}) == 0);
    CHECK(log.out.find("entries read      600\n") != std::string::npos);
    CHECK(log.out.find("GOOD") != std::string::npos);
    CHECK(log.run({"--export", log.export_file().string(), "--tiles", dir}) == 0);
    CHECK(log.run({"--tiles", dir}) == 0);
    CHECK(log.out.find("entries read      600\n") != std::string::npos);
    CHECK(log.run({"--tiles", dir, "--json", "--checkpoint", dir + "/checkpoint"}) == 0);
    CHECK(log.out.starts_with("{\"good\":true,\"entries\":600,\"size\":600,"));
    fs::remove_all(log.directory() / "tile" / "entries");
    CHECK(log.run({"--tiles", dir}) == 0);
    CHECK(log.out.find("tiles alone") != std::string::npos);
}

TEST_CASE("the first bad entry is printed for a changed export, bundle and tile") {
    LogOnDisk log;
    auto const dir = log.directory().string();
    auto leaves = log.leaves();
    std::swap(leaves[300], leaves[411]);
    log.write_export(leaves);
    CHECK(log.run({"--export", log.export_file().string(), "--tiles", dir}) == 1);
    CHECK(log.out.find("FIRST BAD         entry 300: entry_changed") != std::string::npos);
    CHECK(log.run({"--export", log.export_file().string(), "--tiles", dir, "--json"}) == 1);
    CHECK(log.out.find("{\"kind\":\"entry_changed\",\"first\":300,\"last\":300,\"exact\":true") !=
          std::string::npos);
    CHECK(log.run({"--export", log.export_file().string()}) == 1);
    CHECK(log.out.find("FIRST BAD         entries 0 to 599: history_changed") != std::string::npos);

    auto const bundle_path = log.directory() / entries_path(1, 256);
    auto const bundle = read_file(bundle_path);
    auto const entry_bytes = bundle.size() / 256;  // all leaves have one length
    auto const at = entry_bytes * 17;
    auto changed = bundle;
    changed[at + 40] = static_cast<char>(changed[at + 40] ^ 1);
    auto inserted = bundle;
    inserted.insert(at, bundle, 0, entry_bytes);
    for (auto const& tampered :
         {changed, bundle.substr(0, at) + bundle.substr(at + entry_bytes), inserted}) {
        write_file(bundle_path, tampered);
        CHECK(log.run({"--tiles", dir}) == 1);
        CHECK(log.out.find("FIRST BAD         entry 273: entry_changed") != std::string::npos);
    }
    write_file(bundle_path, bundle.substr(0, bundle.size() - entry_bytes));
    CHECK(log.run({"--tiles", dir}) == 1);
    CHECK(log.out.find("FIRST BAD         entry 511: entry_missing") != std::string::npos);
    write_file(bundle_path, bundle);

    auto const tile = log.directory() / tile_path({0, 2, 88});
    auto bytes = read_file(tile);
    bytes[32 * 9] = static_cast<char>(bytes[32 * 9] ^ 1);
    write_file(tile, bytes);
    CHECK(log.run({"--tiles", dir}) == 1);
    CHECK(log.out.find("FIRST BAD         entry 521: tile_changed") != std::string::npos);
    fs::remove_all(log.directory() / "tile" / "entries");
    CHECK(log.run({"--tiles", dir}) == 1);
    CHECK(log.out.find("history_changed") != std::string::npos);
}

TEST_CASE("overlong and unended lines, wrong use and unreadable files have their own answers") {
    LogOnDisk log;
    auto const text = read_file(log.export_file());
    write_file(log.export_file(),
               text.substr(0, text.size() - 1));  // the last line feed is no evidence
    CHECK(log.run({"--export", log.export_file().string()}) == 0);
    write_file(log.export_file(), std::string(3'000'000, 'x') + "\n" + text);
    CHECK(log.run({"--export", log.export_file().string()}) == 1);
    CHECK(log.out.find("entry 0: line_malformed") != std::string::npos);
    CHECK(log.run({"--export", "/nonexistent/export"}) == 3);
    CHECK(log.run({"--tiles", "/nonexistent"}) == 3);
    CHECK(log.run({"--export", log.export_file().string(), "--checkpoint", "/nonexistent"}) == 3);
    CHECK(log.run({}) == 2);
    CHECK(log.run({"--what"}) == 2);
    CHECK(log.run({"--export"}) == 2);
    CHECK(log.run({"--help"}) == 0);
    std::string out;
    std::string err;
    std::vector<std::string_view> const no_key{"--export", "file"};
    CHECK(run_audit_verify(no_key, out, err) == 2);
    CHECK(err.find("--vkey") != std::string::npos);
}
