#include "cases/linked/treaty.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "common/time_text.hpp"

namespace rastro::embedded {
std::string_view treaty_parties();
}

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<Reliance>, 5> kReliance{{
    {Reliance::sole, "sole"},
    {Reliance::principal, "principal"},
    {Reliance::concurrent, "concurrent"},
    {Reliance::invoked_not_relied, "invoked_not_relied"},
    {Reliance::cited_only, "cited_only"},
}};

constexpr std::array<CodeRow<BasisFault>, 4> kFaults{{
    {BasisFault::not_a_party, "not_a_party"},
    {BasisFault::convention_missing, "convention_missing"},
    {BasisFault::declared_otherwise, "declared_otherwise"},
    {BasisFault::unknown_instrument, "unknown_instrument"},
}};

constexpr std::array<std::string_view, 4> kReported{"UNTOC", "TIP", "SOM", "FAP"};

}  // namespace

std::string_view to_text(Reliance reliance) noexcept {
    return code_in(kReliance, reliance);
}

std::optional<Reliance> parse_reliance(std::string_view text) noexcept {
    return value_in(kReliance, text);
}

std::string_view to_text(BasisFault fault) noexcept {
    return code_in(kFaults, fault);
}

Outcome<TreatyTable> TreatyTable::parse(std::string_view csv) {
    ReferenceTable const table(csv);
    std::vector<TreatyParty> rows;
    std::vector<Violation> faults;
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const fault = [&](std::string_view column, std::string code) {
            faults.push_back(
                {"/" + std::to_string(i) + "/" + std::string(column), std::move(code), {}});
        };
        TreatyParty row;
        row.instrument = table.cell(i, "instrument");
        row.country = table.cell(i, "country");
        row.declarations = table.list(i, "declarations");
        row.source = table.cell(i, "source");
        if (row.instrument.empty()) {
            fault("instrument", "required");
        }
        if (row.country.size() != 2) {
            fault("country", "not_in_list");
        }
        if (row.source.empty()) {
            fault("source", "required");
        }
        if (auto const from = parse_iso_date(table.cell(i, "in_force_from"))) {
            row.from = *from;
        } else {
            fault("in_force_from", "format_date");
        }
        if (auto const to = table.cell(i, "in_force_to"); !to.empty()) {
            row.to = parse_iso_date(to);
            if (!row.to || *row.to <= row.from) {
                fault("in_force_to", "format_date");
            }
        }
        rows.push_back(std::move(row));
    }
    if (!faults.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(faults));
    }
    return TreatyTable(std::move(rows));
}

TreatyTable const& TreatyTable::built_in() {
    static TreatyTable const table = [] {
        auto read = parse(embedded::treaty_parties());
        if (!read) {
            throw std::logic_error("treaty_parties.csv: " + read.error().violations()[0].pointer);
        }
        return std::move(read).value();
    }();
    return table;
}

TreatyParty const* TreatyTable::row_of(std::string_view instrument,
                                       std::string_view country,
                                       Date on) const {
    auto const found = std::ranges::find_if(rows_, [&](TreatyParty const& row) {
        return row.instrument == instrument && row.country == country && row.from <= on &&
               (!row.to || on < *row.to);
    });
    return found == rows_.end() ? nullptr : &*found;
}

bool TreatyTable::is_party(std::string_view instrument, std::string_view country, Date on) const {
    return row_of(instrument, country, on) != nullptr;
}

bool TreatyTable::has_declared(std::string_view instrument,
                               std::string_view country,
                               std::string_view declaration,
                               Date on) const {
    auto const* row = row_of(instrument, country, on);
    return row != nullptr &&
           std::ranges::find(row->declarations, declaration) != row->declarations.end();
}

bool is_convention_or_protocol(std::string_view instrument) noexcept {
    return std::ranges::find(kReported, instrument) != kReported.end();
}

std::optional<BasisFault> check_basis(TreatyTable const& table,
                                      LegalBasis const& basis,
                                      std::string_view cooperation_kind,
                                      std::string_view country_a,
                                      std::string_view country_b,
                                      Date on) {
    bool const known = std::ranges::any_of(
        table.rows(), [&](TreatyParty const& row) { return row.instrument == basis.instrument; });
    if (!known) {
        return BasisFault::unknown_instrument;
    }
    for (auto const country : {country_a, country_b}) {
        if (!table.is_party(basis.instrument, country, on)) {
            return BasisFault::not_a_party;
        }
        if (is_convention_or_protocol(basis.instrument) && !table.is_party("UNTOC", country, on)) {
            return BasisFault::convention_missing;
        }
        bool const extradition_under_16 = cooperation_kind == "extradition" &&
                                          basis.instrument == "UNTOC" &&
                                          basis.article.starts_with("16");
        if (extradition_under_16 &&
            table.has_declared("UNTOC", country, "no_extradition_basis", on)) {
            return BasisFault::declared_otherwise;
        }
    }
    return std::nullopt;
}

}  // namespace rastro::cases
