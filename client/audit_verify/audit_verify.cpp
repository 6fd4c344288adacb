#include "client/audit_verify/audit_verify.hpp"

#include <fmt/format.h>

#include <future>
#include <utility>
#include <vector>

#include "cases/audit_export.hpp"
#include "cases/audit_verifier.hpp"
#include "client/audit_verify/log_files.hpp"
#include "common/clock.hpp"
#include "common/text.hpp"

namespace rastro::client {

namespace {

using namespace cases;

constexpr std::string_view kUsage =
    "usage: rastro-audit-verify --vkey VKEY... [--export FILE] [--tiles DIR] [--checkpoint "
    "FILE]...\n"
    "                           [--any-leaf] [--json]\n"
    "Verifies an exported audit log against checkpoints signed by the given keys and names the "
    "first bad entry.\n"
    "exit codes: 0 good, 1 bad entry or history, 2 usage, 3 cannot read\n";

struct Arguments {
    std::string export_file;
    std::string tiles;
    std::vector<std::string> checkpoints;
    std::vector<VerifierKey> keys;
    bool any_leaf = false;
    bool json = false;
    bool help = false;
};

Outcome<Arguments> parse_arguments(std::span<std::string_view const> given) {
    auto const refused = [](std::string why) {
        return Problem{ProblemCode::validation_failed, std::move(why)};
    };
    Arguments parsed;
    for (std::size_t i = 0; i < given.size(); ++i) {
        auto const option = given[i];
        if (option == "--json") {
            parsed.json = true;
        } else if (option == "--any-leaf") {
            parsed.any_leaf = true;
        } else if (option == "--help") {
            parsed.help = true;
        } else if (option == "--export" || option == "--tiles" || option == "--checkpoint" ||
                   option == "--vkey") {
            if (++i == given.size()) {
                return refused(fmt::format("{} needs a value", option));
            }
            if (option == "--export") {
                parsed.export_file = given[i];
            } else if (option == "--tiles") {
                parsed.tiles = given[i];
            } else if (option == "--checkpoint") {
                parsed.checkpoints.emplace_back(given[i]);
            } else {
                RASTRO_TRY(key, parse_vkey(given[i]));
                parsed.keys.push_back(std::move(key));
            }
        } else {
            return refused(fmt::format("unknown argument: {}", option));
        }
    }
    if (parsed.help) {
        return parsed;
    }
    if (parsed.keys.empty()) {
        return refused(
            "at least one --vkey is required: the keys to trust come from you, never from the log");
    }
    if (parsed.export_file.empty() && parsed.tiles.empty()) {
        return refused("--export or --tiles is required");
    }
    return parsed;
}

// Lines in batches: one is decoded and hashed on a second thread while the one before it is
// verified.
class ExportFeed {
 public:
    explicit ExportFeed(AuditVerifier& verifier) : verifier_(verifier) {}

    void take(std::string_view line) {
        batch_.text.append(line);
        batch_.ends.push_back(batch_.text.size());
        if (batch_.text.size() >= kBatchBytes) {
            hand_over();
        }
    }
    void finish() {
        hand_over();
        verify_pending();
    }

 private:
    static constexpr std::size_t kBatchBytes = 1024 * 1024;
    struct Batch {
        std::string text;
        std::vector<std::size_t> ends;
    };

    static std::vector<ExportLine> read_batch(Batch const& batch) {
        ExportLineReader reader;
        std::vector<ExportLine> lines;
        lines.reserve(batch.ends.size());
        std::size_t begin = 0;
        for (auto end : batch.ends) {
            lines.push_back(reader.read(std::string_view(batch.text).substr(begin, end - begin)));
            begin = end;
        }
        return lines;
    }
    void hand_over() {
        auto next = std::async(std::launch::async,
                               [batch = std::exchange(batch_, {})] { return read_batch(batch); });
        verify_pending();
        pending_ = std::move(next);
    }
    void verify_pending() {
        if (pending_.valid()) {
            for (auto const& line : pending_.get()) {
                verifier_.add(line);
            }
        }
    }

    AuditVerifier& verifier_;
    Batch batch_;
    std::future<std::vector<ExportLine>> pending_;
};

// Feeds the entry bundles of a directory as if they were an export.
void read_bundles(TileDirectory const& directory, AuditVerifier& verifier) {
    auto const size = verifier.signed_size();
    for (std::uint64_t block = 0; block * kTileWidth < size; ++block) {
        auto const width = tile_width(size, 0, block);
        auto const bundle = directory.entries(block, width);
        std::span<std::uint8_t const> rest;
        if (bundle) {
            rest = *bundle;
        }
        for (unsigned i = 0; i < width; ++i) {
            if (auto const leaf = take_bundle_entry(rest)) {
                verifier.add(leaf_line(block * kTileWidth + i, *leaf));
            } else if (rest.empty()) {
                break;  // a later bundle's index, or the end, shows that entries are missing
            } else {
                verifier.add(ExportLine{});  // malformed
                break;
            }
        }
        bool const wider = bundle && !rest.empty() && width != kTileWidth;
        if (!rest.empty() && !wider) {
            verifier.add(ExportLine{});
        }
    }
}

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
        }
        if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out.push_back(c);
        }
    }
    return out + '"';
}

std::string as_json(AuditReport const& report) {
    auto out = fmt::format(
        "{{\"good\":{},\"entries\":{},\"size\":{},\"root\":{},\"tiles_compared\":{},"
        "\"checkpoints\":[",
        report.good,
        report.entries,
        report.size,
        json_string(to_base64(report.root)),
        report.tiles_compared);
    std::string_view separator;
    for (auto const& c : report.checkpoints) {
        out += fmt::format(
            "{}{{\"origin\":{},\"size\":{},\"root\":{},\"proven\":{},\"witnesses\":{}}}",
            separator,
            json_string(c.verified.checkpoint.origin),
            c.verified.checkpoint.size,
            json_string(to_base64(c.verified.checkpoint.root)),
            c.proven,
            c.verified.witnessed_by.size());
        separator = ",";
    }
    out += "],\"faults\":[";
    separator = "";
    for (auto const& f : report.faults) {
        out +=
            fmt::format("{}{{\"kind\":\"{}\",\"first\":{},\"last\":{},\"exact\":{},\"detail\":{}}}",
                        separator,
                        to_text(f.kind),
                        f.first,
                        f.last,
                        f.exact,
                        json_string(f.detail));
        separator = ",";
    }
    return out + "]}\n";
}

std::string as_text_report(AuditReport const& report, bool entries_given) {
    std::string out;
    if (entries_given) {
        out += fmt::format("entries read      {}\n", report.entries);
    }
    out += fmt::format("signed tree size  {}\n", report.size);
    out += fmt::format("root computed     {}\n", to_base64(report.root));
    out +=
        fmt::format("checked           {}{}\n",
                    entries_given ? "every leaf, its hash, its place" : "tiles alone, no entries",
                    report.tiles_compared && entries_given ? ", every tile" : "");
    for (auto const& c : report.checkpoints) {
        out += fmt::format(
            "checkpoint        {} size {}: signed by {} key(s), {} witness(es), root {}\n",
            c.verified.checkpoint.origin,
            c.verified.checkpoint.size,
            c.verified.signed_by.size(),
            c.verified.witnessed_by.size(),
            c.proven ? "holds" : "does NOT hold");
    }
    for (std::size_t i = 0; i < report.faults.size(); ++i) {
        auto const& f = report.faults[i];
        auto const place = f.first == f.last ? fmt::format("entry {}", f.first)
                                             : fmt::format("entries {} to {}", f.first, f.last);
        bool const first_place = i == 0 && f.kind != AuditFaultKind::checkpoint_refused &&
                                 f.kind != AuditFaultKind::no_checkpoint;
        out += fmt::format(
            "{:<18}{}{}: {}\n",
            first_place ? "FIRST BAD" : "bad",
            f.kind == AuditFaultKind::checkpoint_refused || f.kind == AuditFaultKind::no_checkpoint
                ? std::string()
                : place + ": ",
            to_text(f.kind),
            f.detail);
    }
    out += report.good ? "GOOD: this is the history that was signed\n"
                       : "BAD: this is not the history that was signed\n";
    return out;
}

}  // namespace

int run_audit_verify(std::span<std::string_view const> given, std::string& out, std::string& err) {
    auto const parsed = parse_arguments(given);
    if (!parsed) {
        err += parsed.error().detail() + "\n" + std::string(kUsage);
        return kVerifyUsage;
    }
    if (parsed->help) {
        out += kUsage;
        return kVerifyGood;
    }
    auto const unreadable = [&](std::string_view what) {
        err += fmt::format("cannot read {}\n", what);
        return kVerifyUnreadable;
    };
    TileDirectory directory(parsed->tiles);
    bool const with_tiles = !parsed->tiles.empty();
    std::error_code ignored;
    if (with_tiles && !std::filesystem::is_directory(directory.path() / "tile", ignored)) {
        return unreadable(parsed->tiles);
    }
    VerifierOptions options;
    options.keys = parsed->keys;
    options.tiles = with_tiles ? &directory : nullptr;
    options.entries_given = !parsed->export_file.empty() || directory.has_entries();
    options.check_records = !parsed->any_leaf;
    options.now = SystemClock{}.now();
    bool const entries_given = options.entries_given;
    AuditVerifier verifier(std::move(options));
    for (auto const& file : parsed->checkpoints) {
        auto const note = read_whole_file(file, kMaxNoteBytes);
        if (!note) {
            return unreadable(file);
        }
        verifier.add_checkpoint(as_text(*note));
    }
    if (with_tiles) {
        if (auto const note = read_whole_file(directory.path() / "checkpoint", kMaxNoteBytes)) {
            verifier.add_checkpoint(as_text(*note));
        }
    }
    if (!parsed->export_file.empty()) {
        ExportFeed feed(verifier);
        if (!for_each_line(parsed->export_file, kMaxExportLineBytes, [&](std::string_view line) {
                feed.take(line);
            })) {
            return unreadable(parsed->export_file);
        }
        feed.finish();
    } else if (entries_given) {
        read_bundles(directory, verifier);
    }
    auto const report = verifier.finish();
    out += parsed->json ? as_json(report) : as_text_report(report, entries_given);
    return report.good ? kVerifyGood : kVerifyBad;
}

}  // namespace rastro::client
