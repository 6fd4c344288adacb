// What an agency asks about one recovery's firearm: the content of a trace request
// (domain/tracing.md 2.1 and 3.3), and the rules that decide whether it may be sent. Field groups
// (8.2) stand beside each part.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/code_table.hpp"
#include "cases/trace/firearm.hpp"
#include "common/clock.hpp"
#include "common/problem.hpp"

namespace rastro::cases {

enum class Priority : std::uint8_t { routine, urgent };

// Why a request may be urgent (2.3).
enum class UrgentGround : std::uint8_t {
    homicide_or_officer_shot,
    mass_casualty,
    imminent_threat,
    in_custody_clock,
    active_pursuit,
    terrorism,
};

// 3.3; only the first two are open to every agency, the others need an agreement.
enum class Purpose : std::uint8_t {
    investigation,
    prosecution,
    intelligence,
    border_control,
    stock_audit,
    sanctions_monitoring,
    statistics,
};

// Why the firearm is thought illicit (1.2: INTERPOL's five tests).
enum class IllicitGround : std::uint8_t {
    illicit_under_local_law,
    embargo_breach,
    unmarked,
    unlicensed_manufacture,
    unauthorised_transfer,
};

enum class RecoveryPrecision : std::uint8_t { day, month, year, unknown };
enum class PersonRole : std::uint8_t { possessor, associate };

[[nodiscard]] std::string_view code_of(Priority value) noexcept;
[[nodiscard]] std::string_view code_of(UrgentGround value) noexcept;
[[nodiscard]] std::string_view code_of(Purpose value) noexcept;
[[nodiscard]] std::string_view code_of(IllicitGround value) noexcept;
[[nodiscard]] std::string_view code_of(RecoveryPrecision value) noexcept;
[[nodiscard]] std::string_view code_of(PersonRole value) noexcept;
[[nodiscard]] std::optional<Priority> priority_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<UrgentGround> urgent_ground_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<Purpose> purpose_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<IllicitGround> illicit_ground_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<RecoveryPrecision> recovery_precision_from(
    std::string_view code) noexcept;
[[nodiscard]] std::optional<PersonRole> person_role_from(std::string_view code) noexcept;

// G2; the exact place is G2x and goes only to the owner.
struct Recovery {
    std::optional<Date> recovered_on;
    RecoveryPrecision date_precision = RecoveryPrecision::day;
    std::string country;  // ISO 3166-1 alpha-2
    std::string area;     // state, province or city
    std::string place;
    std::optional<double> latitude;  // degrees, WGS 84
    std::optional<double> longitude;
    std::string circumstances;
    std::optional<bool> crime_gun;
    std::vector<std::string>
        context;  // offence category codes that are no crimes: border_seizure, found_firearm, ...
    std::string seizure_ref;
    std::string custody_ref;
};

// G3 (possessor) and G4 (associates). All parts optional; nothing about race or ethnicity is kept.
struct PersonOfInterest {
    PersonRole role = PersonRole::possessor;
    std::string family_name;
    std::string given_names;
    std::string alias;
    std::string sex;  // f, m, x
    std::optional<Date> birth_date;
    std::string birth_place;
    std::string nationality;  // ISO 3166-1 alpha-2
    std::string id_kind;
    std::string id_number;
    std::string address;
    std::string relation;  // associates: to the possessor
    std::string remarks;
};

// G4
struct Vehicle {
    std::string plate;
    std::string plate_country;
    std::string vin;
    std::string description;
};

// Whom to ask: a country (its route decides) or one agency.
struct Recipient {
    std::string country;
    std::string agency;
    friend bool operator==(Recipient const&, Recipient const&) = default;
};

struct TraceRequestContent {
    FirearmDescription firearm;  // G0, G1
    Recovery recovery;
    std::vector<PersonOfInterest> persons;
    std::optional<Vehicle> vehicle;

    Priority priority = Priority::routine;
    std::optional<UrgentGround> urgent_ground;
    std::string urgent_justification;
    Purpose purpose = Purpose::investigation;
    std::string legal_basis;
    std::string agreement;
    std::string offence_code;  // offence category
    std::string project_code;
    std::string special_instructions;
    std::string intended_use;
    std::optional<IllicitGround> illicit_ground;
    std::string restrictions_asked;
    std::string handling_code = "H1";
    std::string handling_text;

    // G8
    std::string agency_case_no;
    std::string unit;
    std::string requester_name;
    std::string badge_no;
    std::string contact;
    bool sensitive = false;  // requester is masked to everybody outside the agency

    bool forward_consent = false;
    std::vector<std::string> requested_groups;  // groups asked for: G5, G6, G7 ...
    std::vector<std::string> shared_groups{"G0", "G1", "G2", "G8", "G9"};
    std::vector<Recipient> recipients;
    std::string source_cells;  // JSON text: cells of an imported row that have no field of their
                               // own; empty if none
};

// Everything that must be in order before a request leaves its agency (T1: mandatory fields, serial
// or condition, purpose, legal basis; 3.3: why illicit, identifying data, intended use; 2.3: urgent
// needs a ground and a justification). All violations at once; pointers are those of the request
// body ("/firearm/serial_raw", "/legal_basis").
[[nodiscard]] std::vector<Violation> check_for_submission(TraceRequestContent const& content);
// What even a draft must keep: well-formed parts, known codes, lengths.
[[nodiscard]] std::vector<Violation> check_draft(TraceRequestContent const& content);

[[nodiscard]] bool asks_for_protected_groups(TraceRequestContent const& content);  // G6 or G7

}  // namespace rastro::cases
