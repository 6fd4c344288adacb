#include "protocol/randot_document.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "common/time_text.hpp"
#include "protocol/code_words.hpp"

namespace rastro::protocol {

namespace {

namespace json = boost::json;

std::string text_of(json::object const& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

std::string integer_text(json::value const& value) {
    return std::to_string(value.to_number<std::int64_t>());
}

// "48", "49.5"
std::string month_text(json::value const& value) {
    auto const number = value.to_number<double>();
    auto const whole = static_cast<std::int64_t>(number);
    bool const half = number - static_cast<double>(whole) > 0;
    return std::to_string(whole) + (half ? ".5" : "");
}

class Composer {
 public:
    Composer(Audience audience, Language language) : audience_(audience), words_(language) {}

    Document compose(SnapshotMessage const& snapshot, json::object const& report) {
        Document document;
        document.language = words_.language();
        document.made_at = snapshot.prepared_at;
        document.page_text = word("report.page");
        auto const country = snapshot.country.empty() ? word("report.hemisphere")
                                                      : code_name("countries", snapshot.country);
        document.title =
            words_.filled("report.randot.title", {country, std::to_string(snapshot.year)});
        if (audience_ == Audience::published) {
            document.subtitle = word("report.randot.public");
        }
        facts(document, snapshot, report);
        for (auto const& value : report.at("tables").as_array()) {
            table(document, value.as_object());
        }
        if (audience_ == Audience::internal) {
            changes(document, snapshot.changes);
            cases_behind(document, report);
        }
        definitions(document);
        document.footer = document.title + " · " + word("report.fact.version") + " " +
                          std::to_string(snapshot.version) + " · SHA-256 " +
                          snapshot.sha256.substr(0, 16);
        return document;
    }

 private:
    [[nodiscard]] std::string word(std::string const& key) const { return words_.word(key); }
    [[nodiscard]] std::string word_or(std::string const& area, std::string const& name) const {
        return words_.word_or(area, name);
    }
    [[nodiscard]] std::string code_name(std::string_view list, std::string const& code) const {
        return words_.code_name(list, code);
    }
    [[nodiscard]] std::string day_of(std::optional<Instant> const& when) const {
        return when ? to_iso_date(Date{std::chrono::floor<std::chrono::days>(*when)})
                    : word("report.fact.not_yet");
    }

    void facts(Document& document, SnapshotMessage const& snapshot, json::object const& report) {
        auto const add = [&](std::string const& key, std::string value) {
            document.facts.emplace_back(word("report.fact." + key), std::move(value));
        };
        add("version", std::to_string(snapshot.version));
        add("as_of", to_iso_date(snapshot.as_of));
        if (snapshot.amended) {
            add("amended", word("report.yes"));
        }
        add("definitions", integer_text(report.at("definition_version")));
        add("prepared", day_of(snapshot.prepared_at) + ", " + snapshot.prepared_agency);
        add("verified", day_of(snapshot.verified_at));
        add("cleared", day_of(snapshot.cleared_at));
        if (snapshot.faults > 0) {
            add("faults", std::to_string(snapshot.faults));
        }
        add("snapshot", snapshot.snapshot_id);
        add("sha256", snapshot.sha256);
        if (!snapshot.signature.empty()) {
            add("signature", snapshot.signature);
        }
    }

    // ------------------------------------------------------------ tables

    void table(Document& document, json::object const& given) {
        auto const name = text_of(given, "table");
        DocumentTable made;
        made.title = word("report.table." + name);
        if (!given.at("reported").as_bool()) {
            made.note = word("report.no_data");
            document.tables.push_back(std::move(made));
            return;
        }
        made.last_is_total = true;
        made.columns = {word("report.column.row")};
        for (auto const& value : given.at("rows").as_array()) {
            auto const& row = value.as_object();
            if (text_of(row, "row") == "footnotes") {
                footnotes(made, row);
            } else {
                add_row(made, name, row);
            }
        }
        document.tables.push_back(std::move(made));
        excluded(document, name, given);
    }

    void add_row(DocumentTable& made, std::string const& name, json::object const& row) {
        bool const first = made.rows.empty();
        std::vector<DocumentCell> cells{{word_or("report.row.", text_of(row, "row")), false}};
        std::string sanctions;
        for (auto const& value : row.at("cells").as_array()) {
            auto const& cell = value.as_object();
            auto const column = text_of(cell, "column");
            auto const count = integer_text(cell.at("count"));
            bool const of_a_kind = name == "C" && column != "cases" && column != "legal_persons";
            if (of_a_kind) {
                sanctions += (sanctions.empty() ? "" : "; ") + code_name("sanction_kind", column) +
                             " " + count;
                continue;
            }
            if (first) {
                made.columns.push_back(word_or("report.column.", column));
            }
            cells.push_back({count, true});
            if (name == "B" && column == "custodial") {
                if (first) {
                    made.columns.push_back(word("report.column.months"));
                }
                cells.push_back({months_of(row), false});
            }
        }
        if (name == "C") {
            if (first) {
                made.columns.push_back(word("report.column.sanctions"));
                made.columns.push_back(word("report.column.money"));
            }
            cells.push_back({sanctions, false});
            cells.push_back({money_of(row), false});
        }
        made.rows.push_back(std::move(cells));
    }

    static std::string months_of(json::object const& row) {
        auto const* given = row.if_contains("months");
        if (given == nullptr) {
            return {};
        }
        auto const& months = given->as_object();
        return month_text(months.at("min")) + " / " + month_text(months.at("median")) + " / " +
               month_text(months.at("max"));
    }

    [[nodiscard]] std::string money_of(json::object const& row) const {
        auto const* given = row.if_contains("money");
        std::string text;
        if (given != nullptr) {
            for (auto const& value : given->as_array()) {
                auto const& sum = value.as_object();
                text += (text.empty() ? "" : "; ") +
                        code_name("sanction_kind", text_of(sum, "sanction")) + " " +
                        text_of(sum, "currency") + " " + text_of(sum, "amount");
            }
        }
        return text;
    }

    void footnotes(DocumentTable& made, json::object const& row) const {
        for (auto const& value : row.at("cells").as_array()) {
            auto const& cell = value.as_object();
            made.note += (made.note.empty() ? "" : ". ") +
                         word_or("report.column.", text_of(cell, "column")) + ": " +
                         integer_text(cell.at("count"));
        }
    }

    // ------------------------------------------------------------ lists of cases

    void excluded(Document& document, std::string const& name, json::object const& given) const {
        auto const* cases = given.if_contains("excluded");
        if (cases == nullptr) {
            return;
        }
        DocumentTable made;
        made.title = name + ": " + word("report.excluded");
        made.columns = {word("report.column.case"), word("report.column.reason")};
        for (auto const& value : cases->as_array()) {
            auto const& line = value.as_object();
            made.rows.push_back({{text_of(line, "case_id"), false},
                                 {word_or("report.reason.", text_of(line, "reason")), false}});
        }
        document.tables.push_back(std::move(made));
    }

    void cases_behind(Document& document, json::object const& report) const {
        DocumentTable made;
        made.title = word("report.cases");
        made.only_in_workbook = true;
        made.columns = {
            word("report.column.row"), word("report.column.column"), word("report.column.case")};
        for (auto const& table : report.at("tables").as_array()) {
            auto const name = text_of(table.as_object(), "table");
            for (auto const& row : table.as_object().at("rows").as_array()) {
                auto const place =
                    name + " · " + word_or("report.row.", text_of(row.as_object(), "row"));
                for (auto const& cell : row.as_object().at("cells").as_array()) {
                    add_cases(made, place, cell.as_object());
                }
            }
        }
        document.tables.push_back(std::move(made));
    }
    void add_cases(DocumentTable& made, std::string const& place, json::object const& cell) const {
        if (auto const* ids = cell.if_contains("cases")) {
            for (auto const& id : ids->as_array()) {
                made.rows.push_back({{place, false},
                                     {word_or("report.column.", text_of(cell, "column")), false},
                                     {std::string(id.as_string()), false}});
            }
        }
    }

    void changes(Document& document, std::string const& given) const {
        auto const list = given.empty() ? json::value(json::array()) : json::parse(given);
        if (list.as_array().empty()) {
            return;
        }
        DocumentTable made;
        made.title = word("report.changes");
        made.columns = {
            word("report.column.row"), word("report.column.case"), word("report.changes")};
        for (auto const& value : list.as_array()) {
            auto const& change = value.as_object();
            made.rows.push_back(
                {{text_of(change, "table") + " · " + word_or("report.row.", text_of(change, "row")),
                  false},
                 {text_of(change, "case_id"), false},
                 {word(change.at("entered").as_bool() ? "report.change.entered"
                                                      : "report.change.left"),
                  false}});
        }
        document.tables.push_back(std::move(made));
    }

    // ------------------------------------------------------------ what the figures mean

    void definitions(Document& document) const {
        document.definitions_title = word("report.definitions");
        auto const add = [&](std::string name, std::string_view key) {
            document.definitions.emplace_back(std::move(name),
                                              word("report.definition." + std::string(key)));
        };
        auto const column = [&](std::string const& name) { return word("report.column." + name); };
        add("A · " + column("out"), "out");
        add("A · " + column("in"), "in");
        add("A · " + column("joint"), "joint");
        add("A · " + column("total"), "total");
        add("A · " + column("sole") + ", " + column("principal") + ", " + column("concurrent"),
            "reliance");
        add("A · UNTOC, TIP, SOM, FAP", "instrument");
        add("A · " + column("executed") + ", " + column("refused") + ", " + column("pending"),
            "outcome");
        add("A · " + column("active_in_year"), "active_in_year");
        add("A · " + column("invoked_not_relied"), "invoked_not_relied");
        add("B · " + column("cases") + ", " + column("persons"), "convictions");
        add("B · " + column("final"), "final");
        add("B · " + column("life") + " … " + column("not_available"), "sentence");
        add("C", "legal_persons");
        add("0, n/a", "zero");
    }

    Audience audience_;
    CodeWords words_;
};

}  // namespace

Document randot_document(SnapshotMessage const& snapshot,
                         std::string_view report,
                         Audience audience,
                         Language language) {
    try {
        auto const parsed = json::parse({report.data(), report.size()});
        return Composer(audience, language).compose(snapshot, parsed.as_object());
    } catch (std::exception const& fault) {
        throw std::invalid_argument(std::string("not a kept report: ") + fault.what());
    }
}

}  // namespace rastro::protocol
