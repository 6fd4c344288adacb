#include "storage/outbox.hpp"

namespace rastro::storage {

namespace {

constexpr Query kLock{"sequencer_lock", "select pg_try_advisory_xact_lock(7225487013) as mine"};
// One statement: take what is committed, raise each agency's head by what it gets, number the
// messages, file them. Rows are taken by their place (only the holder of the lock deletes any): a
// join by their key reads the whole table, dead rows included, whenever the planner believes it
// to be small.
constexpr Query kSequence{
    "outbox_sequence",
    "with taken as (delete from outbox where ctid = any(array(select ctid from outbox "
    "where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, message_id limit "
    ":limit::integer)) returning *), "
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
    "order by agency, feed_seq"};
constexpr Query kRead{
    "event_feed_read",
    "select agency, seq, kind, case_id, object_type, object_id, object_version, " RASTRO_US("occurred_at") " "
    "from event_feed where agency = :agency and seq > :after::bigint order by seq limit :limit::integer"};
constexpr Query kReadMany{
    "event_feeds_read",
    "select f.agency, f.seq, f.kind, f.case_id, f.object_type, f.object_id, f.object_version, "
    RASTRO_US_AS("f.occurred_at", "occurred_at") " from unnest(:agencies::text[], :after::bigint[]) as q(agency, after) "
    "join event_feed_head h on h.agency = q.agency and h.seq > q.after "
    "cross join lateral (select * from event_feed e where e.agency = q.agency "
    "and e.seq > greatest(q.after, h.seq - :limit::integer) order by e.seq) f order by f.agency, f.seq"};
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

int sequence_outbox(Connection& connection, Clock const& clock, int limit) {
    connection.begin();
    UnitOfWork unit(connection, clock);
    unit.touches_no_records();
    unit.act_as(ActingAs::system());
    if (!connection.sql().run(kLock).front().boolean("mine")) {
        connection.rollback();
        return 0;
    }
    auto const filed = connection.sql().run(kSequence, {{"limit", limit}}).affected();
    if (filed == 0) {
        connection.rollback();
        return 0;
    }
    unit.finish();
    return static_cast<int>(filed);
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

std::vector<FeedMessage> read_feeds(UnitOfWork& unit,
                                    std::map<std::string, std::int64_t> const& after,
                                    int limit) {
    ArrayText agencies;
    ArrayText numbers;
    for (auto const& [agency, number] : after) {
        agencies.add(agency);
        numbers.add(std::to_string(number));
    }
    std::vector<FeedMessage> messages;
    auto const rows = unit.sql().run(
        kReadMany, {{"agencies", agencies.take()}, {"after", numbers.take()}, {"limit", limit}});
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
