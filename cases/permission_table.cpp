#include "cases/permission_table.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::embedded {
std::string_view permissions_csv();
}

namespace rastro::cases {

namespace {

constexpr std::array<std::pair<Relation, std::string_view>, 11> kRelations{{
    {Relation::self, "self"},
    {Relation::own_agency, "own_agency"},
    {Relation::owner, "owner"},
    {Relation::addressed, "addressed"},
    {Relation::approver, "approver"},
    {Relation::national_contact, "national_contact"},
    {Relation::copied, "copied"},
    {Relation::linked, "linked"},
    {Relation::same_country, "same_country"},
    {Relation::directory, "directory"},
    {Relation::none, "none"},
}};

constexpr std::string_view kHeader =
    "rule,effect,operation,access,roles,relations,conditions,groups";

std::vector<std::string> list(std::string_view cell) {
    std::vector<std::string> items;
    if (cell.empty()) {
        return items;
    }
    for (auto item : split(cell, '|')) {
        items.emplace_back(trim(item));
    }
    return items;
}

std::optional<AccessClass> parse_access(std::string_view text) {
    for (auto access :
         {AccessClass::content, AccessClass::admin, AccessClass::audit, AccessClass::directory}) {
        if (text == to_text(access)) {
            return access;
        }
    }
    return std::nullopt;
}

Problem fault(std::size_t line, std::string_view what) {
    return Problem(ProblemCode::validation_failed,
                   "permission table, line " + std::to_string(line) + ": " + std::string(what));
}

Outcome<PermissionRule> parse_rule(std::string_view text, std::size_t line) {
    auto const cells = split(text, ',');
    if (cells.size() != 8) {
        return fault(line, "eight columns expected");
    }
    PermissionRule rule;
    rule.id = std::string(cells[0]);
    rule.permit = cells[1] == "permit";
    if (!rule.permit && cells[1] != "forbid") {
        return fault(line, "effect is permit or forbid");
    }
    rule.operation = std::string(cells[2]);
    auto const access = parse_access(cells[3]);
    if (!access) {
        return fault(line, "unknown access class");
    }
    rule.access = *access;
    for (auto const& name : list(cells[4])) {
        if (name == "*") {
            rule.any_role = true;
            continue;
        }
        auto const role = parse_role(name);
        if (!role) {
            return fault(line, "unknown role " + name);
        }
        rule.roles.insert(*role);
    }
    for (auto const& name : list(cells[5])) {
        if (name == "*") {
            rule.any_relation = true;
            continue;
        }
        auto const relation = parse_relation(name);
        if (!relation) {
            return fault(line, "unknown relation " + name);
        }
        rule.relations.insert(*relation);
    }
    rule.conditions = list(cells[6]);
    rule.groups = list(cells[7]);
    if (rule.id.empty() || rule.operation.empty() || (rule.roles.empty() && !rule.any_role) ||
        (rule.relations.empty() && !rule.any_relation)) {
        return fault(line, "rule, operation, roles and relations are required");
    }
    return rule;
}

}  // namespace

std::string_view to_text(Relation relation) noexcept {
    for (auto const& [value, text] : kRelations) {
        if (value == relation) {
            return text;
        }
    }
    return {};
}

std::optional<Relation> parse_relation(std::string_view text) noexcept {
    for (auto const& [value, name] : kRelations) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

std::vector<Relation> const& all_relations() {
    static std::vector<Relation> const relations = [] {
        std::vector<Relation> all;
        for (auto const& row : kRelations) {
            all.push_back(row.first);
        }
        return all;
    }();
    return relations;
}

std::string_view to_text(AccessClass access) noexcept {
    switch (access) {
        case AccessClass::content:
            return "content";
        case AccessClass::admin:
            return "admin";
        case AccessClass::audit:
            return "audit";
        case AccessClass::directory:
            break;
    }
    return "directory";
}

Outcome<PermissionTable> PermissionTable::parse(std::string_view csv) {
    PermissionTable table;
    table.version_ = to_hex(sha256(csv)).substr(0, 12);
    std::size_t line = 0;
    for (auto text : split(csv, '\n')) {
        ++line;
        text = trim(text);
        if (line == 1) {
            if (text != kHeader) {
                return fault(line, "unexpected header");
            }
            continue;
        }
        if (text.empty() || text.starts_with('#')) {
            continue;
        }
        RASTRO_TRY(rule, parse_rule(text, line));
        for (auto const& other : table.rules_) {
            if (other.id == rule.id) {
                return fault(line, "rule id used twice: " + rule.id);
            }
            if (other.operation == rule.operation && other.access != rule.access) {
                return fault(line, "rules of one operation name two access classes");
            }
        }
        table.rules_.push_back(std::move(rule));
    }
    return table;
}

PermissionTable const& PermissionTable::built_in() {
    static PermissionTable const table = [] {
        auto parsed = parse(embedded::permissions_csv());
        if (!parsed) {
            throw std::logic_error(parsed.error().detail());
        }
        return std::move(parsed).value();
    }();
    return table;
}

std::vector<PermissionRule const*> PermissionTable::for_operation(
    std::string_view operation) const {
    std::vector<PermissionRule const*> found;
    for (auto const& rule : rules_) {
        if (rule.operation == operation || (rule.operation == "*" && !rule.permit)) {
            found.push_back(&rule);
        }
    }
    return found;
}

AccessClass PermissionTable::access_of(std::string_view operation) const {
    for (auto const& rule : rules_) {
        if (rule.operation == operation) {
            return rule.access;
        }
    }
    return AccessClass::directory;
}

}  // namespace rastro::cases
