#include "tests/bench/audit_class.hpp"

#include <openssl/evp.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "cases/audit_export.hpp"
#include "cases/tiles.hpp"
#include "client/audit_verify/audit_verify.hpp"
#include "storage/audit/integrator.hpp"
#include "tests/bench/round.hpp"
#include "tests/support/ed25519_signer.hpp"

namespace rastro::bench {

namespace fs = std::filesystem;

namespace {

constexpr char const* kOrigin = "bench.example/audit";

cases::AuditRecord record_of(std::size_t number, Instant now) {
    cases::AuditRecord record;
    record.event_id = EventId::generate();
    record.time = now + std::chrono::microseconds(number);
    record.action = "trace_request.read_status";
    record.actor = "0190f8f0-0000-7000-8000-000000000001";
    record.actor_kind = "person";
    record.agency = "XA-BENCH0-X";
    record.country = "XA";
    record.object_type = "trace_request";
    record.object_id = record.event_id.to_string();
    record.object_version = 1;
    record.object_owner = "XA-BENCH0-X";
    record.rule = "T08";
    return record;
}

// SHA-256 of each leaf behind its prefix and of each pair of nodes: what a verifier cannot do
// without (RFC 6962 2.1), by the plainest use of OpenSSL.
class PlainHashing {
 public:
    PlainHashing() : context_(EVP_MD_CTX_new()), algorithm_(EVP_MD_fetch(nullptr, "SHA256", "")) {}

    Digest root(std::vector<std::string> const& leaves) {
        std::vector<Digest> level;
        level.reserve(leaves.size());
        std::string prefixed;
        for (auto const& leaf : leaves) {
            prefixed.assign(1, '\0').append(leaf);
            level.push_back(hash(prefixed.data(), prefixed.size()));
        }
        std::array<unsigned char, 65> pair{1};
        while (level.size() > 1) {
            std::size_t out = 0;
            for (std::size_t i = 0; i < level.size(); i += 2) {
                if (i + 1 == level.size()) {
                    level[out++] = level[i];
                    break;
                }
                std::copy(level[i].begin(), level[i].end(), pair.begin() + 1);
                std::copy(level[i + 1].begin(), level[i + 1].end(), pair.begin() + 33);
                level[out++] = hash(pair.data(), pair.size());
            }
            level.resize(out);
        }
        return level.front();
    }

 private:
    Digest hash(void const* data, std::size_t size) {
        Digest digest{};
        EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr);
        EVP_DigestUpdate(context_.get(), data, size);
        EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
        return digest;
    }
    struct Free {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
        void operator()(EVP_MD* algorithm) const noexcept { EVP_MD_free(algorithm); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context_;
    std::unique_ptr<EVP_MD, Free> algorithm_;
};

void write_export(fs::path const& file,
                  std::string const& note,
                  std::vector<std::string> const& leaves) {
    std::ofstream out(file, std::ios::binary);
    std::string text;
    cases::append_export_checkpoint(text, note);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        cases::append_export_leaf(text, i, as_bytes(leaves[i]));
        if (text.size() > (1U << 20)) {
            out << text;
            text.clear();
        }
    }
    out << text;
    if (!out.flush()) {
        throw std::runtime_error("cannot write " + file.string());
    }
}

void write_tiles(fs::path const& folder, std::vector<std::string> const& leaves) {
    std::vector<Digest> hashes;
    hashes.reserve(leaves.size());
    for (auto const& leaf : leaves) {
        hashes.push_back(cases::leaf_hash(as_bytes(leaf)));
    }
    auto const write = [&](std::string const& path, Bytes const& bytes) {
        fs::create_directories((folder / path).parent_path());
        std::ofstream(folder / path, std::ios::binary) << as_text(bytes);
    };
    cases::TileEdge edge;
    for (auto const& tile : edge.append(hashes)) {
        write(cases::tile_path(tile.id), cases::encode_tile(tile.hashes));
        if (tile.id.level == 0) {
            Bytes bundle;
            for (unsigned i = 0; i < tile.id.width; ++i) {
                cases::append_bundle_entry(bundle, as_bytes(leaves[tile.id.index * 256 + i]));
            }
            write(cases::entries_path(tile.id.index, tile.id.width), bundle);
        }
    }
}

double time_verifier(std::vector<std::string_view> const& arguments) {
    std::string out;
    std::string err;
    auto const start = Steady::now();
    int const status = client::run_audit_verify(arguments, out, err);
    double const seconds = since(start);
    if (status != 0) {
        throw std::runtime_error("the audit log of the bench does not verify: " + out + err);
    }
    return seconds;
}

}  // namespace

VerifySpeed measure_verify(fs::path const& folder, std::size_t count) {
    auto const now = SystemClock().now();
    std::vector<std::string> leaves;
    leaves.reserve(count);
    VerifySpeed speed;
    speed.leaves = count;
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(cases::to_leaf(record_of(i, now)));
        speed.leaf_bytes += leaves.back().size();
    }
    speed.leaf_bytes /= count;
    PlainHashing hashing;
    auto const start = Steady::now();
    auto const root = hashing.root(leaves);
    speed.hash_s = since(start);

    test::Ed25519Signer signer(kOrigin, "bench");
    auto const vkey = cases::format_vkey(signer.verifier_key());
    auto const note = cases::sign_checkpoint({kOrigin, count, root, {}}, signer).value();
    auto const file = (folder / "export.ndjson").string();
    write_export(file, note, leaves);
    speed.verify_export_s = time_verifier({"--export", file, "--vkey", vkey});
    fs::remove(file);
    auto const tiles = (folder / "tiles").string();
    write_tiles(tiles, leaves);
    std::ofstream(folder / "tiles" / "checkpoint") << note;
    speed.verify_tiles_s = time_verifier({"--tiles", tiles, "--vkey", vkey});
    fs::remove_all(tiles);
    return speed;
}

IntegrationSpeed measure_integration(test_support::TestDatabase const& database,
                                     std::size_t leaves) {
    SystemClock const clock;
    storage::Connection connection(database.app());
    auto const now = clock.now();
    constexpr std::size_t kTogether = 500;
    for (std::size_t done = 0; done < leaves; done += kTogether) {
        connection.begin();
        storage::UnitOfWork unit(connection, clock);
        unit.act_as(storage::ActingAs::system());
        for (std::size_t i = 0; i < kTogether; ++i) {
            unit.audit({.record = record_of(done + i, now), .detail = {}, .detail_agency = {}});
        }
        unit.finish();
    }
    IntegrationSpeed speed;
    auto const start = Steady::now();
    while (true) {
        auto const round = storage::integrate_leaves(connection, clock, 5'000);
        if (!round) {
            throw std::runtime_error("another process integrates the leaves of the bench");
        }
        if (round->added == 0) {
            break;
        }
        speed.leaves += round->added;
    }
    speed.seconds = since(start);
    return speed;
}

}  // namespace rastro::bench
