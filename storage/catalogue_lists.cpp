// Loading lists of makers into the catalogue.
#include <map>
#include <set>

#include "common/text.hpp"
#include "storage/catalogue_repo.hpp"

namespace rastro::storage {

namespace {

// Lists are loaded one after the other, so that two of them never make the same entry.
constexpr Query kLock{"catalogue_lock",
                      "select pg_advisory_xact_lock(hashtextextended('rastro.catalogue', 0))"};
constexpr Query kKnownMakes{
    "make_known",
    "select make_id, name, ncic_code, list_rank from make where make_id = any(:ids::text[]) or "
    "ncic_code = any(:codes::text[]) order by list_rank, make_id"};
constexpr Query kKnownLines{
    "make_source_known",
    "select s.code, s.wording from make_source s join unnest(:codes::text[], :wordings::text[]) as "
    "x(code, wording) on s.code = x.code and s.wording = x.wording where s.list = :list"};
constexpr Query kAddMakes{
    "make_add",
    "insert into make (make_id, name, kind, country, ncic_code, source, list_rank, added_at) "
    "select x.id, x.name, x.kind, nullif(x.country, ''), nullif(x.code, ''), x.source, "
    ":rank::smallint, clock_timestamp() from unnest(:ids::text[], :names::text[], :kinds::text[], "
    ":countries::text[], :codes::text[], :sources::text[]) as "
    "x(id, name, kind, country, code, source)"};
constexpr Query kAddAliases{
    "make_alias_add",
    "insert into make_alias (make_id, alias, alias_key, source, added_at) select x.id, x.alias, "
    "x.key, :source, clock_timestamp() from unnest(:ids::text[], :aliases::text[], :keys::text[]) "
    "as x(id, alias, key) on conflict (make_id, alias) do nothing"};
constexpr Query kAddLines{
    "make_source_add",
    "insert into make_source (list, code, wording, make_id) select :list, x.code, x.wording, x.id "
    "from unnest(:codes::text[], :wordings::text[], :ids::text[]) as x(code, wording, id) "
    "on conflict (list, code, wording) do nothing"};

std::string slug_of(std::string_view name) {
    auto slug = to_lower_ascii(cases::make_words(name));
    std::string kept;
    for (char c : slug) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) {
            kept.push_back(c);
        } else if (!kept.empty() && kept.back() != '-') {
            kept.push_back('-');
        }
    }
    kept = kept.substr(0, 60);
    while (kept.ends_with('-')) {
        kept.pop_back();
    }
    return kept.empty() ? "make-" + to_hex(as_bytes(slug)).substr(0, 20) : kept;
}

std::string wanted_id(cases::MakeEntry const& entry) {
    if (!entry.make_id.empty()) {
        return entry.make_id;
    }
    return entry.ncic_code.empty() ? slug_of(entry.name)
                                   : "ncic-" + to_lower_ascii(entry.ncic_code);
}

std::string const& wording_of(cases::MakeEntry const& entry) {
    return entry.source.empty() ? entry.name : entry.source;
}

// Columns of rows to be written, as arrays.
struct Arrays {
    ArrayText makes[6];
    ArrayText aliases[3];
    ArrayText lines[3];
};

// Decides which make each line belongs to.
class ListLoader {
 public:
    ListLoader(Sql sql, std::string const& list, unsigned rank)
        : sql_(sql), list_(list), rank_(rank) {}

    MakeListCounts load(std::span<cases::MakeEntry const> entries) {
        sql_.run(kLock);
        find_known(entries);
        for (auto const& entry : entries) {
            take(entry);
        }
        write();
        return counts_;
    }

 private:
    void find_known(std::span<cases::MakeEntry const> entries) {
        ArrayText ids;
        ArrayText make_codes;
        ArrayText codes;
        ArrayText wordings;
        for (auto const& entry : entries) {
            ids.add(wanted_id(entry));
            if (!entry.ncic_code.empty()) {
                make_codes.add(entry.ncic_code);
            }
            codes.add(entry.ncic_code);
            wordings.add(wording_of(entry));
        }
        auto const makes =
            sql_.run(kKnownMakes, {{"ids", ids.take()}, {"codes", make_codes.take()}});
        for (auto const row : makes) {
            ids_.insert(row.text("make_id"));
            if (row.integer("list_rank") < rank_ && !row.is_null("ncic_code")) {
                by_code_.try_emplace(row.text("ncic_code"), row.text("make_id"));
            }
        }
        auto const lines = sql_.run(
            kKnownLines, {{"codes", codes.take()}, {"wordings", wordings.take()}, {"list", list_}});
        for (auto const row : lines) {
            lines_.insert({row.text("code"), row.text("wording")});
        }
    }

    void take(cases::MakeEntry const& entry) {
        auto id = wanted_id(entry);
        // A code of a country stands for no maker, also not for one that happens to use it.
        auto const same_code = entry.kind == cases::MakeKind::country_only
                                   ? by_code_.end()
                                   : by_code_.find(entry.ncic_code);
        if (same_code != by_code_.end()) {
            id = same_code->second;
        }
        bool const new_line = lines_.insert({entry.ncic_code, wording_of(entry)}).second;
        if (ids_.insert(id).second) {
            std::string_view const columns[]{
                id, entry.name, code_of(entry.kind), entry.country, entry.ncic_code, list_};
            for (std::size_t i = 0; i < std::size(columns); ++i) {
                rows_.makes[i].add(columns[i]);
            }
            ++counts_.added;
        } else {
            ++(new_line ? counts_.joined : counts_.unchanged);
        }
        add_spelling(id, entry.name);
        for (auto const& alias : entry.aliases) {
            add_spelling(id, alias);
        }
        if (new_line) {
            rows_.lines[0].add(entry.ncic_code);
            rows_.lines[1].add(wording_of(entry));
            rows_.lines[2].add(id);
        }
    }

    void add_spelling(std::string const& id, std::string const& alias) {
        if (spellings_.insert({id, alias}).second) {
            rows_.aliases[0].add(id);
            rows_.aliases[1].add(alias);
            rows_.aliases[2].add(alias_key(alias));
        }
    }

    void write() {
        if (rows_.makes[0].size() > 0) {
            sql_.run(kAddMakes,
                     {{"rank", rank_},
                      {"ids", rows_.makes[0].take()},
                      {"names", rows_.makes[1].take()},
                      {"kinds", rows_.makes[2].take()},
                      {"countries", rows_.makes[3].take()},
                      {"codes", rows_.makes[4].take()},
                      {"sources", rows_.makes[5].take()}});
        }
        counts_.aliases_added = static_cast<int>(sql_.run(kAddAliases,
                                                          {{"source", list_},
                                                           {"ids", rows_.aliases[0].take()},
                                                           {"aliases", rows_.aliases[1].take()},
                                                           {"keys", rows_.aliases[2].take()}})
                                                     .affected());
        sql_.run(kAddLines,
                 {{"list", list_},
                  {"codes", rows_.lines[0].take()},
                  {"wordings", rows_.lines[1].take()},
                  {"ids", rows_.lines[2].take()}});
    }

    Sql sql_;
    std::string const& list_;
    unsigned rank_;
    std::set<std::string> ids_;
    std::map<std::string, std::string> by_code_;
    std::set<std::pair<std::string, std::string>> lines_;
    std::set<std::pair<std::string, std::string>> spellings_;
    Arrays rows_;
    MakeListCounts counts_;
};

}  // namespace

MakeListCounts CatalogueRepo::add(std::string const& list,
                                  unsigned rank,
                                  std::span<cases::MakeEntry const> entries) {
    return ListLoader(unit_.sql(), list, rank).load(entries);
}

void CatalogueRepo::add_alias(std::string const& make_id,
                              std::string const& alias,
                              std::string const& source) {
    ArrayText ids;
    ArrayText aliases;
    ArrayText keys;
    ids.add(make_id);
    aliases.add(alias);
    keys.add(alias_key(alias));
    unit_.sql().run(kAddAliases,
                    {{"source", source},
                     {"ids", ids.take()},
                     {"aliases", aliases.take()},
                     {"keys", keys.take()}});
}

}  // namespace rastro::storage
