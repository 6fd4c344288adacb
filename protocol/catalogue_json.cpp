#include "protocol/catalogue_json.hpp"

#include <array>

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kName{TextKind::line, 200};
constexpr std::array<std::string_view, 6> kMakeKinds{
    "maker", "brand", "importer", "privately_made", "not_stated", "country_only"};
constexpr std::array<std::string_view, 2> kReviewDecisions{"matched", "rejected"};

void append_make(std::string& out, MakeMessage const& make) {
    JsonWriter json(out);
    json.begin_object();
    json.text("make_id", make.make_id);
    json.text("name", make.name);
    json.text_if("kind", make.kind);
    json.text_if("country", make.country);
    json.text_if("ncic_code", make.ncic_code);
    json.texts_if("aliases", make.aliases);
    json.text_if("source", make.source);
    json.end_object();
}

MakeImportEntry read_make(ObjectReader& reader) {
    MakeImportEntry make;
    make.make_id = reader.optional_text("make_id", kCode);
    make.name = reader.text("name", kName);
    if (auto kind = reader.optional_listed("kind", kMakeKinds); !kind.empty()) {
        make.kind = std::move(kind);
    }
    make.country = reader.optional_text("country", kCountry);
    make.ncic_code = reader.optional_text("ncic_code", {TextKind::code, 3});
    make.aliases = reader.texts("aliases", {.max = 100}, kName);
    make.wording = reader.optional_text("wording", {TextKind::line, 1000});
    return make;
}

}  // namespace

std::string write_code_list(std::string_view list, std::vector<CodeListEntry> const& entries) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("list", list);
    json.begin_array("items");
    for (auto const& entry : entries) {
        json.begin_object();
        json.text("code", entry.code);
        json.begin_object("names");
        json.text("en", entry.en);
        json.text("es", entry.es);
        json.text("pt", entry.pt);
        json.text("fr", entry.fr);
        json.end_object();
        json.text_if("group", entry.group);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

std::string write_makes(std::vector<MakeMessage> const& makes, std::string_view next) {
    return write_items(makes, append_make, next);
}

Outcome<MakeImport> read_make_import(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        MakeImport message;
        message.source = reader.text("source", {TextKind::line, 300, 3});
        message.makes = reader.objects("makes", {.max = 5000, .min = 1}, read_make);
        return message;
    });
}

std::string write_make_import_result(MakeImportResult const& result) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.integer("makes_added", result.makes_added);
    json.integer("aliases_added", result.aliases_added);
    json.integer("joined", result.joined);
    json.integer("unchanged", result.unchanged);
    json.end_object();
    return out;
}

void append_make_review(std::string& out, MakeReviewMessage const& review) {
    JsonWriter json(out);
    json.begin_object();
    json.text("review_id", review.review_id.to_string());
    json.text("raw_text", review.raw_text);
    json.integer("seen", review.seen);
    json.text("state", review.state);
    json.text_if("make_id", review.make_id);
    json.texts_if("suggestions", review.suggestions);
    json.text_if("decided_by", review.decided_by);
    json.time_if("decided_at", review.decided_at);
    json.time("created_at", review.created_at);
    json.end_object();
}

std::string write_make_reviews(std::vector<MakeReviewMessage> const& reviews,
                               std::string_view next) {
    return write_items(reviews, append_make_review, next);
}

Outcome<MakeReviewDecision> read_make_review_decision(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        MakeReviewDecision decision;
        decision.matched = reader.listed("decision", kReviewDecisions) == "matched";
        bool const make_given = reader.has("make_id");
        decision.make_id = reader.optional_text("make_id", kCode);
        if (decision.matched != make_given) {
            reader.violate("make_id", decision.matched ? "required" : "unknown_member");
        }
        return decision;
    });
}

}  // namespace rastro::protocol
