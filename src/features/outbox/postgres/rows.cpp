// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/postgres/rows.hpp"

#include "features/outbox/outbox_counting.hpp"
#include "model/exceptions.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace asio = boost::asio;
namespace json = boost::json;
using engine::store_time;

namespace {

constexpr std::int64_t schema_version = 2;

// One statement each: a query has one. The lock makes several `create if not exists` at a time possible.
constexpr std::array schema{
    "select pg_advisory_xact_lock(7968617)",
    "create or replace function yunhu_now() returns bigint language sql volatile as"
    " 'select (extract(epoch from clock_timestamp()) * 1000)::bigint'",
    "create table if not exists yunhu_outbox ("
    " id bigint generated always as identity primary key, key text not null unique, msg_id text not null unique,"
    " account text not null, chat_type bigint not null, chat_id text not null, body bytea, digest bytea not null,"
    " priority int not null, created bigint not null,"
    " state smallint not null default 0, epoch bigint not null default 0, send_epoch bigint not null default 0,"
    " resent boolean not null default false, not_before bigint not null, lease bigint not null default 0,"
    " looks int not null default 0, look_at bigint not null default 0, settled bigint not null default 0,"
    " worker text not null default '', reason text not null default ''"
    ") with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)",
    "create index if not exists yunhu_outbox_queued on yunhu_outbox (account, priority desc, id) where state = 0",
    "create index if not exists yunhu_outbox_leased on yunhu_outbox (lease) where state in (1, 2)",
    "create index if not exists yunhu_outbox_unknown on yunhu_outbox (look_at) where state = 5",
    "create table if not exists yunhu_lane (account text primary key, per_second float8 not null default 0,"
    " burst bigint not null default 1, tat bigint not null default 0, paused_until bigint not null default 0"
    ") with (fillfactor = 10)",
    "create table if not exists yunhu_worker (worker text primary key, until bigint not null) with (fillfactor = 50)",
    "create table if not exists yunhu_lease (account text primary key, epoch bigint not null, owner text not null,"
    " until bigint not null) with (fillfactor = 50)",
    "create table if not exists yunhu_position (account text primary key, since bigint not null)"
    " with (fillfactor = 50)",
    "create table if not exists yunhu_cursor (account text, chat_type bigint, chat_id text, msg_seq bigint not null,"
    " time bigint not null, primary key (account, chat_type, chat_id)) with (fillfactor = 50)",
    "create table if not exists yunhu_version (version int not null)",
    "insert into yunhu_version select 2 where not exists (select 1 from yunhu_version)",
    "update yunhu_version set version = 2 where version = 1", // 2: leases and cursors
};

constexpr const char* life_columns =
    "select id, state, epoch, send_epoch, resent, not_before, lease, looks, look_at, settled, account, msg_id, "
    "chat_type,"
    " chat_id, encode(coalesce(body, ''), 'hex'), yunhu_now() from yunhu_outbox where ";

constexpr const char* record_columns =
    "select id, key, msg_id, account, chat_type, chat_id, state, epoch, looks, reason,"
    " created, settled, worker, resent from yunhu_outbox where ";

std::string hex(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    boost::algorithm::hex_lower(bytes, std::back_inserter(text));
    return text;
}

std::string unhex(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() / 2);
    boost::algorithm::unhex(text, std::back_inserter(bytes));
    return bytes;
}

std::string number(std::size_t n) {
    return std::to_string(std::min<std::size_t>(n, 1'000'000));
}

outbox_record record_of(const postgres_rows& r, int i) {
    outbox_record one;
    one.id = static_cast<std::uint64_t>(r.integer(i, 0));
    one.key = r.text(i, 1);
    one.msg_id = r.text(i, 2);
    one.account = r.text(i, 3);
    one.to = chat(static_cast<chat_type>(r.integer(i, 4)), std::string(r.text(i, 5)));
    one.state = static_cast<outbox_state>(r.integer(i, 6));
    one.epoch = static_cast<std::uint32_t>(r.integer(i, 7));
    one.looks = static_cast<std::uint32_t>(r.integer(i, 8));
    one.reason = r.text(i, 9);
    one.created = static_cast<std::uint64_t>(r.integer(i, 10));
    one.settled = static_cast<std::uint64_t>(r.integer(i, 11));
    one.worker = r.text(i, 12);
    one.resent = r.boolean(i, 13);
    return one;
}

std::vector<std::string> parameters_of(std::string a) {
    std::vector<std::string> all;
    all.push_back(std::move(a));
    return all;
}

std::vector<std::string> parameters_of(std::string a, std::string b) {
    std::vector<std::string> all = parameters_of(std::move(a));
    all.push_back(std::move(b));
    return all;
}

} // namespace

asio::awaitable<void> postgres_table::begin() {
    const std::vector<std::string> none;
    co_await c_.query("begin", none, false);
}

asio::awaitable<void> postgres_table::commit() {
    const std::vector<std::string> none;
    co_await c_.query("commit", none, true);
}

asio::awaitable<void> postgres_table::create() {
    co_await begin();
    const std::vector<std::string> none;
    for (const char* const each : schema) {
        co_await c_.query(each, none, false);
    }
    co_await check();
    co_await commit();
}

asio::awaitable<void> postgres_table::check() {
    const std::vector<std::string> none;
    const postgres_rows r = co_await c_.query("select version from yunhu_version", none, false);
    if (r.empty() || r.integer(0, 0) != schema_version) {
        throw_invalid("outbox: the store is of another version");
    }
}

// The second statement sees what a concurrent one has stored, which the first one does not.
asio::awaitable<std::vector<enqueued_item>> postgres_table::insert(std::vector<outbox_item> items) {
    json::array list;
    for (const outbox_item& i : items) {
        list.push_back({{"key", i.key},
                        {"msg_id", i.msg_id},
                        {"account", i.account},
                        {"chat_type", static_cast<std::int64_t>(i.to.type)},
                        {"chat_id", i.to.id},
                        {"body", hex(i.body)},
                        {"digest", hex(i.digest)},
                        {"priority", i.priority},
                        {"delay", i.delay.count()}});
    }
    const std::string input = json::serialize(list);
    const std::string columns = "rows from (json_to_recordset($1::json) as (key text, msg_id text, account text, "
                                "chat_type bigint, chat_id text,"
                                " body text, digest text, priority int, delay bigint)) with ordinality as"
                                " i (key, msg_id, account, chat_type, chat_id, body, digest, priority, delay, n)";
    const postgres_rows created = co_await c_.query(
        "insert into yunhu_outbox (key, msg_id, account, chat_type, chat_id, body, digest, priority, created,"
        " not_before) select key, msg_id, account, chat_type, chat_id, decode(body, 'hex'), decode(digest, 'hex'),"
        " priority, yunhu_now(), yunhu_now() + delay from " +
            columns + " order by n on conflict (key) do nothing returning key",
        parameters_of(input), true);
    std::set<std::string> fresh;
    for (int r = 0; r < created.size(); ++r) {
        fresh.emplace(created.text(r, 0));
    }
    const postgres_rows there =
        co_await c_.query("select i.key, o.msg_id, o.digest = decode(i.digest, 'hex') from " + columns +
                              " left join yunhu_outbox o on o.key = i.key order by i.n",
                          parameters_of(input), false);
    std::vector<enqueued_item> done;
    for (int r = 0; r < there.size(); ++r) {
        const bool is_new = fresh.erase(std::string(there.text(r, 0))) > 0; // the first one of its key
        done.emplace_back(is_new                ? enqueue_outcome::created
                          : there.boolean(r, 2) ? enqueue_outcome::known
                                                : enqueue_outcome::conflict,
                          std::string(there.text(r, 1)));
    }
    co_return done;
}

asio::awaitable<std::vector<postgres_table::row>> postgres_table::lock_where(std::string condition,
                                                                             std::vector<std::string> parameters) {
    const postgres_rows r = co_await c_.query(life_columns + condition, std::move(parameters), false);
    std::vector<row> rows;
    for (int i = 0; i < r.size(); ++i) {
        engine::outbox_fsm::life l;
        l.state = static_cast<outbox_state>(r.integer(i, 1));
        l.epoch = static_cast<std::uint32_t>(r.integer(i, 2));
        l.send_epoch = static_cast<std::uint32_t>(r.integer(i, 3));
        l.resent = r.boolean(i, 4);
        l.not_before = store_time(r.integer(i, 5));
        l.lease = store_time(r.integer(i, 6));
        l.looks = static_cast<std::uint32_t>(r.integer(i, 7));
        l.look_at = store_time(r.integer(i, 8));
        l.settled = store_time(r.integer(i, 9));
        row one;
        one.life = engine::outbox_fsm(l);
        one.claim.id = static_cast<std::uint64_t>(r.integer(i, 0));
        one.claim.epoch = l.epoch;
        one.claim.account = r.text(i, 10);
        one.claim.msg_id = r.text(i, 11);
        one.claim.to = chat(static_cast<chat_type>(r.integer(i, 12)), std::string(r.text(i, 13)));
        one.claim.body = unhex(r.text(i, 14));
        one.now = store_time(r.integer(i, 15));
        rows.push_back(std::move(one));
    }
    co_return rows;
}

// In the order of `id`: two workers that lock the same rows can't block each other.
asio::awaitable<std::vector<postgres_table::row>> postgres_table::lock(std::vector<std::uint64_t> ids) {
    std::string list = "{";
    for (const std::uint64_t id : ids) {
        list += (list.size() > 1 ? "," : "") + std::to_string(id);
    }
    co_return co_await lock_where("id = any($1::bigint[]) order by id for update", parameters_of(list + "}"));
}

asio::awaitable<std::vector<postgres_table::row>> postgres_table::lock_queued(std::string account, std::size_t max) {
    co_return co_await lock_where("state = 0 and account = $1 and not_before <= (select yunhu_now())"
                                  " order by priority desc, id limit $2::int for update skip locked",
                                  parameters_of(std::move(account), number(max)));
}

asio::awaitable<std::vector<postgres_table::row>> postgres_table::lock_overdue(std::string account, std::size_t max) {
    co_return co_await lock_where("account = $1 and (state in (1, 2) and lease <= (select yunhu_now())"
                                  " or state = 5 and look_at <= (select yunhu_now()))"
                                  " order by id limit $2::int for update skip locked",
                                  parameters_of(std::move(account), number(max)));
}

asio::awaitable<std::vector<postgres_table::row>> postgres_table::lock_unsent() {
    const std::vector<std::string> none;
    co_return co_await lock_where("state in (0, 1) order by id for update", none);
}

asio::awaitable<std::vector<postgres_table::row>> postgres_table::lock_named(std::string key_or_msg_id) {
    co_return co_await lock_where("id = (select id from yunhu_outbox where key = $1 or msg_id = $1"
                                  " order by key <> $1 limit 1) for update",
                                  parameters_of(std::move(key_or_msg_id)));
}

asio::awaitable<void> postgres_table::save(std::vector<row> rows) {
    json::array list;
    for (const row& each : rows) {
        if (!each.changed) {
            continue;
        }
        const engine::outbox_fsm::life& l = each.life.now_in();
        json::object o{{"id", each.claim.id},
                       {"state", static_cast<int>(l.state)},
                       {"epoch", l.epoch},
                       {"send_epoch", l.send_epoch},
                       {"resent", l.resent},
                       {"not_before", l.not_before.count()},
                       {"lease", l.lease.count()},
                       {"looks", l.looks},
                       {"look_at", l.look_at.count()},
                       {"settled", l.settled.count()},
                       {"done", each.life.is_done()}};
        if (each.worker) {
            o["worker"] = *each.worker;
        }
        if (each.reason) {
            o["reason"] = *each.reason;
        }
        list.push_back(std::move(o));
    }
    if (list.empty()) {
        co_return;
    }
    co_await c_.query(
        "update yunhu_outbox o set state = t.state, epoch = t.epoch, send_epoch = t.send_epoch, resent = t.resent,"
        " not_before = t.not_before, lease = t.lease, looks = t.looks, look_at = t.look_at, settled = t.settled,"
        " body = case when t.done then null else o.body end, worker = coalesce(t.worker, o.worker),"
        " reason = coalesce(t.reason, o.reason) from json_to_recordset($1::json) as t(id bigint, state smallint,"
        " epoch bigint, send_epoch bigint, resent boolean, not_before bigint, lease bigint, looks int, look_at bigint,"
        " settled bigint, done boolean, worker text, reason text) where o.id = t.id",
        parameters_of(json::serialize(list)), false);
}

asio::awaitable<postgres_table::lane_row> postgres_table::lock_lane(std::string account) {
    const postgres_rows r = co_await c_.query(
        "select per_second, burst, tat, paused_until, (extract(epoch from clock_timestamp()) * 1000000000)::bigint"
        " from (select 1) one left join (select * from yunhu_lane where account = $1 for update) l on true",
        parameters_of(std::move(account)), false);
    lane_row lane;
    if (!r.text(0, 0).empty()) { // null: none was set
        lane.limit.per_second = r.real(0, 0);
        lane.limit.burst = static_cast<std::uint32_t>(r.integer(0, 1));
        lane.limit.tat = std::chrono::nanoseconds(r.integer(0, 2));
        lane.limit.paused_until = std::chrono::nanoseconds(r.integer(0, 3));
    }
    lane.now = std::chrono::nanoseconds(r.integer(0, 4));
    co_return lane;
}

asio::awaitable<void> postgres_table::save_lane(std::string account, engine::lane_limit l) {
    std::vector<std::string> values = parameters_of(std::move(account), std::to_string(l.per_second));
    values.push_back(std::to_string(l.burst));
    values.push_back(std::to_string(l.tat.count()));
    values.push_back(std::to_string(l.paused_until.count()));
    co_await c_.query("insert into yunhu_lane (account, per_second, burst, tat, paused_until)"
                      " values ($1, $2::float8, $3::bigint, $4::bigint, $5::bigint) on conflict (account) do update set"
                      " per_second = excluded.per_second, burst = excluded.burst, tat = excluded.tat,"
                      " paused_until = excluded.paused_until",
                      std::move(values), false);
}

asio::awaitable<std::optional<std::chrono::milliseconds>> postgres_table::next_queued(std::string account) {
    const postgres_rows r =
        co_await c_.query("select min(not_before) - yunhu_now(), count(*) from yunhu_outbox where state = 0 and"
                          " account = $1",
                          parameters_of(std::move(account)), false);
    if (r.integer(0, 1) == 0) {
        co_return std::nullopt;
    }
    co_return std::chrono::milliseconds(r.integer(0, 0));
}

asio::awaitable<std::vector<outbox_record>> postgres_table::list(outbox_filter which) {
    std::vector<std::string> values = parameters_of(std::to_string(which.after), number(which.max));
    values.push_back(which.state ? std::to_string(static_cast<int>(*which.state)) : "-1");
    values.push_back(which.account ? "t" : "f");
    values.push_back(which.account.value_or(std::string()));
    const postgres_rows r =
        co_await c_.query(std::string(record_columns) + "id > $1::bigint and ($3::int < 0 or state = $3::int) and"
                                                        " (not $4::boolean or account = $5) order by id limit $2::int",
                          std::move(values), false);
    std::vector<outbox_record> found;
    found.reserve(static_cast<std::size_t>(r.size()));
    for (int i = 0; i < r.size(); ++i) {
        found.push_back(record_of(r, i));
    }
    co_return found;
}

asio::awaitable<std::optional<outbox_record>> postgres_table::find(std::string key_or_msg_id) {
    const postgres_rows r =
        co_await c_.query(std::string(record_columns) + "key = $1 or msg_id = $1 order by key <> $1 limit 1",
                          parameters_of(std::move(key_or_msg_id)), false);
    if (r.empty()) {
        co_return std::nullopt;
    }
    co_return record_of(r, 0);
}

asio::awaitable<outbox_counts> postgres_table::counts() {
    const std::vector<std::string> none;
    const postgres_rows r =
        co_await c_.query("select state, count(*), greatest(0, yunhu_now() - min(greatest(not_before, created))),"
                          " greatest(0, yunhu_now() - min(settled)) from yunhu_outbox group by state",
                          none, false);
    outbox_counts c;
    for (int i = 0; i < r.size(); ++i) {
        set_count(c, static_cast<outbox_state>(r.integer(i, 0)), static_cast<std::uint64_t>(r.integer(i, 1)),
                  std::chrono::milliseconds(r.integer(i, 2)), std::chrono::milliseconds(r.integer(i, 3)));
    }
    co_return c;
}

asio::awaitable<std::uint64_t> postgres_table::prune(std::chrono::milliseconds older_than) {
    const postgres_rows r = co_await c_.query(
        "delete from yunhu_outbox where state in (3, 4) and settled <= (select yunhu_now()) - $1::bigint returning id",
        parameters_of(std::to_string(older_than.count())), true);
    co_return static_cast<std::uint64_t>(r.size());
}

} // namespace detail
YUNHU_NAMESPACE_END
