// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/sqlite_rows.hpp"

#include "features/outbox/outbox_counting.hpp"
#include "model/exceptions.hpp"

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

using engine::store_time;

namespace {

constexpr std::int64_t schema_version = 2; // 2: leases and cursors

// Times are ms since the epoch. A body is dropped as soon as it is of no use.
constexpr const char* schema = R"(
create table if not exists yunhu_outbox (
  id integer primary key autoincrement,
  key text not null unique, msg_id text not null unique,
  account text not null, chat_type integer not null, chat_id text not null,
  body blob, digest blob not null, priority integer not null, created integer not null,
  state integer not null default 0, epoch integer not null default 0, send_epoch integer not null default 0,
  resent integer not null default 0, not_before integer not null, lease integer not null default 0,
  looks integer not null default 0, look_at integer not null default 0, settled integer not null default 0,
  worker text not null default '', reason text not null default ''
) strict;
create index if not exists yunhu_outbox_queued on yunhu_outbox (account, priority desc, id) where state = 0;
create index if not exists yunhu_outbox_leased on yunhu_outbox (lease) where state in (1, 2);
create index if not exists yunhu_outbox_unknown on yunhu_outbox (look_at) where state = 5;
create table if not exists yunhu_lane (
  account text primary key, per_second real not null default 0, burst integer not null default 1,
  tat integer not null default 0, paused_until integer not null default 0
) strict;
create table if not exists yunhu_worker (worker text primary key, until integer not null) strict;
create table if not exists yunhu_lease (
  account text primary key, epoch integer not null, owner text not null, until integer not null
) strict;
create table if not exists yunhu_position (account text primary key, since integer not null) strict;
create table if not exists yunhu_cursor (
  account text not null, chat_type integer not null, chat_id text not null, msg_seq integer not null,
  time integer not null, primary key (account, chat_type, chat_id)
) strict, without rowid;
create table if not exists yunhu_version (version integer not null) strict;
insert into yunhu_version select 2 where not exists (select 1 from yunhu_version);
update yunhu_version set version = 2 where version = 1;
)";

constexpr std::string_view record_columns =
    "select id, key, msg_id, account, chat_type, chat_id, state, epoch, looks, reason, created, settled, worker, resent"
    " from yunhu_outbox ";

std::uint64_t unsigned_of(std::int64_t n) {
    return static_cast<std::uint64_t>(n);
}

std::vector<std::uint64_t> ids_of(sqlite_statement& s) {
    std::vector<std::uint64_t> ids;
    while (s.step()) {
        ids.push_back(unsigned_of(s.integer(0)));
    }
    return ids;
}

outbox_record record_of(const sqlite_statement& s) {
    outbox_record r;
    r.id = unsigned_of(s.integer(0));
    r.key = s.text(1);
    r.msg_id = s.text(2);
    r.account = s.text(3);
    r.to = chat(static_cast<chat_type>(s.integer(4)), s.text(5));
    r.state = static_cast<outbox_state>(s.integer(6));
    r.epoch = static_cast<std::uint32_t>(s.integer(7));
    r.looks = static_cast<std::uint32_t>(s.integer(8));
    r.reason = s.text(9);
    r.created = unsigned_of(s.integer(10));
    r.settled = unsigned_of(s.integer(11));
    r.worker = s.text(12);
    r.resent = s.integer(13) != 0;
    return r;
}

std::int64_t at_most(std::size_t max) {
    return static_cast<std::int64_t>(std::min<std::size_t>(max, 1'000'000));
}

} // namespace

void sqlite_rows::create() {
    sqlite_database::transaction t(db_);
    db_.execute(schema);
    check();
    t.commit();
}

void sqlite_rows::check() {
    if (auto s = db_.use("select 1 from sqlite_master where name = 'yunhu_version'"); !s.step()) {
        throw_invalid("outbox: the store is not prepared");
    }
    auto s = db_.use("select version from yunhu_version");
    if (!s.step() || s.integer(0) != schema_version) {
        throw_invalid("outbox: the store is of another version");
    }
}

enqueued_item sqlite_rows::insert(const outbox_item& item, store_time now) {
    {
        auto s =
            db_.use("insert into yunhu_outbox (key, msg_id, account, chat_type, chat_id, body, digest, priority,"
                    " created, not_before) values (?,?,?,?,?,?,?,?,?,?) on conflict (key) do nothing returning id");
        s.bind(item.key).bind(item.msg_id).bind(item.account).bind(static_cast<std::int64_t>(item.to.type));
        s.bind(item.to.id).bind_blob(item.body).bind_blob(item.digest).bind(std::int64_t{item.priority});
        s.bind(now.count()).bind((now + item.delay).count());
        if (s.step()) {
            s.run();
            return {enqueue_outcome::created, item.msg_id};
        }
    }
    auto s = db_.use("select msg_id, digest from yunhu_outbox where key = ?");
    s.bind(item.key).step();
    return {s.text(1) == item.digest ? enqueue_outcome::known : enqueue_outcome::conflict, s.text(0)};
}

std::optional<sqlite_rows::row> sqlite_rows::load(std::uint64_t id, bool with_body) {
    auto s = db_.use("select state, epoch, send_epoch, resent, not_before, lease, looks, look_at, settled, account,"
                     " msg_id, chat_type, chat_id, iif(?, body, null) from yunhu_outbox where id = ?");
    s.bind(std::int64_t{with_body}).bind(static_cast<std::int64_t>(id));
    if (!s.step()) {
        return std::nullopt;
    }
    engine::outbox_fsm::life l;
    l.state = static_cast<outbox_state>(s.integer(0));
    l.epoch = static_cast<std::uint32_t>(s.integer(1));
    l.send_epoch = static_cast<std::uint32_t>(s.integer(2));
    l.resent = s.integer(3) != 0;
    l.not_before = store_time(s.integer(4));
    l.lease = store_time(s.integer(5));
    l.looks = static_cast<std::uint32_t>(s.integer(6));
    l.look_at = store_time(s.integer(7));
    l.settled = store_time(s.integer(8));
    row r;
    r.life = engine::outbox_fsm(l);
    r.claim.id = id;
    r.claim.epoch = l.epoch;
    r.claim.account = s.text(9);
    r.claim.msg_id = s.text(10);
    r.claim.to = chat(static_cast<chat_type>(s.integer(11)), s.text(12));
    r.claim.body = s.text(13);
    return r;
}

void sqlite_rows::save(const row& changed, const std::string* worker, const std::string* reason) {
    const engine::outbox_fsm::life& l = changed.life.now_in();
    auto s = db_.use("update yunhu_outbox set state = ?, epoch = ?, send_epoch = ?, resent = ?, not_before = ?,"
                     " lease = ?, looks = ?, look_at = ?, settled = ?, body = iif(?, null, body),"
                     " worker = iif(?, ?, worker), reason = iif(?, ?, reason) where id = ?");
    s.bind(static_cast<std::int64_t>(l.state)).bind(std::int64_t{l.epoch}).bind(std::int64_t{l.send_epoch});
    s.bind(std::int64_t{l.resent}).bind(l.not_before.count()).bind(l.lease.count()).bind(std::int64_t{l.looks});
    s.bind(l.look_at.count()).bind(l.settled.count()).bind(std::int64_t{changed.life.is_done()});
    s.bind(std::int64_t{worker != nullptr}).bind(worker != nullptr ? std::string_view(*worker) : std::string_view());
    s.bind(std::int64_t{reason != nullptr}).bind(reason != nullptr ? std::string_view(*reason) : std::string_view());
    s.bind(static_cast<std::int64_t>(changed.claim.id));
    s.run();
}

std::vector<std::uint64_t> sqlite_rows::queued(const std::string& account, store_time now, std::size_t max) {
    auto s = db_.use("select id from yunhu_outbox where state = 0 and account = ? and not_before <= ?"
                     " order by priority desc, id limit ?");
    s.bind(account).bind(now.count()).bind(at_most(max));
    return ids_of(s);
}

std::optional<store_time> sqlite_rows::next_queued(const std::string& account) {
    auto s = db_.use("select min(not_before), count(*) from yunhu_outbox where state = 0 and account = ?");
    s.bind(account).step();
    return s.integer(1) == 0 ? std::nullopt : std::optional(store_time(s.integer(0)));
}

std::vector<std::uint64_t> sqlite_rows::overdue(const std::string& account, store_time now, std::size_t max) {
    std::vector<std::uint64_t> ids;
    {
        auto s = db_.use("select id from yunhu_outbox where state in (1, 2) and lease <= ? and account = ? limit ?");
        s.bind(now.count()).bind(account).bind(at_most(max));
        ids = ids_of(s);
    }
    auto s = db_.use("select id from yunhu_outbox where state = 5 and look_at <= ? and account = ? limit ?");
    s.bind(now.count()).bind(account).bind(at_most(max - std::min(ids.size(), max)));
    for (const std::uint64_t id : ids_of(s)) {
        ids.push_back(id);
    }
    return ids;
}

std::vector<std::uint64_t> sqlite_rows::in_state(outbox_state state) {
    auto s = db_.use("select id from yunhu_outbox where state = ?");
    s.bind(static_cast<std::int64_t>(state));
    return ids_of(s);
}

std::optional<std::uint64_t> sqlite_rows::id_of(std::string_view key_or_msg_id) {
    auto s = db_.use("select id from yunhu_outbox where key = ?1 or msg_id = ?1 order by key <> ?1 limit 1");
    s.bind(key_or_msg_id);
    return s.step() ? std::optional(unsigned_of(s.integer(0))) : std::nullopt;
}

std::optional<outbox_record> sqlite_rows::record(std::uint64_t id) {
    static const std::string sql = std::string(record_columns) + "where id = ?";
    auto s = db_.use(sql);
    s.bind(static_cast<std::int64_t>(id));
    return s.step() ? std::optional(record_of(s)) : std::nullopt;
}

std::vector<outbox_record> sqlite_rows::list(const outbox_filter& which) {
    static const std::string sql = std::string(record_columns) +
                                   "where id > ?1 and (?2 < 0 or state = ?2) and (?3 = 0 or account = ?4)"
                                   " order by id limit ?5";
    auto s = db_.use(sql);
    s.bind(static_cast<std::int64_t>(which.after));
    s.bind(which.state ? static_cast<std::int64_t>(*which.state) : std::int64_t{-1});
    s.bind(std::int64_t{which.account.has_value()});
    s.bind(which.account ? std::string_view(*which.account) : std::string_view()).bind(at_most(which.max));
    std::vector<outbox_record> found;
    while (s.step()) {
        found.push_back(record_of(s));
    }
    return found;
}

outbox_counts sqlite_rows::counts(store_time now) {
    outbox_counts c;
    auto s = db_.use("select state, count(*), min(max(not_before, created)), min(settled) from yunhu_outbox"
                     " group by state");
    while (s.step()) {
        set_count(c, static_cast<outbox_state>(s.integer(0)), unsigned_of(s.integer(1)),
                  std::max(now - store_time(s.integer(2)), store_time()),
                  std::max(now - store_time(s.integer(3)), store_time()));
    }
    return c;
}

std::uint64_t sqlite_rows::prune(store_time before) {
    auto s = db_.use("delete from yunhu_outbox where state in (3, 4) and settled <= ? returning id");
    s.bind(before.count());
    return ids_of(s).size();
}

engine::lane_limit sqlite_rows::lane(const std::string& account) {
    engine::lane_limit l;
    auto s = db_.use("select per_second, burst, tat, paused_until from yunhu_lane where account = ?");
    s.bind(account);
    if (s.step()) {
        l.per_second = s.real(0);
        l.burst = static_cast<std::uint32_t>(s.integer(1));
        l.tat = std::chrono::nanoseconds(s.integer(2));
        l.paused_until = std::chrono::nanoseconds(s.integer(3));
    }
    return l;
}

void sqlite_rows::save_lane(const std::string& account, const engine::lane_limit& l) {
    auto s = db_.use("insert into yunhu_lane (account, per_second, burst, tat, paused_until) values (?,?,?,?,?)"
                     " on conflict (account) do update set per_second = excluded.per_second, burst = excluded.burst,"
                     " tat = excluded.tat, paused_until = excluded.paused_until");
    s.bind(account).bind(l.per_second).bind(std::int64_t{l.burst}).bind(l.tat.count()).bind(l.paused_until.count());
    s.run();
}

} // namespace detail
YUNHU_NAMESPACE_END
