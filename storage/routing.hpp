// What has to be known to send a request on its way: who receives for a country, the agencies
// named, what the own agency may send without a person's approval, and which makes the texts name.
// Asked for many requests at once; read into tables that rules look things up in. Source:
// domain/tracing.md 3.2 (route table), 9.4 T4 (auto-rule), 4.4 (makes).
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "storage/db/sql.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

// An agency that can receive a request now.
struct Receiver {
    std::string agency;
    std::string country;
    std::string backup_agency;  // empty: none
};

struct RoutingQuestion {
    Date day{};
    std::set<std::string> countries;  // beside the own one, which is always asked for
    std::set<std::string> agencies;
    std::set<std::string> make_keys;  // cases::make_words, cases::make_key
};

inline constexpr std::size_t kRoutingQueries = 4;
// kRoutingQueries statements, for the acting agency.
[[nodiscard]] std::vector<BoundQuery> routing_queries(RoutingQuestion const& question);

class RoutingTables {
 public:
    // From the results of routing_queries, in their order.
    [[nodiscard]] static RoutingTables read(std::span<Rows const> results);

    // nullptr: nobody receives for the country. A route for this very priority comes before one for
    // any; an agency that is suspended is replaced by its backup.
    [[nodiscard]] Receiver const* for_country(std::string_view country,
                                              std::string_view priority) const;
    // nullptr: not known to the acting agency, or suspended.
    [[nodiscard]] Receiver const* agency(std::string_view code) const;
    // Whether the own agency's rule of that day approves requests of this priority.
    [[nodiscard]] bool approves_automatically(std::string_view priority) const;
    // make_id that the key names, empty if it names none or several of equal rank.
    [[nodiscard]] std::string make_of(std::string const& key) const;

 private:
    std::map<std::pair<std::string, std::string>, Receiver, std::less<>> by_country_;
    std::map<std::string, Receiver, std::less<>> agencies_;
    std::set<std::string, std::less<>> automatic_;
    std::map<std::string, std::string, std::less<>> makes_;
};

// Asked and read at once, in a unit of work.
[[nodiscard]] RoutingTables load_routing(UnitOfWork& unit, RoutingQuestion const& question);

}  // namespace rastro::storage
