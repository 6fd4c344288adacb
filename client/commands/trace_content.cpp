#include "client/commands/trace_content.hpp"

#include <algorithm>
#include <array>

#include "cases/trace/partial_date.hpp"
#include "cases/trace/request.hpp"
#include "cases/trace/serial.hpp"
#include "cases/trace/type_code.hpp"
#include "client/commands/common_options.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

template <class Enum, std::size_t N>
std::vector<std::string> codes(std::array<Enum, N> const& values) {
    std::vector<std::string> list;
    for (auto value : values) {
        list.emplace_back(cases::code_of(value));
    }
    return list;
}

std::vector<std::string> purposes() {
    using enum cases::Purpose;
    return codes(std::array{investigation,
                            prosecution,
                            intelligence,
                            border_control,
                            stock_audit,
                            sanctions_monitoring,
                            statistics});
}

std::vector<std::string> urgent_grounds() {
    using enum cases::UrgentGround;
    return codes(std::array{homicide_or_officer_shot,
                            mass_casualty,
                            imminent_threat,
                            in_custody_clock,
                            active_pursuit,
                            terrorism});
}

std::vector<std::string> illicit_grounds() {
    using enum cases::IllicitGround;
    return codes(std::array{illicit_under_local_law,
                            embargo_breach,
                            unmarked,
                            unlicensed_manufacture,
                            unauthorised_transfer});
}

std::vector<std::string> serial_conditions() {
    using enum cases::SerialCondition;
    return codes(std::array{clear, partial, obliterated, restored, none, not_required});
}

// "2026-05" is the first of May with the precision of a month.
Result<void> put_recovered_on(Context const& context, json::value& body) {
    if (!context.has("recovered-on")) {
        return boost::system::in_place_value;
    }
    auto const date = cases::parse_iso_partial_date(context.text("recovered-on"));
    if (!date) {
        return Failure(ExitCode::usage,
                       "--recovered-on is a date as 2026-05-14, or 2026-05, or 2026\n");
    }
    auto const day = date->first_day();
    auto const pad = [](unsigned number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    set_at(body,
           "/recovery/recovered_on",
           json::string(std::to_string(static_cast<int>(day.year())) + "-" +
                        pad(static_cast<unsigned>(day.month())) + "-" +
                        pad(static_cast<unsigned>(day.day()))));
    set_at(body, "/recovery/date_precision", json::string(cases::code_of(date->precision)));
    return boost::system::in_place_value;
}

void put_list(Context const& context,
              json::value& body,
              std::string_view option,
              std::string_view pointer) {
    json::array items;
    for (auto const& item : context.arguments().all(option)) {
        items.emplace_back(item);
    }
    if (!items.empty()) {
        set_at(body, pointer, std::move(items));
    }
}

}  // namespace

std::vector<Option> firearm_options() {
    return {
        value("--serial", "TEXT", "Serial number as marked on frame or receiver"),
        one_of(value("--serial-condition", "CODE", "How the number is"), serial_conditions()),
        value("--make", "TEXT", "Maker as marked"),
        value("--make-id", "ID", "Maker by its catalogue id"),
        value("--type", "CODE", "Type code, as pistol; rastro catalogue list type-codes"),
        value("--type-text", "TEXT", "Type in words"),
        value("--calibre", "TEXT", "Calibre as marked"),
        value("--model", "TEXT", "Model as marked"),
        value("--origin-country", "CC", "Where it was made"),
        value("--importer", "TEXT", "Importer as marked"),
        value("--import-country", "CC", "Where it was last legally imported"),
        flag("--importer-mark-absent", "No import mark is on the firearm"),
        value("--firearm-remarks", "TEXT", "What else is to be said of the firearm"),
        repeated(value("--mark", "PAIRS", "kind=...,place=...,state=...,text=...")),
    };
}

std::vector<Option> shared_options() {
    return {
        one_of(value("--purpose", "CODE", "Purpose [investigation]"), purposes()),
        value("--legal-basis", "TEXT", "By what right"),
        value("--agreement", "TEXT", "Under which agreement"),
        value("--intended-use", "TEXT", "What the answer will be used for"),
        one_of(value("--illicit-ground", "CODE", "Why it is thought illicit"), illicit_grounds()),
        value("--restrictions", "TEXT", "Restrictions asked for"),
        value("--offence", "CODE", "Offence category; rastro catalogue list offence-categories"),
        value("--project", "CODE", "Operation or programme"),
        value("--instructions", "TEXT", "Special instructions"),
        one_of(value("--priority", "CODE", "Priority [routine]"), {"routine", "urgent"}),
        one_of(value("--urgent-ground", "CODE", "Why it is urgent"), urgent_grounds()),
        value("--urgent-justification", "TEXT", "Justification in words"),
        one_of(value("--handling", "CODE", "Handling code [H1]"), {"H0", "H1", "H2", "H3"}),
        value("--handling-text", "TEXT", "Restriction in words, with H3"),
        value("--case-no", "TEXT", "Own case number"),
        value("--unit", "TEXT", "Unit of the officer"),
        value("--officer", "TEXT", "Name of the officer"),
        value("--badge", "TEXT", "Badge number"),
        value("--contact", "TEXT", "How the officer is reached"),
        flag("--sensitive", "The requester is masked outside the agency"),
        flag("--forward-consent", "May be passed on to the next country"),
        repeated(value("--to", "CC|AGENCY", "Country or agency to ask")),
        repeated(one_of(value("--ask-group", "GROUP", "Data asked for"), field_groups())),
        repeated(
            one_of(value("--share-group", "GROUP", "Data shown to the asked"), field_groups())),
    };
}

std::vector<Option> request_options() {
    return joined(
        {{
             value("--recovered-on", "DATE", "2026-05-14, or 2026-05, or 2026"),
             value("--recovery-country", "CC", "Where it was recovered"),
             value("--area", "TEXT", "State, province or city"),
             value("--place", "TEXT", "Exact place; goes to nobody else"),
             value("--circumstances", "TEXT", "How it was recovered"),
             one_of(value("--crime-gun", "YES|NO", "Used or suspected in an offence"),
                    {"yes", "no"}),
         },
         shared_options(),
         {file(value(
             "--file", "FILE", "The request as JSON; - is standard input; options go over it"))}});
}

Result<json::value> body_from_file(Context& context) {
    if (!context.has("file")) {
        return json::value(json::object{});
    }
    RASTRO_TRY(body, read_json_input(context.text("file")));
    if (!body.is_object()) {
        return Failure(ExitCode::usage, context.text("file") + " does not hold a JSON object\n");
    }
    return body;
}

Result<void> put_firearm(Context const& context, json::value& body, std::string const& below) {
    put_text(context,
             body,
             {{"serial", below + "/serial_raw"},
              {"serial-condition", below + "/serial_condition"},
              {"make", below + "/make_text"},
              {"make-id", below + "/make_id"},
              {"type", below + "/type_code"},
              {"type-text", below + "/type_text"},
              {"calibre", below + "/calibre_text"},
              {"model", below + "/model_text"},
              {"origin-country", below + "/origin_country"},
              {"importer", below + "/importer_text"},
              {"import-country", below + "/import_country"},
              {"firearm-remarks", below + "/remarks"}});
    if (context.has("importer-mark-absent")) {
        set_at(body, below + "/importer_mark_absent", true);
    }
    json::array marks;
    for (auto const& text : context.arguments().all("mark")) {
        RASTRO_TRY(mark, read_pairs("--mark", text));
        marks.push_back(std::move(mark));
    }
    if (!marks.empty()) {
        set_at(body, below + "/marks", std::move(marks));
    }
    return boost::system::in_place_value;
}

void put_shared(Context const& context, json::value& body) {
    put_text(context,
             body,
             {{"purpose", "/purpose"},
              {"legal-basis", "/legal_basis"},
              {"agreement", "/agreement"},
              {"intended-use", "/intended_use"},
              {"illicit-ground", "/illicit_ground"},
              {"restrictions", "/restrictions_asked"},
              {"offence", "/offence_code"},
              {"project", "/project_code"},
              {"instructions", "/special_instructions"},
              {"priority", "/priority"},
              {"urgent-ground", "/urgent_ground"},
              {"urgent-justification", "/urgent_justification"},
              {"handling", "/handling_code"},
              {"handling-text", "/handling_text"},
              {"case-no", "/agency_case_no"},
              {"unit", "/unit"},
              {"officer", "/requester_name"},
              {"badge", "/badge_no"},
              {"contact", "/contact"}});
    for (auto const& [option, pointer] :
         {std::pair{"sensitive", "/sensitive"}, std::pair{"forward-consent", "/forward_consent"}}) {
        if (context.has(option)) {
            set_at(body, pointer, true);
        }
    }
    put_list(context, body, "ask-group", "/requested_groups");
    put_list(context, body, "share-group", "/shared_groups");
    json::array recipients;
    for (auto const& named : context.arguments().all("to")) {
        recipients.push_back(recipient_of(named));
    }
    if (!recipients.empty()) {
        set_at(body, "/recipients", std::move(recipients));
    }
}

Result<void> put_request(Context const& context, json::value& body) {
    put_text(context,
             body,
             {{"recovery-country", "/recovery/country"},
              {"area", "/recovery/area"},
              {"place", "/recovery/place"},
              {"circumstances", "/recovery/circumstances"}});
    RASTRO_CHECK(put_recovered_on(context, body));
    put_yes_no(context, body, "crime-gun", "/recovery/crime_gun");
    put_shared(context, body);
    return boost::system::in_place_value;
}

Result<json::object> read_pairs(std::string_view option, std::string_view text) {
    json::object pairs;
    std::string name;
    std::string* part = &name;
    std::string content;
    auto const finish = [&] {
        bool const good = part == &content && !name.empty();
        if (good) {
            pairs[name] = content;
        }
        name.clear();
        content.clear();
        part = &name;
        return good;
    };
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || text[i] == ',') {
            if (!finish()) {
                return Failure(
                    ExitCode::usage,
                    std::string(option) +
                        " wants name=value pairs with commas between: " + std::string(text) + "\n");
            }
        } else if (text[i] == '\\' && i + 1 < text.size()) {
            *part += text[++i];
        } else if (text[i] == '=' && part == &name) {
            part = &content;
        } else {
            *part += text[i];
        }
    }
    return pairs;
}

}  // namespace rastro::client
