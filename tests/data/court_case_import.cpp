// The whole file of court cases through the handlers of bulk import, on a real database: 2,112
// rows, each accounted for, whatever is interrupted or repeated.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "cases/agency_code.hpp"
#include "cases/trace/catalogue.hpp"
#include "common/digest.hpp"
#include "protocol/csv.hpp"
#include "server/handlers/handlers.hpp"
#include "storage/agency_repo.hpp"
#include "storage/bootstrap.hpp"
#include "tests/support/handler_calls.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using test_support::HandlerCalls;
using test_support::person_of;
using test_support::TestDatabase;
namespace json = boost::json;

namespace {

std::string file_text(std::string const& name) {
    std::ifstream file(std::string(RASTRO_DATA_DIR) + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<protocol::CsvRow> const& rows() {
    static auto const all = protocol::read_csv(file_text("court_case_firearms.csv"));
    REQUIRE(all.has_value());
    return *all;
}

using Counts = std::map<std::string, std::int64_t>;
using Results = std::map<std::int64_t, json::value>;  // by line

std::string text_of(json::value const& object, char const* member) {
    auto const* value = object.as_object().if_contains(member);
    return value == nullptr ? std::string() : std::string(value->as_string());
}

// What every firearm of a seizure shares; the file says none of it.
json::object common() {
    return {{"purpose", "prosecution"},
            {"legal_basis", "CIFTA article XIII"},
            {"offence_code", "weapon_trafficking"},
            {"intended_use", "evidence of illegal sale"},
            {"illicit_ground", "unauthorised_transfer"}};
}

// An agency that asks, and two that receive for the United States and Austria; nobody receives for
// the other countries of manufacture.
class Instance {
 public:
    Instance() : calls_(database_.app()) {
        storage::Connection owner(database_.owner());
        REQUIRE(storage::load_reference_data(owner, clock_).has_value());
        test_support::in_unit(
            owner, clock_, storage::ActingAs::system(), [&](storage::UnitOfWork& unit) {
                storage::AgencyRepo repo(unit);
                add_agency(repo, asking_);
                repo.add_outbound_rule(asking_,
                                       {.priority = "routine",
                                        .auto_approve = true,
                                        .valid_from = kSince,
                                        .source = "test"});
                for (auto const* country : {"US", "AT"}) {
                    auto const agency = *cases::agency_code_of(country, "NATRAC");
                    add_agency(repo, agency);
                    repo.put_route({.country = country,
                                    .agency = agency,
                                    .backup_agency = {},
                                    .valid_from = kSince,
                                    .source = "test"});
                }
            });
        server::bind_imports(calls_.routes());
        server::bind_catalogue(calls_.routes());
    }

    json::value start(bool dry_run,
                      bool submit,
                      json::object shared = common(),
                      std::string const& addition = "") {
        auto const sum = sha256(file_text("court_case_firearms.csv") + addition);
        json::object const body{{"file_sha256", to_hex(sum)},
                                {"file_name", "court_case_firearms.csv"},
                                {"profile", "court-case"},
                                {"announced_rows", rows().size() - 1},
                                {"dry_run", dry_run},
                                {"submit", submit},
                                {"common", std::move(shared)}};
        auto const reply = calls_.run(officer_, "import_start", {}, json::serialize(body));
        REQUIRE(reply.has_value());
        CHECK(reply->status == 201);
        return json::parse(reply->body);
    }

    // Rows [from, to) of the file in batches; `from` counts from 1, without the heading.
    Results send(std::string const& id, std::size_t from, std::size_t to) {
        Results results;
        while (from < to) {
            auto const reply =
                calls_.run(officer_,
                           "import_rows",
                           {{"import_id", id}},
                           json::serialize(batch(from, std::min(to, from + kBatch))));
            REQUIRE(reply.has_value());
            auto const told = json::parse(reply->body);
            for (auto const& item : told.at("items").as_array()) {
                results[item.at("line").as_int64()] = item;
            }
            from += kBatch;
        }
        return results;
    }
    Results send_all(std::string const& id) { return send(id, 1, rows().size()); }

    static json::object batch(std::size_t from, std::size_t to) {
        json::array list;
        for (auto i = from; i < to; ++i) {
            list.push_back(json::object{{"line", rows()[i].line},
                                        {"cells", json::value_from(rows()[i].fields)}});
        }
        return {{"columns", json::value_from(rows().front().fields)}, {"rows", std::move(list)}};
    }

    std::int64_t count(storage::Query const& query) {
        storage::Connection owner(database_.owner());
        std::int64_t n = 0;
        test_support::in_unit(
            owner, clock_, storage::ActingAs::system(), [&](storage::UnitOfWork& unit) {
                n = unit.sql().run(query).front().integer("n");
            });
        return n;
    }

    json::value import_makes(std::vector<cases::MakeEntry> const& entries) {
        json::array makes;
        for (auto const& entry : entries) {
            makes.push_back(json::object{{"make_id", entry.make_id},
                                         {"name", entry.name},
                                         {"kind", code_of(entry.kind)},
                                         {"ncic_code", entry.ncic_code},
                                         {"wording", entry.source}});
        }
        auto const administrator = person_of(asking_, cases::Role::records_officer);
        auto const reply = calls_.run(
            administrator,
            "make_import",
            {},
            json::serialize(json::object{{"source", "NCIC gun makes"}, {"makes", makes}}));
        REQUIRE(reply.has_value());
        return json::parse(reply->body);
    }

    HandlerCalls& calls() { return calls_; }
    cases::Actor const& officer() const { return officer_; }
    std::string const& agency() const { return asking_; }

 private:
    static constexpr Date kSince{
        std::chrono::year{2020}, std::chrono::January, std::chrono::day{1}};
    static constexpr std::size_t kBatch = 200;

    static void add_agency(storage::AgencyRepo& repo, std::string const& code) {
        storage::Agency agency;
        agency.agency = code;
        agency.country = code.substr(0, 2);
        agency.name = code;
        agency.kind = "tracing_centre";
        repo.insert(agency);
    }

    SystemClock clock_;
    TestDatabase database_;
    std::string const asking_ = *cases::agency_code_of("XA", "POLNAC");
    cases::Actor const officer_ = person_of(asking_, cases::Role::agency_user);
    HandlerCalls calls_;
};

Counts tally(Results const& results) {
    Counts counts;
    for (auto const& [line, item] : results) {
        ++counts[text_of(item, "result")];
    }
    return counts;
}

// Why the rows with this result are what they are: the notes about a row as a whole.
Counts reasons(Results const& results, std::string_view result) {
    Counts counts;
    for (auto const& [line, item] : results) {
        for (auto const& note : item.at("notes").as_array()) {
            if (text_of(item, "result") == result && note.at("column").as_int64() == 0) {
                ++counts[text_of(note, "reason")];
            }
        }
    }
    return counts;
}

// What drafts lack: "pointer code" -> rows.
Counts missing(Results const& results) {
    Counts counts;
    for (auto const& [line, item] : results) {
        if (auto const* list = item.as_object().if_contains("missing")) {
            for (auto const& violation : list->as_array()) {
                ++counts[text_of(violation, "pointer") + " " + text_of(violation, "code")];
            }
        }
    }
    return counts;
}

Counts counts_of(json::value const& import) {
    Counts counts;
    for (auto const& member : import.at("counts").as_object()) {
        counts[std::string(member.key())] = member.value().as_int64();
    }
    return counts;
}

constexpr storage::Query kRequests{"test_requests", "select count(*) as n from case_file"};
constexpr storage::Query kLegs{"test_legs", "select count(*) as n from leg"};
constexpr storage::Query kRows{"test_rows", "select count(*) as n from import_row"};
constexpr storage::Query kReviews{"test_reviews", "select count(*) as n from make_review"};
constexpr storage::Query kSeen{"test_seen", "select sum(seen) as n from make_review"};
constexpr storage::Query kLines{"test_lines", "select count(*) as n from make_source"};
constexpr storage::Query kMakes{"test_makes", "select count(*) as n from make"};
constexpr storage::Query kAliases{"test_aliases", "select count(*) as n from make_alias"};

}  // namespace

TEST_CASE("every row of the court cases is submitted, a draft, a duplicate or rejected") {
    Instance instance;
    // 109 rows identify no firearm. 93 are complete; of their makers 71 make all firearms in the
    // United States or Austria, to whom there is a route, and 22 in countries to which there is
    // none. The other 1,910 wait for what the file does not say (tests/data/court_case_firearms).
    // Duplicates: none, for of the 13 serials that stand twice only one pair has a day of recovery
    // on both lines, and these two are of different makers.
    Counts const expected{{"draft", 1910 + 22}, {"rejected", 109}, {"submitted", 71}};

    auto const dry = instance.start(true, true);
    auto const told = instance.send_all(text_of(dry, "import_id"));
    CHECK(tally(told) == expected);
    CHECK(instance.count(kRequests) == 0);
    CHECK(instance.count(kReviews) == 0);
    // The next dry run looks anew.
    CHECK(text_of(instance.start(true, true), "import_id") != text_of(dry, "import_id"));

    // Interrupted in the middle, announced again, sent from the beginning.
    auto const id = text_of(instance.start(false, true), "import_id");
    auto const half = instance.send(id, 1, 1001);
    auto const resumed = instance.start(false, true);
    CHECK(text_of(resumed, "import_id") == id);
    CHECK(counts_of(resumed)["draft"] == tally(half)["draft"]);
    auto const results = instance.send_all(id);
    CHECK(results.size() == 2112);
    CHECK(tally(results) == expected);
    for (auto const& [line, item] : half) {
        CHECK(results.at(line) == item);
    }
    auto const lacking = missing(results);
    CHECK(lacking.at("/recipients/0 no_route") == 22);
    CHECK(lacking.at("/firearm/serial_raw serial_or_condition_required") == 566);
    CHECK(lacking.at("/recovery/country required") == 1686);

    CHECK(instance.count(kRequests) == 2003);  // all but the rejected
    CHECK(instance.count(kLegs) == 71);        // one authority is asked for each
    // 69 cells name 64 makers, written in one way or another, that are in no list.
    CHECK(instance.count(kReviews) == 64);
    CHECK(instance.count(kSeen) == 69);

    // Once more: the same results, and nothing new is stored.
    auto const row_count = instance.count(kRows);
    CHECK(instance.send_all(id) == results);
    CHECK(instance.count(kRequests) == 2003);
    CHECK(instance.count(kLegs) == 71);
    CHECK(instance.count(kRows) == row_count);
    CHECK(instance.count(kSeen) == 69);
    CHECK(counts_of(instance.start(false, true)) == Counts{{"submitted", 71},
                                                           {"draft", 1932},
                                                           {"duplicate", 0},
                                                           {"rejected", 109},
                                                           {"ready", 93}});

    // The same file as drafts only: each row is known to be a request already.
    auto const drafts = text_of(instance.start(false, false), "import_id");
    auto const repeated = instance.send_all(drafts);
    CHECK(tally(repeated) == Counts{{"duplicate", 2003}, {"rejected", 109}});
    CHECK(reasons(repeated, "duplicate") == Counts{{"imported_before", 2003}});
    CHECK(instance.count(kRequests) == 2003);
    for (auto const& [line, item] : repeated) {
        CHECK(text_of(item, "number") == text_of(results.at(line), "number"));
    }
}

TEST_CASE("serial, maker and case number tell duplicates within a file and among requests") {
    Instance instance;
    auto shared = common();
    shared["agency_case_no"] = "2026/118";
    auto const id = text_of(instance.start(false, false, shared), "import_id");
    auto const results = instance.send_all(id);
    // Of the 13 serials that stand twice, two pairs are of different makers: CZ and Kel-Tec, TT
    // Olympia and Browning.
    CHECK(tally(results) == Counts{{"draft", 2003 - 11}, {"duplicate", 11}, {"rejected", 109}});
    CHECK(reasons(results, "duplicate") == Counts{{"duplicate_of_line", 11}});
    CHECK(instance.count(kRequests) == 1992);
    for (auto const& [line, item] : results) {
        if (text_of(item, "result") == "duplicate") {
            auto const& note = item.at("notes").as_array().back();
            auto const first = std::stoll(note.at("suggestions").at(0).as_string().c_str());
            CHECK(first < line);
            CHECK(text_of(results.at(first), "number") == text_of(item, "number"));
        }
    }

    // The list comes again with a line more, under the same case number: whatever has a serial is
    // known. 604 rows have none and cannot be told from others.
    auto const next = text_of(instance.start(false, false, shared, "one line more"), "import_id");
    auto const again = instance.send_all(next);
    CHECK(tally(again) == Counts{{"draft", 604}, {"duplicate", 1399}, {"rejected", 109}});
    CHECK(reasons(again, "duplicate") == Counts{{"duplicate_of_request", 1399}});

    // One import, one set of shared values.
    json::object const other{
        {"file_sha256", std::string(64, 'a')}, {"profile", "court-case"}, {"common", shared}};
    REQUIRE(instance.calls()
                .run(instance.officer(), "import_start", {}, json::serialize(other))
                .has_value());
    auto changed = other;
    changed.at("common").as_object()["agency_case_no"] = "2026/119";
    auto const refused =
        instance.calls().run(instance.officer(), "import_start", {}, json::serialize(changed));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == ProblemCode::conflict);
    CHECK(refused.error().violations().front().pointer == "/common");
}

TEST_CASE("a line keeps its content, a heading fits its profile, and an import is its agency's") {
    Instance instance;
    auto const id = text_of(instance.start(false, true), "import_id");
    auto const first = instance.send(id, 1, 4);
    auto const send = [&](cases::Actor const& actor, json::object const& body) {
        return instance.calls().run(
            actor, "import_rows", {{"import_id", id}}, json::serialize(body));
    };

    auto changed = Instance::batch(2, 6);
    changed["rows"].as_array()[1].at("cells").as_array()[4] = "AA006769";
    auto const refused = send(instance.officer(), changed);
    REQUIRE_FALSE(refused.has_value());
    REQUIRE(refused.error().violations().size() == 1);
    CHECK(refused.error().violations().front().pointer == "/rows/1/cells");
    CHECK(refused.error().violations().front().code == "row_changed");
    CHECK(instance.count(kRows) == 3);  // nothing of the batch is stored

    auto heading = Instance::batch(4, 6);
    heading["columns"].as_array()[4] = "calibre";
    auto const misread = send(instance.officer(), heading);
    REQUIRE_FALSE(misread.has_value());
    std::map<std::string, std::string> faults;
    auto const problem = misread.error();
    for (auto const& violation : problem.violations()) {
        faults[violation.pointer] = violation.code;
    }
    CHECK(faults == std::map<std::string, std::string>{{"/columns/4", "column_twice"},
                                                       {"/columns", "column_missing"}});

    auto const stranger =
        person_of(*cases::agency_code_of("XA", "ADUANA"), cases::Role::agency_user);
    auto const unseen = send(stranger, Instance::batch(1, 4));
    REQUIRE_FALSE(unseen.has_value());
    CHECK(unseen.error().code() == ProblemCode::not_found);

    // A cell with control characters (null), and one too long for its field, are a matter of their
    // row.
    auto odd = Instance::batch(4, 6);
    odd["rows"].as_array()[0].at("cells").as_array()[3] = nullptr;
    odd["rows"].as_array()[1].at("cells").as_array()[3] = std::string(201, 'm');
    auto const told = send(instance.officer(), odd);
    REQUIRE(told.has_value());
    auto const items = json::parse(told->body).at("items");
    for (auto const& [index, reason] : {std::pair{0, "control_characters"}, {1, "too_long"}}) {
        auto const& item = items.as_array().at(static_cast<std::size_t>(index));
        CHECK(text_of(item, "result") == "rejected");
        auto const& note = item.at("notes").as_array().back();
        CHECK(note.at("column").as_int64() == 4);
        CHECK(text_of(note, "reason") == reason);
    }

    auto const page = instance.calls().run(
        instance.officer(), "import_results", {{"import_id", id}}, "", {{"limit", "2"}});
    REQUIRE(page.has_value());
    auto const listed = json::parse(page->body);
    CHECK(listed.at("items").as_array().size() == 2);
    CHECK(listed.at("items").at(0) == first.begin()->second);
    auto const rest = instance.calls().run(instance.officer(),
                                           "import_results",
                                           {{"import_id", id}},
                                           "",
                                           {{"after", text_of(listed, "next")}});
    REQUIRE(rest.has_value());
    CHECK(json::parse(rest->body).at("items").as_array().size() == 3);
    CHECK_FALSE(json::parse(rest->body).as_object().contains("next"));
}

TEST_CASE("the published list of makers goes into the catalogue without loss, once") {
    Instance instance;
    auto const starter_makes = instance.count(kMakes);
    auto const starter_lines = instance.count(kLines);
    auto const list = cases::makes_from_ncic_csv(file_text("ncic_gun_makes.csv"));
    REQUIRE(list.size() == 4099);
    auto const first = instance.import_makes(list);
    auto const added = first.at("makes_added").as_int64();
    auto const joined = first.at("joined").as_int64();
    CHECK(added + joined == 4099);
    CHECK(joined == 125);  // makers of the starter list with the same code
    CHECK(instance.count(kMakes) == starter_makes + added);
    CHECK(instance.count(kLines) == starter_lines + 4099);  // every line verbatim
    auto const aliases = instance.count(kAliases);
    auto const second = instance.import_makes(list);
    CHECK(second.at("makes_added").as_int64() == 0);
    CHECK(second.at("joined").as_int64() == 0);
    CHECK(second.at("aliases_added").as_int64() == 0);
    CHECK(second.at("unchanged").as_int64() == 4099);
    CHECK(instance.count(kAliases) == aliases);
}

TEST_CASE("a list of makers is used by the next import, and a person decides what is left") {
    Instance instance;
    auto const before = text_of(instance.start(true, true), "import_id");
    static_cast<void>(instance.send(before, 1, 2));  // the catalogue is in memory now
    static_cast<void>(
        instance.import_makes(cases::makes_from_ncic_csv(file_text("ncic_gun_makes.csv"))));
    auto const results = instance.send_all(text_of(instance.start(false, true), "import_id"));
    // The published list knows 14 of the 69 cells; what they say changes no verdict.
    CHECK(tally(results) == Counts{{"draft", 1932}, {"rejected", 109}, {"submitted", 71}});
    CHECK(instance.count(kSeen) == 55);

    auto const analyst = person_of(instance.agency(), cases::Role::records_officer);
    auto const queue = instance.calls().run(
        analyst, "make_review_list", {}, "", {{"state", "open"}, {"limit", "200"}});
    REQUIRE(queue.has_value());
    auto const reviews = json::parse(queue->body).at("items");
    CHECK(static_cast<std::int64_t>(reviews.as_array().size()) == instance.count(kReviews));
    auto const review = text_of(reviews.at(0), "review_id");
    auto const decide = [&](char const* body) {
        return instance.calls().run(analyst, "make_review_decide", {{"review_id", review}}, body);
    };
    auto const unknown = decide(R"({"decision":"matched","make_id":"no-such-make"})");
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().violations().front().pointer == "/make_id");
    auto const matched = decide(R"({"decision":"matched","make_id":"glock"})");
    REQUIRE(matched.has_value());
    CHECK(text_of(json::parse(matched->body), "state") == "matched");
    auto const twice = decide(R"({"decision":"rejected"})");
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().code() == ProblemCode::conflict);
    auto const makes = instance.calls().run(
        analyst, "make_list", {}, "", {{"q", text_of(reviews.at(0), "raw_text")}});
    REQUIRE(makes.has_value());
    CHECK(text_of(json::parse(makes->body).at("items").at(0), "make_id") == "glock");
}
