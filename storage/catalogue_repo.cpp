#include "storage/catalogue_repo.hpp"

#include <map>

namespace rastro::storage {

namespace {

constexpr Query kVersion{
    "catalogue_version",
    "select m.makes, a.aliases, (extract(epoch from greatest(m.newest, a.newest)) * "
    "1000000)::bigint as newest from (select count(*) as makes, max(added_at) as newest from make) "
    "m, (select count(*) as aliases, max(added_at) as newest from make_alias) a"};

#define RASTRO_MAKE_COLUMNS                                                                \
    "select m.make_id, m.name, m.kind, m.country, m.ncic_code, m.source, m.list_rank, "    \
    "(select coalesce(array_agg(a.alias order by a.alias), '{}') from make_alias a where " \
    "a.make_id = m.make_id and a.alias <> m.name) as aliases from make m "

constexpr Query kLoad{"make_load", RASTRO_MAKE_COLUMNS "order by m.list_rank, m.make_id"};
constexpr Query kHas{"make_has", "select 1 from make where make_id = :id"};
// Folded words hold no pattern characters.
constexpr Query kList{
    "make_list",
    RASTRO_MAKE_COLUMNS
    "where m.make_id > :after and (:ncic_code = '' or m.ncic_code = :ncic_code) "
    "and (:text = '' or m.make_id in (select b.make_id from make_alias b where b.alias_key like "
    "'%' || :text || '%')) order by m.make_id limit :limit::integer"};

constexpr Query kQueueReviews{
    "make_review_queue",
    "insert into make_review (review_id, agency, alias_key, raw_text, seen) select x.id, :agency, "
    "x.key, x.raw, x.seen from unnest(:ids::uuid[], :keys::text[], :texts::text[], "
    ":seen::integer[]) as x(id, key, raw, seen) order by x.key on conflict (agency, alias_key) do "
    "update set seen = make_review.seen + excluded.seen"};

#define RASTRO_REVIEW_COLUMNS                                                           \
    "select review_id, agency, raw_text, seen, state, make_id, decided_by, " RASTRO_US( \
        "decided_at") ", " RASTRO_US("created_at") " from make_review "

constexpr Query kReviews{
    "make_review_list",
    RASTRO_REVIEW_COLUMNS
    "where agency = :agency and (:state = '' or state = :state) "
    "and (:after::uuid is null or review_id > :after::uuid) order by review_id limit "
    ":limit::integer"};
constexpr Query kLockReview{"make_review_lock",
                            RASTRO_REVIEW_COLUMNS "where review_id = :id::uuid for update"};
constexpr Query kDecideReview{
    "make_review_decide",
    "update make_review set state = :state, make_id = :make_id, decided_by = :by, decided_at = "
    ":at::timestamptz where review_id = :id::uuid"};

MakeReview read_review(Row const& row) {
    return {.id = row.id<ReviewId>("review_id"),
            .agency = row.text("agency"),
            .raw_text = row.text("raw_text"),
            .seen = static_cast<int>(row.integer("seen")),
            .state = row.text("state"),
            .make_id = row.text("make_id"),
            .decided_by = row.text("decided_by"),
            .decided_at = row.maybe_instant("decided_at"),
            .created_at = row.instant("created_at")};
}

Value maybe(std::string const& text) {
    return text.empty() ? Value(std::nullopt) : Value(text);
}

}  // namespace

std::string alias_key(std::string_view text) {
    return cases::make_words(text);
}

CatalogueVersion CatalogueRepo::version() {
    auto const rows = unit_.sql().run(kVersion);
    auto const row = rows.front();
    return {.makes = row.integer("makes"),
            .aliases = row.integer("aliases"),
            .newest_us = row.maybe_integer("newest").value_or(0)};
}

std::vector<cases::MakeEntry> CatalogueRepo::load() {
    auto const rows = unit_.sql().run(kLoad);
    std::vector<cases::MakeEntry> entries;
    entries.reserve(rows.size());
    for (auto const row : rows) {
        entries.push_back(
            {.make_id = row.text("make_id"),
             .name = row.text("name"),
             .kind = cases::make_kind_from(row.view("kind")).value_or(cases::MakeKind::maker),
             .country = row.text("country"),
             .ncic_code = row.text("ncic_code"),
             .aliases = row.texts("aliases"),
             .source = row.text("source"),
             .rank = static_cast<unsigned>(row.integer("list_rank"))});
    }
    return entries;
}

bool CatalogueRepo::has_make(std::string_view make_id) {
    return !unit_.sql().run(kHas, {{"id", make_id}}).empty();
}

std::vector<MakeRow> CatalogueRepo::list(MakeFilter const& filter) {
    auto const rows = unit_.sql().run(kList,
                                      {{"after", filter.after},
                                       {"ncic_code", filter.ncic_code},
                                       {"text", alias_key(filter.text)},
                                       {"limit", filter.limit}});
    std::vector<MakeRow> makes;
    for (auto const row : rows) {
        makes.push_back({.make_id = row.text("make_id"),
                         .name = row.text("name"),
                         .kind = row.text("kind"),
                         .country = row.text("country"),
                         .ncic_code = row.text("ncic_code"),
                         .aliases = row.texts("aliases"),
                         .source = row.text("source")});
    }
    return makes;
}

void CatalogueRepo::queue_reviews(std::string const& agency, std::span<UnknownMake const> unknown) {
    std::map<std::string, UnknownMake> by_key;  // one row for each, in one order everywhere
    for (auto const& name : unknown) {
        auto const [at, fresh] = by_key.try_emplace(alias_key(name.text), name);
        at->second.seen += fresh ? 0 : name.seen;
    }
    if (by_key.empty()) {
        return;
    }
    ArrayText ids;
    ArrayText keys;
    ArrayText texts;
    ArrayText seen;
    for (auto const& [key, name] : by_key) {
        ids.add(ReviewId::generate().to_string());
        keys.add(key);
        texts.add(name.text);
        seen.add(std::to_string(name.seen));
    }
    unit_.sql().run(kQueueReviews,
                    {{"agency", agency},
                     {"ids", ids.take()},
                     {"keys", keys.take()},
                     {"texts", texts.take()},
                     {"seen", seen.take()}});
}

std::vector<MakeReview> CatalogueRepo::reviews(std::string const& agency,
                                               std::string const& state,
                                               std::optional<ReviewId> const& after,
                                               int limit) {
    auto const rows = unit_.sql().run(
        kReviews, {{"agency", agency}, {"state", state}, {"after", after}, {"limit", limit}});
    std::vector<MakeReview> reviews;
    for (auto const row : rows) {
        reviews.push_back(read_review(row));
    }
    return reviews;
}

std::optional<MakeReview> CatalogueRepo::lock_review(ReviewId id) {
    auto const rows = unit_.sql().run(kLockReview, {{"id", id}});
    return rows.empty() ? std::nullopt : std::optional<MakeReview>(read_review(rows.front()));
}

void CatalogueRepo::decide_review(MakeReview const& review) {
    unit_.sql().run(kDecideReview,
                    {{"state", review.state},
                     {"make_id", maybe(review.make_id)},
                     {"by", review.decided_by},
                     {"at", unit_.now()},
                     {"id", review.id}});
}

}  // namespace rastro::storage
