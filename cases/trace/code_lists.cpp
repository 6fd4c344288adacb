#include "cases/trace/code_lists.hpp"

#include <map>

#include "cases/trace/calibre.hpp"
#include "cases/trace/offence.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/type_code.hpp"

namespace rastro::embedded {
std::string_view code_names();
std::string_view linked_codes();
std::string_view countries_csv();
}  // namespace rastro::embedded

namespace rastro::cases {

namespace {

using Lists = std::map<std::string, std::vector<CodeName>, std::less<>>;

std::string cell(ReferenceTable const& table, std::size_t row, std::string_view column) {
    return std::string(table.cell(row, column));
}

void add_named(Lists& lists, std::string_view csv) {
    ReferenceTable const table(csv);
    for (std::size_t i = 0; i < table.size(); ++i) {
        lists[cell(table, i, "list")].push_back({cell(table, i, "code"),
                                                 cell(table, i, "label_en"),
                                                 cell(table, i, "label_es"),
                                                 cell(table, i, "label_pt"),
                                                 cell(table, i, "label_fr"),
                                                 cell(table, i, "group")});
    }
}

void add_countries(std::vector<CodeName>& list) {
    ReferenceTable const table(embedded::countries_csv());
    for (std::size_t i = 0; i < table.size(); ++i) {
        list.push_back({cell(table, i, "country"),
                        cell(table, i, "name_en"),
                        cell(table, i, "name_es"),
                        cell(table, i, "name_pt"),
                        cell(table, i, "name_fr"),
                        table.cell(i, "synthetic") == "yes"
                            ? "synthetic"
                            : (table.cell(i, "oas_member") == "yes" ? "oas_member" : "")});
    }
}

Lists read_lists() {
    Lists lists;
    add_named(lists, embedded::code_names());
    add_named(lists, embedded::linked_codes());
    add_countries(lists["countries"]);
    for (auto const& type : all_types()) {
        lists["type-codes"].push_back({type.code,
                                       type.label_en,
                                       type.label_es,
                                       type.label_pt,
                                       type.label_fr,
                                       type.atf_report});
    }
    for (auto const& offence : all_offence_categories()) {
        lists["offence-categories"].push_back({offence.code,
                                               offence.label_en,
                                               offence.label_es,
                                               offence.label_pt,
                                               offence.label_fr,
                                               offence.crime ? "crime" : "no_crime"});
    }
    for (auto const& calibre : all_calibres()) {
        // A designation is the same in every language.
        auto const& name = calibre.designation;
        lists["calibres"].push_back({calibre.id, name, name, name, name, calibre.group});
    }
    return lists;
}

Lists const& all_lists() {
    static Lists const lists = read_lists();
    return lists;
}

}  // namespace

std::vector<std::string> code_list_names() {
    std::vector<std::string> names;
    for (auto const& [name, list] : all_lists()) {
        names.push_back(name);
    }
    return names;
}

std::vector<CodeName> const* find_code_list(std::string_view name) {
    auto const found = all_lists().find(name);
    return found == all_lists().end() ? nullptr : &found->second;
}

}  // namespace rastro::cases
