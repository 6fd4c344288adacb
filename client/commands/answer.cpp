// trace: answers, and what happens to them afterwards.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/trace_content.hpp"
#include "client/commands/trace_objects.hpp"
#include "client/context.hpp"
#include "common/ids.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

// kind, outcome, chain and the rest; over what --file gives.
Result<json::value> answer_body(Context& context) {
    RASTRO_TRY(body, body_from_file(context));
    put_text(context,
             body,
             {{"kind", "/kind"},
              {"outcome", "/outcome_code"},
              {"remarks", "/remarks"},
              {"handling", "/handling_code"},
              {"handling-text", "/handling_text"},
              {"evaluation", "/evaluation"},
              {"conditions", "/conditions"},
              {"next-country", "/next_country"}});
    if (find_at(body, "/kind") == nullptr) {
        set_at(body, "/kind", json::string("full"));
    }
    if (context.has("chain")) {
        RASTRO_TRY(chain, read_json_input(context.text("chain")));
        if (!chain.is_array()) {
            return Failure(ExitCode::usage,
                           context.text("chain") + " does not hold a JSON array\n");
        }
        set_at(body, "/chain", std::move(chain));
    }
    json::array links;
    for (auto const& text : context.arguments().all("link")) {
        RASTRO_TRY(pairs, read_pairs("--link", text));
        json::object link;
        for (auto const& [short_name, member] : {std::pair{"name", "party_name"},
                                                 std::pair{"country", "party_country"},
                                                 std::pair{"place", "party_place"},
                                                 std::pair{"licence", "party_licence"},
                                                 std::pair{"received", "received_on"},
                                                 std::pair{"disposed", "disposed_on"},
                                                 std::pair{"record", "source_record"}}) {
            if (auto const* found = pairs.if_contains(short_name)) {
                link[member] = *found;
                pairs.erase(short_name);
            }
        }
        for (auto const& pair : pairs) {
            bool const truth = pair.key() == "second_hand";
            link[pair.key()] =
                truth ? json::value(pair.value() == "yes" || pair.value() == "true") : pair.value();
        }
        links.push_back(std::move(link));
    }
    if (!links.empty()) {
        set_at(body, "/chain", std::move(links));
    }
    return body;
}

Result<ExitCode> give(Context& context) {
    RASTRO_TRY(body, answer_body(context));
    return act_on_leg(context, "leg_answer", Side::asked, std::move(body), "SEARCHING");
}

// Id of an answer; or of the newest answer of the leg that the number of a request names, if it
// stands (was not superseded) and, for an approval, waits for it.
Result<std::string> answer_id_of(Context& context, std::string const& named, bool pending) {
    if (Uuid::parse(named)) {
        return named;
    }
    RASTRO_TRY(leg, leg_id_of(context, named, Side::asked));
    RASTRO_TRY(reply, context.call({.operation = "leg_read", .path = {{"leg_id", leg}}}));
    std::string found;
    for (auto const* answer : items_at(reply.document, "/answers")) {
        bool const stands = text_at(*answer, "/superseded_by").empty();
        bool const waits = text_at(*answer, "/approval") == "pending";
        if (stands && (!pending || waits)) {
            found = text_at(*answer, "/answer_id");
        }
    }
    if (found.empty()) {
        return Failure(
            ExitCode::refused,
            std::string(pending ? "No answer waits for approval in " : "No answer stands in ") +
                named + "\n");
    }
    return found;
}

Result<ExitCode> act(Context& context,
                     std::string_view operation,
                     json::value body,
                     bool pending = false) {
    RASTRO_TRY(id, answer_id_of(context, context.text("answer"), pending));
    ApiCall call{.operation = std::string(operation), .path = {{"answer_id", id}}};
    call.body = std::move(body);
    RASTRO_TRY(reply, context.call(call));
    context.print(reply,
                  [&](json::value const& document) { return leg_text(document, context.width()); });
    return ExitCode::ok;
}

Result<ExitCode> approve(Context& context) {
    json::value body = json::object{{"decision", context.has("reject") ? "rejected" : "accepted"}};
    put_text(context, body, {{"text", "/text"}});
    return act(context, "answer_approve", std::move(body), true);
}

Result<ExitCode> correct(Context& context) {
    RASTRO_TRY(body, answer_body(context));
    return act(context, "answer_correct", std::move(body));
}

Result<ExitCode> restrict_answer(Context& context) {
    json::array groups;
    for (auto const& group : context.arguments().all("group")) {
        groups.emplace_back(group);
    }
    json::value body = json::object{{"reason_code", context.text("reason")}, {"groups", groups}};
    put_text(context,
             body,
             {{"review-on", "/review_on"}, {"appeal-to", "/appeal_to"}, {"text", "/text"}});
    return act(context, "answer_restrict", std::move(body));
}

Option answer_argument() {
    return positional("answer", "Id of the answer, or number of the request");
}

std::vector<Option> answer_options(bool outcome_needed) {
    auto outcome = one_of(value("--outcome", "CODE", "What the trace found"), outcome_codes());
    outcome.required = outcome_needed;
    return {
        outcome,
        one_of(value("--kind", "CODE", "How much of the answer it is [full]"),
               {"partial", "full", "no_record"}),
        repeated(value("--link",
                       "PAIRS",
                       "One transfer: role=,name=,country=,place=,licence=,received=,disposed=,"
                       "document=,record=,confidence=")),
        file(value("--chain", "FILE", "The disposition chain as a JSON array")),
        value("--remarks", "TEXT", "What is to be said"),
        one_of(value("--handling", "CODE", "Handling code of the answer"),
               {"H0", "H1", "H2", "H3"}),
        value("--handling-text", "TEXT", "Restriction in words, with H3"),
        value("--evaluation", "CODE", "Source and information, A1 to X4"),
        value("--conditions", "TEXT", "Conditions of use"),
        value("--next-country", "CC", "Where to ask next"),
        file(value("--file", "FILE", "The answer as JSON; options go over it")),
    };
}

}  // namespace

std::vector<Command> answer_commands() {
    return {
        {.path = "trace answer",
         .summary = "Answer in part, in full or with no record",
         .details = "The chain is given link by link, from maker to first buyer. An answer with "
                    "purchaser or stock data waits for a second person (trace approve-answer).",
         .options = joined({{leg_argument()}, answer_options(false)}),
         .examples =
             {"rastro trace answer XA-2026-7K3M9QD-4 --outcome purchaser_identified --link "
              "role=manufacturer,name='North Arms',country=XC,disposed=2019-03 --link "
              "role=retailer,name='Port Sports',country=XB,received=2019-04,disposed=2019-06-02 "
              "--link role=purchaser,name='J. Example',country=XB,received=2019-06-02",
              "rastro trace answer ID --kind no_record --outcome no_record_at_importer"},
         .run = give},
        {.path = "trace approve-answer",
         .summary = "As second person, release an answer with purchaser or stock data",
         .details = {},
         .options = {answer_argument(),
                     flag("--reject", "Do not release it"),
                     value("--text", "TEXT", "What is to be said")},
         .examples = {"rastro trace approve-answer XA-2026-7K3M9QD-4"},
         .run = approve},
        {.path = "trace correct",
         .summary = "Supersede an answer with a corrected one",
         .details = {},
         .options = joined({{answer_argument()}, answer_options(false)}),
         .examples = {"rastro trace correct ID --file answer.json"},
         .run = correct},
        {.path = "trace recall",
         .summary = "Recall an answer; its readers are told",
         .details = {},
         .options = {answer_argument(), required(value("--reason", "TEXT", "Why"))},
         .examples = {"rastro trace recall ID --reason 'wrong register entry'"},
         .run =
             [](Context& context) {
                 return act(
                     context, "answer_recall", json::object{{"text", context.text("reason")}});
             }},
        {.path = "trace restrict",
         .summary = "Withhold field groups of an answer with coded reason",
         .details = {},
         .options = {answer_argument(),
                     required(repeated(
                         one_of(value("--group", "GROUP", "What is withheld"), field_groups()))),
                     required(one_of(value("--reason", "CODE", "Why"), refusal_codes())),
                     value("--review-on", "DATE", "When it is looked at again"),
                     value("--appeal-to", "TEXT", "Who decides an appeal"),
                     value("--text", "TEXT", "What is to be said")},
         .examples = {"rastro trace restrict ID --group G6 --reason data_protection"},
         .run = restrict_answer},
    };
}

}  // namespace rastro::client
