#include "protocol/randot_json.hpp"

#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

using namespace rastro::cases;

class Tables {
 public:
    Tables(JsonWriter& json, bool cell_cases) : json_(json), cell_cases_(cell_cases) {}

    void cooperation(CooperationTable const& table) {
        begin("A", table.reported);
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            cooperation_row(to_text(static_cast<CooperationKind>(i)), table.rows[i]);
        }
        cooperation_row("total", table.total);
        begin_row("footnotes");
        cell("active_in_year", table.active);
        cell("invoked_not_relied", table.invoked_not_relied);
        end_row();
        end(table.excluded);
    }

    void convictions(ConvictionTable const& table) {
        begin("B", table.reported);
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            conviction_row(listed_provisions()[i].key, table.rows[i]);
        }
        conviction_row("total", table.total);
        end(table.excluded);
    }

    void legal_persons(LegalPersonTable const& table) {
        begin("C", table.reported);
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            legal_row(to_text(static_cast<Liability>(i)), table.rows[i]);
        }
        legal_row("total", table.total);
        end(table.excluded);
    }

 private:
    void begin(std::string_view name, bool reported) {
        json_.begin_object();
        json_.text("table", name);
        json_.boolean("reported", reported);
        json_.begin_array("rows");
    }
    void end(std::vector<Exclusion> const& excluded) {
        json_.end_array();
        if (cell_cases_ && !excluded.empty()) {
            json_.begin_array("excluded");
            for (auto const& line : excluded) {
                json_.begin_object();
                json_.text("case_id", line.case_id);
                json_.text("reason", line.reason);
                json_.end_object();
            }
            json_.end_array();
        }
        json_.end_object();
    }
    void begin_row(std::string_view name) {
        json_.begin_object();
        json_.text("row", name);
        json_.begin_array("cells");
    }
    void end_row() {
        json_.end_array();
        json_.end_object();
    }

    void number(std::string_view column, std::size_t count, std::set<std::string> const& cases) {
        json_.begin_object();
        json_.text("column", column);
        json_.integer("count", static_cast<std::int64_t>(count));
        if (cell_cases_ && !cases.empty()) {
            json_.texts("cases", cases);
        }
        json_.end_object();
    }
    void cell(std::string_view column, Cell const& cell) {
        number(column, cell.cases.size(), cell.cases);
    }
    void persons(std::string_view column, Cell const& cell) {
        number(column, cell.persons.size(), cell.cases);
    }

    void cooperation_row(std::string_view name, CooperationRow const& row) {
        begin_row(name);
        cell("out", row.out);
        cell("in", row.in);
        cell("joint", row.joint);
        cell("total", row.total);
        for (auto const reliance : {Reliance::sole, Reliance::principal, Reliance::concurrent}) {
            auto const found = row.by_reliance.find(reliance);
            cell(to_text(reliance), found == row.by_reliance.end() ? Cell{} : found->second);
        }
        for (auto const* instrument : {"UNTOC", "TIP", "SOM", "FAP"}) {
            auto const found = row.by_instrument.find(instrument);
            cell(instrument, found == row.by_instrument.end() ? Cell{} : found->second);
        }
        cell("executed", row.executed);
        cell("refused", row.refused);
        cell("pending", row.pending);
        end_row();
    }

    void conviction_row(std::string_view name, ConvictionRow const& row) {
        begin_row(name);
        cell("cases", row.all);
        persons("persons", row.all);
        persons("final", row.final);
        for (auto const kind : {SentenceKind::life,
                                SentenceKind::custodial,
                                SentenceKind::suspended,
                                SentenceKind::community,
                                SentenceKind::fine_only,
                                SentenceKind::other,
                                SentenceKind::not_available}) {
            auto const found = row.sentences.find(kind);
            persons(to_text(kind), found == row.sentences.end() ? Cell{} : found->second);
        }
        json_.end_array();
        auto const months =
            cell_cases_ ? month_statistics(row.custodial_months) : public_months(row);
        if (months) {
            json_.begin_object("months");
            json_.integer("min", months->min);
            json_.number("median", months->median);
            json_.integer("max", months->max);
            json_.end_object();
        }
        json_.end_object();
    }

    void legal_row(std::string_view name, LegalPersonRow const& row) {
        begin_row(name);
        cell("cases", row.all);
        persons("legal_persons", row.all);
        for (auto const& [kind, count] : row.sanctions) {
            number(kind, static_cast<std::size_t>(count), row.all.cases);
        }
        json_.end_array();
        if (!row.money.empty()) {
            json_.begin_array("money");
            for (auto const& [kind, sums] : row.money) {
                for (auto const& [currency, minor] : sums) {
                    json_.begin_object();
                    json_.text("sanction", kind);
                    json_.text("currency", currency);
                    json_.text("amount", amount_text({minor, currency}));
                    json_.end_object();
                }
            }
            json_.end_array();
        }
        json_.end_object();
    }

    JsonWriter& json_;
    bool cell_cases_;
};

}  // namespace

std::string write_randot(RandotReport const& report,
                         std::vector<QualityFault> const& quality,
                         bool cell_cases) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text_if("country", report.question.country);
    json.integer("year", report.question.year);
    json.date("as_of", report.question.as_of);
    json.boolean("amended", report.question.amended);
    json.integer("definition_version", kRandotDefinitionVersion);
    json.begin_array("tables");
    Tables tables(json, cell_cases);
    tables.cooperation(report.cooperation);
    tables.convictions(report.convictions);
    tables.legal_persons(report.legal_persons);
    json.end_array();
    if (cell_cases && !quality.empty()) {
        json.begin_array("quality");
        for (auto const& fault : quality) {
            json.begin_object();
            json.text("case_id", fault.case_id);
            json.text("fault", fault.code);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
    return out;
}

Outcome<RandotAsked> read_snapshot_create(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        RandotAsked message;
        message.country = in.optional_text("country", kCountry);
        message.year = static_cast<int>(in.integer("year", 2000, 2100));
        message.as_of = in.optional_date("as_of");
        message.amended = in.boolean_or("amended", false);
        return message;
    });
}

}  // namespace rastro::protocol
