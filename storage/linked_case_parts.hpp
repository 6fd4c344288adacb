// What stands beside a declared case: parties and what is shared with them, the team, seals, first
// acts of two, links, walls, first detections. Load and store only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

using GrantId = Id<struct SealGrantTag>;
using LinkId = Id<struct CaseLinkTag>;

struct CaseShare {
    std::string agency;
    std::string relation;  // addressed: the other side; copied: is told
    std::vector<std::string> groups;
    std::vector<std::string> purposes;
    std::string onward = "no";
    std::optional<Instant> valid_until;
};
[[nodiscard]] std::vector<CaseShare> shares_of(UnitOfWork& unit, CaseId const& case_id);
// Adds the agency as a party and sets what it may see.
void put_share(UnitOfWork& unit,
               CaseId const& case_id,
               std::string_view owner_agency,
               CaseShare const& share,
               std::string_view by);
// Ends all shares (not the parties): agencies that had one.
[[nodiscard]] std::vector<std::string> recall_shares(UnitOfWork& unit, CaseId const& case_id);
[[nodiscard]] bool agency_exists(UnitOfWork& unit, std::string_view agency);

struct CaseMember {
    UserId user_id;
    std::string kind;  // team, named
};
[[nodiscard]] std::vector<CaseMember> members_of(UnitOfWork& unit, CaseId const& case_id);
void put_member(UnitOfWork& unit,
                CaseId const& case_id,
                CaseMember const& member,
                std::string_view by);

struct SealGrant {
    GrantId grant_id = GrantId::generate();
    CaseId case_id;
    UserId user_id;
    std::string reason;
    UserId proposed_by;
    std::optional<UserId> decided_by;
    std::string decision;
    std::optional<Instant> valid_until;
};
void propose_seal(UnitOfWork& unit, SealGrant const& grant);
[[nodiscard]] std::optional<SealGrant> find_seal(UnitOfWork& unit, GrantId const& grant_id);
void decide_seal(UnitOfWork& unit, SealGrant const& grant);

struct Proposal {
    Uuid proposal_id = Uuid::generate_v7();
    Uuid object_id;
    std::string event;
    std::string proposed_by;
    std::vector<std::string> roles;
    Instant proposed_at{};
};
[[nodiscard]] std::vector<Proposal> open_proposals(UnitOfWork& unit, CaseId const& case_id);
void add_proposal(UnitOfWork& unit,
                  CaseId const& case_id,
                  std::string_view agency,
                  Proposal const& proposal);
void complete_proposal(UnitOfWork& unit,
                       CaseId const& case_id,
                       Uuid const& proposal_id,
                       std::string_view by);

struct CaseLink {
    LinkId link_id = LinkId::generate();
    CaseId from_case;
    CaseId to_case;
    std::string kind;
    std::string basis;
    int confidence = 3;
    std::string state = "proposed";
    std::string asserted_by;
    std::string asserted_agency;
    std::string decided_by;
    std::string from_number;
    std::string from_type;
    std::string to_number;
    std::string to_type;
    Instant created_at{};
};
// Both directions; only those of which both ends may be seen (row-level security).
[[nodiscard]] std::vector<CaseLink> links_of(UnitOfWork& unit, CaseId const& case_id);
[[nodiscard]] bool case_is_visible(UnitOfWork& unit, CaseId const& case_id);
void insert_link(UnitOfWork& unit, CaseLink const& link);
void decide_link(UnitOfWork& unit,
                 LinkId const& link_id,
                 std::string_view state,
                 std::string_view by);
[[nodiscard]] std::optional<CaseLink> find_link(UnitOfWork& unit, LinkId const& link_id);

struct StaffName {
    UserId user_id;
    std::string name;
};
[[nodiscard]] std::vector<StaffName> staff_names(UnitOfWork& unit);  // of the acting agency
void raise_wall(UnitOfWork& unit,
                CaseId const& case_id,
                UserId const& user_id,
                std::string_view ground);

// Courses that a member of the own staff holds on the day (register of specialised units).
[[nodiscard]] std::vector<std::string> valid_courses(UnitOfWork& unit,
                                                     std::string_view person,
                                                     Date on);

// Keeps the earliest day of collection a scope; returns "first", "correction" or "" (unchanged).
[[nodiscard]] std::string record_first_detection(UnitOfWork& unit,
                                                 std::string_view substance,
                                                 std::string_view scope,
                                                 std::string_view country,
                                                 CaseId const& case_id,
                                                 Date collected_on);

}  // namespace rastro::storage
