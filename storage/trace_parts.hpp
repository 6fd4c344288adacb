// Private to storage: rows of the parts of a trace request, and the small conversions they share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/trace/request.hpp"
#include "storage/db/insert_batch.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::storage {

[[nodiscard]] inline Value text_or_null(std::string_view text) {
    return text.empty() ? Value(std::nullopt) : Value(text);
}
[[nodiscard]] Value bytes_or_null(std::optional<Digest> const& digest);
[[nodiscard]] Value date_or_null(std::optional<Date> const& date);
// "country:XB", "agency:XB-TRACE-4"
[[nodiscard]] std::vector<std::string> recipient_texts(
    std::vector<cases::Recipient> const& recipients);
[[nodiscard]] std::vector<cases::Recipient> recipients_from(std::vector<std::string> const& texts);

// Description, marks, recovery, persons and vehicle of requests.
class PartBatches {
 public:
    PartBatches();
    void add(TraceCase const& file,
             cases::TraceRequestContent const& content,
             std::string const& calibre_group);
    void add_description(CaseId const& case_id,
                         int version,
                         std::string const& stated_by,
                         Instant stated_at,
                         std::string const& reason,
                         cases::FirearmDescription const& description,
                         std::string const& calibre_group);
    void add_recovery(CaseId const& case_id, cases::Recovery const& recovery);
    void add_persons(CaseId const& case_id, cases::TraceRequestContent const& content);
    void take_into(std::vector<BoundQuery>& queries);
    void take_rows_into(std::vector<Param>& params);

 private:
    InsertBatch descriptions_;
    InsertBatch marks_;
    InsertBatch recoveries_;
    InsertBatch persons_;
    InsertBatch vehicles_;
};

[[nodiscard]] InsertShape const& case_file_shape();
void add_case_file_row(InsertBatch& batch,
                       CaseFile const& file,
                       std::string_view case_type,
                       std::string_view handling_text);
[[nodiscard]] InsertShape const& event_shape();
void add_event_row(InsertBatch& batch, CaseEvent const& event);
[[nodiscard]] InsertShape const& deadline_shape();
void add_deadline_row(InsertBatch& batch, DeadlineRow const& deadline);
[[nodiscard]] InsertShape const& leg_shape();
void add_leg_row(InsertBatch& batch, LegRow const& leg);

}  // namespace rastro::storage
