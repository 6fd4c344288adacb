#include "cases/trace/disposition_chain.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace rastro;
using namespace rastro::cases;

namespace {

// "retailer 2015-03-01 2015-04-01": role, received, disposed ("-" unknown); "used:" before the role
// marks a second-hand segment.
std::vector<ChainLink> chain(std::initializer_list<char const*> rows) {
    std::vector<ChainLink> links;
    for (auto const* row : rows) {
        std::istringstream in{row};
        std::string role;
        std::string received;
        std::string disposed;
        in >> role >> received >> disposed;
        ChainLink link;
        if (role.starts_with("used:")) {
            link.second_hand = true;
            role.erase(0, 5);
        }
        auto const known = chain_role_from(role);
        REQUIRE(known.has_value());
        link.role = *known;
        link.received_on = parse_iso_partial_date(received);
        link.disposed_on = parse_iso_partial_date(disposed);
        link.party = {.name = "Invented Arms", .country = "XA", .place = {}, .licence = {}};
        link.document = "invoice 1";
        link.source_record = "register";
        links.push_back(link);
    }
    return links;
}

std::string told(ChainFindings const& findings) {
    std::string text;
    for (auto const& v : findings.violations) {
        text += v.pointer + ":" + v.code + " ";
    }
    return text;
}

std::string flagged(ChainFindings const& findings) {
    std::string text;
    for (auto const& f : findings.flags) {
        text += std::to_string(f.link) + ":" + f.code + " ";
    }
    return text;
}

}  // namespace

TEST_CASE("chains in order are valid; what is missing is flagged, not refused") {
    struct Row {
        std::vector<ChainLink> links;
        char const* flags;
    };
    for (auto const& row : {
             Row{{}, ""},
             Row{chain({"manufacturer - 2014-01-10",
                        "importer 2014-02-01 2014-03-01",
                        "wholesaler 2014-03-05 2014-06-01",
                        "wholesaler 2014-06-02 2014-07-01",
                        "retailer 2014-07-03 2015-01-09",
                        "purchaser 2015-01-09 -"}),
                 ""},
             Row{chain({"manufacturer - 2014-01-10", "retailer 2014-05-01 -", "purchaser - -"}),
                 "1:gap_before 2:gap_before "},
             Row{chain({"manufacturer - 2014", "government_stock 2014-02 -"}),
                 "0:date_imprecise 1:date_imprecise "},
             Row{chain({"manufacturer - 2014-01-01",
                        "exporter 2014-01-02 2014-01-03",
                        "foreign_importer 2014-01-20 2014-01-25",
                        "end_user 2014-02-01 -"}),
                 ""},
             Row{chain({"retailer 2014-01-02 2014-01-03",
                        "purchaser 2014-01-03 2016-01-01",
                        "used:retailer 2016-01-01 2016-05-01",
                        "purchaser 2016-05-01 -"}),
                 "2:new_segment "},
             Row{chain({"manufacturer - 2014-01-01",
                        "government_stock 2014-01-02 2015-01-01",
                        "exporter 2015-01-02 2015-01-05",
                        "foreign_importer 2015-01-06 -"}),
                 "2:new_segment "},
             Row{chain({"purchaser 2014-01-02 2015-01-01", "purchaser 2015-01-01 -"}), ""},
         }) {
        auto const findings = check_chain(row.links);
        CHECK(told(findings) == "");
        CHECK(findings.valid());
        CHECK(flagged(findings) == row.flags);
    }
}

TEST_CASE("every broken rule is told with its link") {
    struct Row {
        std::vector<ChainLink> links;
        char const* violations;
    };
    auto nameless_border = chain({"exporter - -"});
    nameless_border[0].party.country.clear();
    nameless_border[0].source_record.clear();
    for (auto const& row : {
             Row{chain({"retailer 2014-01-01 2014-01-02", "wholesaler 2014-01-03 -"}),
                 "/chain/1/role:chain_role_order "},
             Row{chain({"importer 2014-01-01 2014-01-02", "manufacturer - 2014-01-03"}),
                 "/chain/1/role:chain_role_order "},
             Row{chain({"retailer 2014-01-01 2014-01-02", "retailer 2014-01-02 -"}),
                 "/chain/1/role:chain_role_order "},
             Row{chain({"purchaser 2014-01-01 2014-01-02", "retailer 2014-01-02 -"}),
                 "/chain/1/role:chain_role_order "},
             Row{chain({"used:purchaser 2014-01-01 -"}), "/chain/0/role:chain_segment_start "},
             Row{chain({"retailer 2014-01-05 2014-01-02"}),
                 "/chain/0/disposed_on:chain_dates_decrease "},
             Row{chain({"retailer 2014-01-01 2014-02-02", "purchaser 2014-02-01 -"}),
                 "/chain/1/received_on:chain_dates_decrease "},
             Row{chain({"manufacturer - 2014-06-01", "retailer - -", "purchaser 2014-05 -"}),
                 "/chain/2/received_on:chain_dates_decrease "},
             Row{chain({"wholesaler 2014-01-01 2013-01-01", "importer 2012-01-01 -"}),
                 "/chain/0/disposed_on:chain_dates_decrease /chain/1/role:chain_role_order "
                 "/chain/1/received_on:chain_dates_decrease "},
             Row{nameless_border,
                 "/chain/0/party/country:chain_party_country /chain/0/source_record:required "},
         }) {
        CHECK(told(check_chain(row.links)) == row.violations);
    }
    CHECK(told(check_chain(std::vector<ChainLink>(kMaxChainLinks + 1))) ==
          "/chain:too_many_items ");
}

TEST_CASE("dates known only in part are compared as far as they are known") {
    CHECK(check_chain(chain({"retailer 2014-05 2014-05-20", "purchaser 2014 -"})).valid());
    CHECK(!check_chain(chain({"retailer 2014-05 2014-05-20", "purchaser 2013 -"})).valid());
    CHECK(check_chain(chain({"retailer 2014-05-20 2014", "purchaser 2014-05-21 -"})).valid());
}

TEST_CASE("roles, confidences and the groups that protect them are closed lists") {
    for (auto const* code : {"manufacturer",
                             "importer",
                             "wholesaler",
                             "retailer",
                             "purchaser",
                             "exporter",
                             "foreign_importer",
                             "end_user",
                             "government_stock"}) {
        CAPTURE(code);
        auto const role = chain_role_from(code);
        REQUIRE(role.has_value());
        CHECK(code_of(*role) == code);
    }
    CHECK(!chain_role_from("owner"));
    CHECK(chain_confidence_from("stated") == ChainConfidence::stated);
    CHECK(!chain_confidence_from(""));
    CHECK(groups_of(chain({"retailer - -", "purchaser - -"})) ==
          std::vector<std::string>{"G5", "G6"});
    CHECK(groups_of(chain({"government_stock - -"})) == std::vector<std::string>{"G7"});
    CHECK(groups_of({}).empty());
}
