// Entering firearms into the register: one, or many with a result for each row.
#include "cases/trace/calibre.hpp"
#include "cases/trace/text_fold.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/handlers/records.hpp"
#include "server/handlers/trace_clocks.hpp"

namespace rastro::server {

namespace {

using cases::IllicitRecord;
using cases::Relation;

// Catalogue entries for what is written; what the sender has set stays. Whether the maker is one
// that the catalogue knows (NCIC make code ZZZ: unknown, and then remarks are mandatory).
bool complete(IllicitRecord& record, cases::MakeCatalogue const& makes) {
    auto& firearm = record.firearm;
    cases::MakeEntry const* make = nullptr;
    if (!firearm.make_id.empty()) {
        make = makes.find(firearm.make_id);
    } else if (!firearm.make_text.empty()) {
        make = makes.resolve(firearm.make_text).make;
        firearm.make_id = make == nullptr ? std::string() : make->make_id;
    }
    if (firearm.calibre_id.empty() && !firearm.calibre_text.empty()) {
        firearm.calibre_id = cases::parse_calibre(firearm.calibre_text).id;
    }
    return make != nullptr && make->kind != cases::MakeKind::not_stated &&
           make->kind != cases::MakeKind::country_only;
}

std::string make_key_of(cases::FirearmDescription const& firearm) {
    return firearm.make_id.empty() ? cases::fold_words(firearm.make_text) : firearm.make_id;
}

std::string calibre_group_of(cases::FirearmDescription const& firearm) {
    auto const* calibre = cases::find_calibre(firearm.calibre_id);
    return calibre == nullptr ? std::string() : calibre->group;
}

class Entry {
 public:
    Entry(Call& call, storage::UnitOfWork& unit, cases::MakeCatalogue const& makes)
        : call_(call),
          makes_(makes),
          actor_(record_actor(call)),
          calendar_(load_calendar(unit, call.actor.agency, call.actor.country, call.now())) {}

    // What is wrong with it; else it is among made().
    std::vector<Violation> take(IllicitRecord record) {
        bool const known = complete(record, makes_);
        bool const given = !record.firearm.make_id.empty();
        auto violations = cases::check_record(
            record, known, Date{std::chrono::floor<std::chrono::days>(call_.now())});
        if (given && makes_.find(record.firearm.make_id) == nullptr) {
            violations.push_back({"/firearm/make_id", "unknown_code", {record.firearm.make_id}});
        }
        if (!violations.empty()) {
            return violations;
        }
        auto key = make_key_of(record.firearm);
        auto group = calibre_group_of(record.firearm);
        auto made = make_record(call_.services(),
                                actor_,
                                std::move(record),
                                std::move(key),
                                std::move(group),
                                calendar_,
                                call_.now());
        if (!made) {
            refusal_ = made.error();
            return {};
        }
        made_.push_back(std::move(made).value());
        return {};
    }
    [[nodiscard]] std::optional<Problem> const& refusal() const { return refusal_; }
    [[nodiscard]] std::vector<storage::NewRecord>& made() { return made_; }

 private:
    Call& call_;
    cases::MakeCatalogue const& makes_;
    StepActor actor_;
    cases::Calendar calendar_;
    std::vector<storage::NewRecord> made_;
    std::optional<Problem> refusal_;
};

std::string detail_of(std::vector<storage::NewRecord> const& records) {
    std::string text = "serials";
    for (auto const& record : records) {
        text += " " + cases::serial_canon(record.row.record.firearm.serial_raw);
    }
    return text;
}

// ---------------------------------------------------------------- one

Outcome<IllicitRecord> parse_add(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    return protocol::read_new_record(arrival.body);
}

Outcome<Reply> run_add(MakeCache& makes,
                       Call& call,
                       IllicitRecord const& record,
                       storage::UnitOfWork& unit) {
    call.about("record", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("record", {Relation::own_agency})));
    call.audit.legal_basis = record.legal_basis;
    auto const catalogue = makes.current(unit);
    Entry entry(call, unit, *catalogue);
    auto violations = entry.take(record);
    if (entry.refusal()) {
        return *entry.refusal();
    }
    if (!violations.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    auto const added = storage::add_records(unit, entry.made()).front();
    if (!added.added) {
        call.about("record", added.case_id.to_string(), std::nullopt, call.actor.agency);
        return Problem(ProblemCode::duplicate,
                       "The register of this agency has this record already: " + added.number);
    }
    auto const& row = entry.made().front().row;
    call.audit.detail = detail_of(entry.made());
    call.about("record", row.file.case_id.to_string(), 1, row.file.owner_agency);
    return record_reply(call, row, 201);
}

// ---------------------------------------------------------------- many

Outcome<protocol::RecordRowsMessage> parse_import(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    return protocol::read_record_rows(arrival.body);
}

// A dry run leaves the register as it was: what is there already is looked up, nothing is entered.
Outcome<Reply> run_import(MakeCache& makes,
                          Call& call,
                          protocol::RecordRowsMessage const& message,
                          storage::UnitOfWork& unit) {
    call.about("record", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("record", {Relation::own_agency})));
    auto const catalogue = makes.current(unit);
    Entry entry(call, unit, *catalogue);
    std::vector<protocol::RecordRowResult> results(message.rows.size());
    std::vector<std::size_t> row_of;  // of each record that was made
    for (std::size_t i = 0; i < message.rows.size(); ++i) {
        auto const& row = message.rows[i];
        results[i].row = i;
        results[i].violations = row.record ? entry.take(*row.record) : row.violations;
        if (entry.refusal()) {
            return *entry.refusal();
        }
        if (results[i].violations.empty()) {
            row_of.push_back(i);
        } else {
            results[i].result = "rejected";
        }
    }
    auto const added = message.dry_run ? storage::look_up_records(unit, entry.made())
                                       : storage::add_records(unit, entry.made());
    for (std::size_t i = 0; i < added.size(); ++i) {
        auto& result = results[row_of[i]];
        bool const fresh = added[i].added;
        result.result = !fresh ? "duplicate" : message.dry_run ? "valid" : "entered";
        if (!fresh || !message.dry_run) {
            result.record_id = added[i].case_id;
            result.number = added[i].number;
        }
    }
    call.audit.detail = (message.dry_run ? "dry run, " : "") + detail_of(entry.made());
    call.audit.groups.assign(call.decision.groups.begin(), call.decision.groups.end());
    Reply reply;
    reply.body = protocol::write_record_row_results(results);
    return reply;
}

}  // namespace

void bind_record_entry(Routes& routes) {
    auto const makes = std::make_shared<MakeCache>();
    routes.add("register_add",
               parse_add,
               [makes](Call& call, IllicitRecord const& record, storage::UnitOfWork& unit) {
                   return run_add(*makes, call, record, unit);
               });
    routes.add(
        "register_import",
        parse_import,
        [makes](Call& call, protocol::RecordRowsMessage const& message, storage::UnitOfWork& unit) {
            return run_import(*makes, call, message, unit);
        });
}

}  // namespace rastro::server
