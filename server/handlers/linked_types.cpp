// Case types: what there is, one definition, and versions that agencies load. One administrator
// proposes a version, another person decides (design/access.md, "Two persons").
#include <algorithm>
#include <charconv>

#include "cases/linked/own_version.hpp"
#include "common/text.hpp"
#include "protocol/case_type_json.hpp"
#include "protocol/type_version_json.hpp"
#include "server/case_types.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"
#include "storage/db/storage_error.hpp"
#include "storage/type_version_repo.hpp"

namespace rastro::server {

namespace {

using cases::CaseTypeDefinition;
using cases::Relation;
using storage::Lock;
using storage::TypeVersion;
using storage::UnitOfWork;

constexpr std::size_t kMostDefinitionBytes = 1'000'000;
constexpr int kMostVersion = 1'000'000;

Outcome<Reply> run_types(Call& call, NoCommand const&, UnitOfWork& unit) {
    RASTRO_CHECK(call.authorise(facts_of("case_type", {Relation::directory})));
    auto const own = storage::accepted_type_versions(unit, call.actor.agency);
    std::vector<CaseTypeDefinition const*> types;
    for (auto const* type : call.services().case_types.built_in()) {
        if (type != call.services().case_types.newest(type->id)) {
            continue;
        }
        auto const accepted = std::ranges::find(own, type->id, &storage::AcceptedVersion::type);
        if (accepted != own.end()) {
            RASTRO_TRY(loaded, call.services().case_types.load(unit, type->id, accepted->version));
            type = loaded;
        }
        types.push_back(type);
    }
    Reply reply;
    reply.body = protocol::write_case_types(types);
    return reply;
}

struct TypeQuery {
    std::string type;
    std::optional<int> version;
};

std::optional<int> version_number(std::string_view text) {
    int number = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && number >= 1 && number <= kMostVersion ? std::optional(number) : std::nullopt;
}

Outcome<TypeQuery> parse_type(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"version"}));
    TypeQuery asked{.type = path_text(arrival, "type"), .version = {}};
    if (auto const text = query_text(arrival, "version"); !text.empty()) {
        asked.version = version_number(text);
        if (!asked.version) {
            return violation("query:/version", "out_of_range", {"1", std::to_string(kMostVersion)});
        }
    }
    return asked;
}

Outcome<Reply> run_type(Call& call, TypeQuery const& asked, UnitOfWork& unit) {
    RASTRO_CHECK(call.authorise(facts_of("case_type", {Relation::directory})));
    auto& types = call.services().case_types;
    RASTRO_TRY(type,
               asked.version ? types.load(unit, asked.type, *asked.version)
                             : types.for_new_case(unit, asked.type, call.actor.agency));
    if (type == nullptr) {
        return ProblemCode::not_found;
    }
    Reply reply;
    reply.body = protocol::write_case_type(*type);
    return reply;
}

// ---------------------------------------------------------------- versions

protocol::TypeVersionMessage to_message(TypeVersion const& version) {
    return {.type = version.type,
            .version = version.version,
            .state = version.state,
            .sha256 = to_hex(version.digest),
            .agency = version.agency,
            .note = version.note,
            .proposed_by = version.proposed_by.to_string(),
            .proposed_at = version.proposed_at,
            .decided_by = version.decided_by ? version.decided_by->to_string() : std::string(),
            .decided_at = version.decided_at};
}

Outcome<std::string> parse_type_name(Arrival const& arrival) {
    return path_text(arrival, "type");
}

Outcome<Reply> run_versions(Call& call, std::string const& id, UnitOfWork& unit) {
    RASTRO_CHECK(call.authorise(facts_of("case_type", {Relation::directory})));
    std::vector<protocol::TypeVersionMessage> items;
    for (auto const& version : storage::list_type_versions(unit, id)) {
        items.push_back(to_message(version));
        // Why it was made and by whom is for its own agency.
        if (version.agency != call.actor.agency) {
            items.back().note.clear();
            items.back().proposed_by.clear();
            items.back().decided_by.clear();
        }
    }
    for (auto const* type : call.services().case_types.built_in()) {
        if (type->id == id) {
            items.push_back({.type = id,
                             .version = type->version,
                             .state = "built_in",
                             .sha256 = type->sha256,
                             .agency = {},
                             .note = {},
                             .proposed_by = {},
                             .proposed_at = {},
                             .decided_by = {},
                             .decided_at = {}});
        }
    }
    if (items.empty()) {
        return ProblemCode::not_found;
    }
    Reply reply;
    reply.body = protocol::write_type_versions(items);
    return reply;
}

struct Proposal {
    std::string type;
    protocol::TypeVersionPropose body;
};

Outcome<Proposal> parse_proposal(Arrival const& arrival) {
    RASTRO_TRY(body, protocol::read_type_version_propose(arrival.body));
    return Proposal{path_text(arrival, "type"), std::move(body)};
}

// Places of faults as the sender finds them.
Problem below(Problem const& problem, std::string const& member) {
    Problem placed(problem.code());
    for (auto const& violation : problem.violations()) {
        placed.add({member + violation.pointer, violation.code, violation.params});
    }
    return placed;
}

Outcome<Reply> run_propose(Call& call, Proposal const& asked, UnitOfWork& unit) {
    auto const* base = call.services().case_types.newest(asked.type);
    // Only a name that there is goes into the record, not what somebody wrote.
    call.about(
        "case_type", base != nullptr ? base->id : std::string(), std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("case_type", {Relation::own_agency})));
    if (base == nullptr || !cases::is_declared_case(base->id)) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_type");
    }
    if (asked.body.definition.size() > kMostDefinitionBytes) {
        return violation("/definition", "too_long", {std::to_string(kMostDefinitionBytes)});
    }
    auto const read = protocol::read_own_case_type(asked.body.definition, *base);
    if (!read) {
        return below(read.error(), "/definition");
    }
    int const highest =
        std::max(storage::highest_type_version(unit, asked.type), cases::kFirstOwnVersion - 1);
    if (read->version <= highest) {
        return Problem(ProblemCode::conflict,
                       "The next version of this type is " + std::to_string(highest + 1));
    }
    TypeVersion version;
    version.type = read->id;
    version.version = read->version;
    version.agency = call.actor.agency;
    version.definition = asked.body.definition;
    version.digest = sha256(asked.body.definition);
    version.note = asked.body.note;
    version.proposed_by = caller_id(call);
    version.proposed_at = unit.now();
    try {
        storage::insert_type_version(unit, version);
    } catch (storage::StorageError const& error) {
        if (error.fault() == storage::StorageFault::unique_violation) {
            return Problem(ProblemCode::conflict, "This version has just been loaded by another");
        }
        throw;
    }
    call.about(
        "case_type", version.type, static_cast<std::uint64_t>(version.version), call.actor.agency);
    Reply reply;
    reply.status = 201;
    reply.body = protocol::write_type_version(to_message(version));
    return reply;
}

struct Decision {
    std::string type;
    int version = 0;
    std::string decision;
};

Outcome<Decision> parse_decision(Arrival const& arrival) {
    auto const version = version_number(path_text(arrival, "version"));
    if (!version) {
        return ProblemCode::not_found;
    }
    RASTRO_TRY(body, protocol::read_type_version_decision(arrival.body));
    return Decision{path_text(arrival, "type"), *version, std::move(body.decision)};
}

Outcome<Reply> run_decision(Call& call, Decision const& asked, UnitOfWork& unit) {
    auto version = storage::find_type_version(unit, asked.type, asked.version, Lock::none);
    call.about("case_type",
               version ? version->type : std::string(),
               static_cast<std::uint64_t>(asked.version),
               version ? version->agency : std::string());
    bool const own = version && version->agency == call.actor.agency;
    auto facts = facts_of("case_type", {own ? Relation::own_agency : Relation::none});
    if (own) {
        if (call.actor.id == version->proposed_by.to_string()) {
            return Problem(ProblemCode::two_persons_required,
                           "Who loaded the version cannot decide on it")
                .with_audit_reason("same_person");
        }
        facts.author = version->proposed_by.to_string();
    }
    RASTRO_CHECK(call.authorise(facts));
    version = storage::find_type_version(unit, asked.type, asked.version, Lock::for_update);
    bool const retires = asked.decision == "retired";
    if (!version || version->state != (retires ? "accepted" : "proposed")) {
        return Problem(
            ProblemCode::conflict,
            retires ? "Only an accepted version is retired" : "This version has been decided on");
    }
    version->state = asked.decision;
    version->decided_by = caller_id(call);
    version->decided_at = unit.now();
    storage::decide_type_version(unit, *version);
    Reply reply;
    reply.body = protocol::write_type_version(to_message(*version));
    return reply;
}

}  // namespace

void bind_linked_types(Routes& routes) {
    routes.add("case_type_list", parse_nothing, run_types);
    routes.add("case_type_read", parse_type, run_type);
    routes.add("case_type_version_list", parse_type_name, run_versions);
    routes.add("case_type_version_propose", parse_proposal, run_propose);
    routes.add("case_type_version_decide", parse_decision, run_decision);
}

}  // namespace rastro::server
