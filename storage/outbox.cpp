#include "storage/outbox.hpp"

namespace rastro::storage {

namespace {

constexpr Query kLock{"sequencer_lock", "select pg_try_advisory_xact_lock(7225487013) as mine"};
// One statement: take what is committed, raise each agency's head by what it gets, number the
// messages, file them.
constexpr Query kSequence{
    "outbox_sequence",
    "with taken as (delete from outbox where message_id in (select message_id from outbox "
    "where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, message_id limit "
    ":limit::integer) returning *), "
    "heads as (insert into event_feed_head as h (agency, seq) select agency, count(*) from taken "
    "group by agency "
    "on conflict (agency) do update set seq = h.seq + excluded.seq returning agency, seq), "
    "numbered as (select t.*, h.seq - count(*) over (partition by t.agency) "
    "+ row_number() over (partition by t.agency order by t.xid, t.message_id) as feed_seq "
    "from taken t join heads h on h.agency = t.agency) "
    "insert into event_feed (agency, seq, message_id, kind, case_id, object_type, object_id, "
    "object_version, occurred_at) "
    "select agency, feed_seq, message_id, kind, case_id, object_type, object_id, object_version, "
    "occurred_at from numbered "
    "order by agency, feed_seq "
    "returning agency, seq, kind, case_id, object_type, object_id, object_version, " RASTRO_US(
        "occurred_at")};
constexpr Query kRead{
    "event_feed_read",
    "select agency, seq, kind, case_id, object_type, object_id, object_version, " RASTRO_US("occurred_at") " "
    "from event_feed where agency = :agency and seq > :after::bigint order by seq limit :limit::integer"};
constexpr Query kHead{"event_feed_head_read",
                      "select seq from event_feed_head where agency = :agency"};

FeedMessage to_message(Row const& row) {
    FeedMessage message;
    message.seq = row.integer("seq");
    message.agency = row.text("agency");
    message.kind = row.text("kind");
    message.case_id = row.text("case_id");
    message.object_type = row.text("object_type");
    message.object_id = row.text("object_id");
    message.object_version = static_cast<int>(row.integer("object_version"));
    message.occurred_at = row.instant("occurred_at");
    return message;
}

}  // namespace

SequencedRound sequence_outbox(Connection& connection, Clock const& clock, int limit) {
    SequencedRound round;
    connection.begin();
    UnitOfWork unit(connection, clock);
    unit.touches_no_records();
    unit.act_as(ActingAs::system());
    if (!connection.sql().run(kLock).front().boolean("mine")) {
        connection.rollback();
        return round;
    }
    auto const rows = connection.sql().run(kSequence, {{"limit", limit}});
    for (auto const row : rows) {
        round.messages.push_back(to_message(row));
    }
    if (round.messages.empty()) {
        connection.rollback();
        return round;
    }
    unit.finish();
    round.more = static_cast<int>(round.messages.size()) == limit;
    return round;
}

std::vector<FeedMessage> read_feed(UnitOfWork& unit,
                                   std::string const& agency,
                                   std::int64_t after,
                                   int limit) {
    std::vector<FeedMessage> messages;
    auto const rows =
        unit.sql().run(kRead, {{"agency", agency}, {"after", after}, {"limit", limit}});
    for (auto const row : rows) {
        messages.push_back(to_message(row));
    }
    return messages;
}

std::int64_t feed_head(UnitOfWork& unit, std::string const& agency) {
    auto const rows = unit.sql().run(kHead, {{"agency", agency}});
    return rows.empty() ? 0 : rows.front().integer("seq");
}

}  // namespace rastro::storage
