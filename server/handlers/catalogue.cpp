// Code lists, the catalogue of makers that all agencies share, and each agency's queue of names
// that matched nothing.
#include <algorithm>
#include <array>

#include "cases/trace/code_lists.hpp"
#include "protocol/catalogue_json.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/make_cache.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"

namespace rastro::server {

namespace {

using cases::Relation;
using storage::ReviewId;

// ---------------------------------------------------------------- code lists

Outcome<std::string> parse_code_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    return path_text(arrival, "list");
}

Outcome<Reply> run_code_list(Call& call, std::string const& name, storage::UnitOfWork&) {
    RASTRO_CHECK(call.authorise(facts_of("code_list", {Relation::directory})));
    auto const* list = cases::find_code_list(name);
    if (list == nullptr) {
        std::string known;
        for (auto const& other : cases::code_list_names()) {
            known += (known.empty() ? "" : ", ") + other;
        }
        return Problem(ProblemCode::not_found, "Code lists: " + known);
    }
    std::vector<protocol::CodeListEntry> entries;
    entries.reserve(list->size());
    for (auto const& row : *list) {
        entries.push_back({.code = row.code,
                           .en = row.en,
                           .es = row.es,
                           .pt = row.pt,
                           .fr = row.fr,
                           .group = row.group});
    }
    Reply reply;
    reply.body = protocol::write_code_list(name, entries);
    return reply;
}

// ---------------------------------------------------------------- makes

struct MakeQuery {
    storage::MakeFilter filter;
    protocol::QueryParameters query;
};

Outcome<MakeQuery> parse_make_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"limit", "after", "q", "ncic_code"}));
    RASTRO_TRY(page, text_page(arrival, "make_list"));
    MakeQuery asked;
    asked.query = arrival.query;
    asked.filter = {.text = query_text(arrival, "q"),
                    .ncic_code = query_text(arrival, "ncic_code"),
                    .after = page.after,
                    .limit = page.limit};
    return asked;
}

Outcome<Reply> run_make_list(Call& call, MakeQuery const& asked, storage::UnitOfWork& unit) {
    RASTRO_CHECK(call.authorise(facts_of("make", {Relation::directory})));
    auto filter = asked.filter;
    ++filter.limit;  // one more, to know whether there is a next page
    auto makes = storage::CatalogueRepo(unit).list(filter);
    Reply reply;
    std::string next;
    if (makes.size() > static_cast<std::size_t>(asked.filter.limit)) {
        makes.pop_back();
        next = cursor_after("make_list", makes.back().make_id);
        reply.link = protocol::next_link("/v1/catalogue/makes", asked.query, next);
    }
    std::vector<protocol::MakeMessage> messages;
    for (auto& make : makes) {
        messages.push_back({.make_id = std::move(make.make_id),
                            .name = std::move(make.name),
                            .kind = std::move(make.kind),
                            .country = std::move(make.country),
                            .ncic_code = std::move(make.ncic_code),
                            .aliases = std::move(make.aliases),
                            .source = std::move(make.source)});
    }
    reply.body = protocol::write_makes(messages, next);
    return reply;
}

Outcome<protocol::MakeImport> parse_make_import(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    return protocol::read_make_import(arrival.body);
}

// Lists of others come behind the own starter list: of two makes that answer to one text the lower
// rank wins.
constexpr unsigned kImportedRank = 1;

Outcome<Reply> run_make_import(Call& call,
                               protocol::MakeImport const& message,
                               storage::UnitOfWork& unit) {
    call.about("make_catalogue", message.source, std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("make_catalogue", {Relation::own_agency})));
    std::vector<cases::MakeEntry> entries;
    entries.reserve(message.makes.size());
    for (auto const& make : message.makes) {
        entries.push_back(
            {.make_id = make.make_id,
             .name = make.name,
             .kind = cases::make_kind_from(make.kind).value_or(cases::MakeKind::maker),
             .country = make.country,
             .ncic_code = make.ncic_code,
             .aliases = make.aliases,
             .source = make.wording,
             .rank = kImportedRank});
    }
    auto const counts = storage::CatalogueRepo(unit).add(message.source, kImportedRank, entries);
    Reply reply;
    reply.body = protocol::write_make_import_result({.makes_added = counts.added,
                                                     .aliases_added = counts.aliases_added,
                                                     .joined = counts.joined,
                                                     .unchanged = counts.unchanged});
    return reply;
}

// ---------------------------------------------------------------- names that matched nothing

struct ReviewQuery {
    std::string state;
    std::optional<ReviewId> after;
    int limit = 50;
    protocol::QueryParameters query;
};

constexpr std::array kById{protocol::KeyPart::uuid};
constexpr std::array<std::string_view, 3> kStates{"open", "matched", "rejected"};

Outcome<ReviewQuery> parse_review_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"limit", "after", "state"}));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, "make_review_list", kById));
    ReviewQuery asked;
    asked.query = arrival.query;
    asked.limit = static_cast<int>(limit);
    asked.state = query_text(arrival, "state");
    if (!asked.state.empty() && std::ranges::find(kStates, asked.state) == kStates.end()) {
        return violation("query:/state", "not_in_list");
    }
    if (!key.empty()) {
        asked.after = ReviewId::parse(key.front());
    }
    return asked;
}

protocol::MakeReviewMessage to_message(storage::MakeReview const& review,
                                       cases::MakeCatalogue const& makes) {
    protocol::MakeReviewMessage message{.review_id = review.id.uuid,
                                        .raw_text = review.raw_text,
                                        .seen = review.seen,
                                        .state = review.state,
                                        .make_id = review.make_id,
                                        .suggestions = {},
                                        .decided_by = review.decided_by,
                                        .decided_at = review.decided_at,
                                        .created_at = review.created_at};
    if (review.state == "open") {
        // The catalogue may have learnt the name since.
        auto match = makes.resolve(review.raw_text);
        message.suggestions = std::move(match.suggestions);
        if (match.make != nullptr) {
            message.suggestions.insert(message.suggestions.begin(), match.make->make_id);
        }
    }
    return message;
}

Outcome<Reply> run_review_list(MakeCache& cache,
                               Call& call,
                               ReviewQuery const& asked,
                               storage::UnitOfWork& unit) {
    call.about("make_review", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("make_review", {Relation::own_agency})));
    auto reviews = storage::CatalogueRepo(unit).reviews(
        call.actor.agency, asked.state, asked.after, asked.limit + 1);
    Reply reply;
    std::string next;
    if (reviews.size() > static_cast<std::size_t>(asked.limit)) {
        reviews.pop_back();
        auto const last = reviews.back().id.to_string();
        next = protocol::encode_cursor("make_review_list", std::span(&last, 1));
        reply.link = protocol::next_link("/v1/catalogue/make-reviews", asked.query, next);
    }
    auto const makes = cache.current(unit);
    std::vector<protocol::MakeReviewMessage> messages;
    for (auto const& review : reviews) {
        messages.push_back(to_message(review, *makes));
    }
    reply.body = protocol::write_make_reviews(messages, next);
    return reply;
}

struct DecideReview {
    ReviewId id;
    protocol::MakeReviewDecision decision;
};

Outcome<DecideReview> parse_review_decide(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(id, path_id<ReviewId>(arrival, "review_id"));
    RASTRO_TRY(decision, protocol::read_make_review_decision(arrival.body));
    return DecideReview{.id = id, .decision = std::move(decision)};
}

Outcome<Reply> run_review_decide(MakeCache& cache,
                                 Call& call,
                                 DecideReview const& command,
                                 storage::UnitOfWork& unit) {
    storage::CatalogueRepo repo(unit);
    auto review = repo.lock_review(command.id);
    call.about("make_review",
               command.id.to_string(),
               std::nullopt,
               review ? review->agency : std::string());
    bool const own = review && review->agency == call.actor.agency;
    RASTRO_CHECK(
        call.authorise(facts_of("make_review", {own ? Relation::own_agency : Relation::none})));
    if (!own) {
        return ProblemCode::not_found;
    }
    // A name that was matched is an alias for all agencies by now. One that was taken for no maker
    // may still turn out to be one.
    if (review->state == "matched") {
        return Problem(ProblemCode::conflict, "This name was matched to a make before");
    }
    auto const& decision = command.decision;
    if (decision.matched) {
        if (!repo.has_make(decision.make_id)) {
            return violation("/make_id", "unknown_code", {decision.make_id});
        }
        repo.add_alias(decision.make_id, review->raw_text, "review " + review->agency);
    }
    review->state = decision.matched ? "matched" : "rejected";
    review->make_id = decision.make_id;
    review->decided_by = call.actor.principal();
    review->decided_at = unit.now();
    repo.decide_review(*review);
    Reply reply;
    protocol::append_make_review(reply.body, to_message(*review, *cache.current(unit)));
    return reply;
}

}  // namespace

void bind_catalogue(Routes& routes) {
    auto const makes = std::make_shared<MakeCache>();
    routes.add("code_list_read", parse_code_list, run_code_list);
    routes.add("make_list", parse_make_list, run_make_list);
    routes.add("make_import", parse_make_import, run_make_import);
    routes.add("make_review_list",
               parse_review_list,
               [makes](Call& call, ReviewQuery const& asked, storage::UnitOfWork& unit) {
                   return run_review_list(*makes, call, asked, unit);
               });
    routes.add("make_review_decide",
               parse_review_decide,
               [makes](Call& call, DecideReview const& command, storage::UnitOfWork& unit) {
                   return run_review_decide(*makes, call, command, unit);
               });
}

}  // namespace rastro::server
