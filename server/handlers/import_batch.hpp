// One batch of an import: what becomes of each row, decided for all rows together and written with
// one statement for each table. Private to handlers/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cases/trace/import_row.hpp"
#include "protocol/import_json.hpp"
#include "server/call.hpp"
#include "server/handlers/new_request.hpp"
#include "storage/import_repo.hpp"

namespace rastro::server {

class ImportBatch {
 public:
    // The import is locked, its reading decided upon. `common`: what the requests of the file
    // share.
    ImportBatch(Call& call,
                storage::UnitOfWork& unit,
                storage::ImportFile const& file,
                cases::TraceRequestContent const& common,
                cases::MakeCatalogue const& makes)
        : call_(call), unit_(unit), file_(file), common_(common), makes_(makes) {}

    // Results in the order of the message. A line that is stored has its first result;
    // validation_failed, and nothing written, if it comes with other content (row_changed) or if
    // the heading does not fit the profile.
    [[nodiscard]] Outcome<std::vector<protocol::ImportRowResult>> take(
        protocol::ImportRows const& message);

    // What the audit record keeps apart: numbers and serials of the requests written.
    [[nodiscard]] std::string audit_detail() const;

 private:
    struct Work {
        protocol::ImportRow const* sent = nullptr;
        Digest sha{};
        cases::ImportedRow read;
        cases::TraceRequestContent content;
        std::string canon;  // of the serial; empty: comparable with nothing
        std::optional<Digest> key;
        std::string make_key;
        bool can_be_sent = false;
        protocol::ImportRowResult result;
    };
    // Whom a row repeats.
    struct Twin {
        std::string reason;
        std::string shown;  // line or number
        std::optional<CaseId> case_id;
        std::string number;
    };
    struct Knowledge {
        std::map<Digest, std::vector<storage::ImportTwin>> in_file;
        std::map<std::string, std::vector<storage::RecoveryTwin>> among_requests;  // by serial
        std::map<int, storage::ImportedBefore> before;
        storage::RoutingTables routing;
    };

    [[nodiscard]] Outcome<std::map<int, storage::ImportRow>> stored_rows(
        protocol::ImportRows const& message, std::vector<Digest> const& hashes);
    [[nodiscard]] Outcome<std::vector<cases::ColumnRule>> columns_of(
        protocol::ImportRows const& message) const;
    void classify(Work& work, std::vector<cases::ColumnRule> const& columns) const;
    void set_duplicate_key(Work& work) const;
    [[nodiscard]] Knowledge ask(std::vector<Work> const& fresh);
    [[nodiscard]] std::optional<Twin> twin_of(Work const& work, Knowledge const& known) const;
    void settle(Work& work, Knowledge& known);
    void write_request(Work& work, Knowledge const& known);
    void store(std::vector<Work> const& fresh);

    Call& call_;
    storage::UnitOfWork& unit_;
    storage::ImportFile const& file_;
    cases::TraceRequestContent const& common_;
    cases::MakeCatalogue const& makes_;
    bool common_complete_ = false;
    std::vector<storage::NewTraceRequest> requests_;
};

// A stored row as it is told.
[[nodiscard]] Outcome<protocol::ImportRowResult> result_of(storage::ImportRow const& row);

}  // namespace rastro::server
