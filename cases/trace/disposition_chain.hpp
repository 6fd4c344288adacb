// The disposition chain: the transfers of one firearm from its maker to where its legal life ends,
// as one answer tells them. Source: domain/tracing.md 2.4 and 10.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/partial_date.hpp"
#include "common/problem.hpp"

namespace rastro::cases {

enum class ChainRole : std::uint8_t {
    manufacturer,
    exporter,
    importer,
    foreign_importer,  // importer in the country exported to
    wholesaler,        // any number, one after the other
    retailer,
    purchaser,         // first retail buyer, or last legal holder where there is a register
    end_user,          // of an export licence
    government_stock,  // military or police
};
[[nodiscard]] std::string_view code_of(ChainRole role) noexcept;
[[nodiscard]] std::optional<ChainRole> chain_role_from(std::string_view code) noexcept;
// Field group that protects the party of this role (8.2): G5, G6 for a purchaser, G7 for state
// stock and end users.
[[nodiscard]] std::string_view field_group_of(ChainRole role) noexcept;

// How sure the answering agency is.
enum class ChainConfidence : std::uint8_t { documented, stated, inferred };
[[nodiscard]] std::string_view code_of(ChainConfidence confidence) noexcept;
[[nodiscard]] std::optional<ChainConfidence> chain_confidence_from(std::string_view code) noexcept;

struct ChainParty {
    std::string name;
    std::string country;  // ISO 3166-1 alpha-2
    std::string place;
    std::string licence;
};

struct ChainLink {
    ChainRole role = ChainRole::manufacturer;
    ChainParty party;
    std::optional<PartialDate> received_on;
    std::optional<PartialDate> disposed_on;
    std::string document;       // invoice, licence, form: kind and number
    std::string source_record;  // which register or book says so
    ChainConfidence confidence = ChainConfidence::documented;
    bool second_hand = false;  // a dealer bought it used: a new segment of the chain begins here
};

// Not wrong, but to be seen by who reads the chain.
struct ChainFlag {
    std::size_t link = 0;  // index
    std::string code;  // gap_before, date_imprecise, party_unnamed, new_segment, document_missing
};

struct ChainFindings {
    std::vector<Violation> violations;  // pointers "/chain/2/received_on"
    std::vector<ChainFlag> flags;
    [[nodiscard]] bool valid() const noexcept { return violations.empty(); }
};

inline constexpr std::size_t kMaxChainLinks = 60;

// Looks at the links in their order and tells everything at once.
// Violations:
//   chain_role_order       within a segment each role comes after the one before it: manufacturer,
//                          exporter, importer, foreign_importer, wholesaler, retailer, and at the
//                          end purchaser, end_user or government_stock. Only exporters,
//                          wholesalers, purchasers (transfers in a register) and state stock
//                          repeat. After an end only a second-hand segment or a new exporter
//                          goes on.
//   chain_segment_start    a second-hand segment begins with a dealer: wholesaler or retailer
//   chain_dates_decrease   a link disposes before it received, or receives before the link before
//   it
//                          disposed; dates known to the month or year are compared as far as known
//   chain_party_country    an exporter, importer or foreign importer without country
//   required               a documented link without source record
//   too_many_items         more than 60 links
// Flags: a date or holder missing between two links (gap_before: neither the earlier disposal nor
// the later receipt is known, or more than 31 days lie between), imprecise dates, unnamed parties,
// new segments, documented links without document.
[[nodiscard]] ChainFindings check_chain(std::span<ChainLink const> links);

// Field groups that showing the whole chain would disclose, sorted.
[[nodiscard]] std::vector<std::string> groups_of(std::span<ChainLink const> links);

}  // namespace rastro::cases
