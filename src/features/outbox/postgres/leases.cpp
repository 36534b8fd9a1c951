// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/postgres/leases.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

template <class... Texts> std::vector<std::string> texts_of(Texts... each) {
    std::vector<std::string> all;
    (all.push_back(std::move(each)), ...);
    return all;
}

const char* name_of(lease_change::action what) noexcept {
    switch (what) {
    case lease_change::action::acquire:
        return "acquire";
    case lease_change::action::renew:
        return "renew";
    case lease_change::action::release:
        return "release";
    }
    return "";
}

} // namespace

// A dead worker's row is kept for a day, so that a person can see it.
asio::awaitable<lease_view> postgres_leases::look(std::string worker, std::vector<std::string> accounts,
                                                  milliseconds lease) {
    co_await c_.query("with old as (delete from yunhu_worker where until < yunhu_now() - 86400000)"
                      " insert into yunhu_worker (worker, until) values ($1, yunhu_now() + $2::bigint)"
                      " on conflict (worker) do update set until = excluded.until",
                      texts_of(worker, std::to_string(lease.count())), true);
    json::array names;
    for (const std::string& each : accounts) {
        names.push_back(json::value(each));
    }
    const postgres_rows r = co_await c_.query(
        "select a.name, coalesce(l.epoch, 0), coalesce(l.owner, ''), coalesce(l.until - yunhu_now(), 0), true"
        " from json_array_elements_text($1::json) as a(name) left join yunhu_lease l on l.account = a.name"
        " union all select worker, 0, '', until - yunhu_now(), false from yunhu_worker where until > (select"
        " yunhu_now())",
        texts_of(json::serialize(names)), false);
    lease_view v;
    for (int i = 0; i < r.size(); ++i) {
        const milliseconds left(r.integer(i, 3));
        if (r.boolean(i, 4)) {
            v.rows.emplace_back(std::string(r.text(i, 0)), static_cast<std::uint32_t>(r.integer(i, 1)),
                                std::string(r.text(i, 2)), left);
        } else {
            v.workers.emplace_back(std::string(r.text(i, 0)), left);
        }
    }
    co_return v;
}

// Rows are locked in the order of their names: two workers that change the same ones can't block each other.
asio::awaitable<std::vector<lease_ticket>>
postgres_leases::change(std::string worker, std::vector<lease_change> changes, milliseconds lease) {
    json::array list;
    for (const lease_change& each : changes) {
        list.push_back({{"account", each.account}, {"epoch", each.epoch}, {"what", name_of(each.what)}});
    }
    const postgres_rows r = co_await c_.query(
        "with c as materialized (select account, epoch, what from json_to_recordset($1::json) as"
        " t(account text, epoch bigint, what text) order by account),"
        " taken as (insert into yunhu_lease as l (account, epoch, owner, until)"
        " select account, epoch + 1, $2, yunhu_now() + $3::bigint from c where what = 'acquire' order by account"
        " on conflict (account) do update set epoch = excluded.epoch, owner = excluded.owner, until = excluded.until"
        " where l.epoch = excluded.epoch - 1 and (l.owner = '' or l.owner = excluded.owner or l.until <= yunhu_now())"
        " returning account, epoch),"
        " locked as materialized (select l.account, c.what from yunhu_lease l join c on l.account = c.account and"
        " l.epoch = c.epoch where c.what <> 'acquire' and l.owner = $2 order by l.account for update of l),"
        " kept as (update yunhu_lease l set owner = case when k.what = 'release' then '' else l.owner end,"
        " until = case when k.what = 'release' then 0 else yunhu_now() + $3::bigint end"
        " from locked k where l.account = k.account returning l.account, l.epoch)"
        " select account, epoch from taken union all select account, epoch from kept",
        texts_of(json::serialize(list), std::move(worker), std::to_string(lease.count())), true);
    std::vector<lease_ticket> done;
    done.reserve(static_cast<std::size_t>(r.size()));
    for (int i = 0; i < r.size(); ++i) {
        done.emplace_back(std::string(r.text(i, 0)), static_cast<std::uint32_t>(r.integer(i, 1)));
    }
    co_return done;
}

asio::awaitable<void> postgres_leases::forget_worker(std::string worker) {
    co_await c_.query("delete from yunhu_worker where worker = $1", texts_of(std::move(worker)), true);
}

asio::awaitable<std::optional<inbox_cursors>> postgres_leases::cursors(std::string account) {
    const postgres_rows r = co_await c_.query(
        "select p.since, c.chat_type, c.chat_id, c.msg_seq, c.time, c.account is not null from yunhu_position p"
        " left join yunhu_cursor c on c.account = p.account where p.account = $1",
        texts_of(std::move(account)), false);
    if (r.empty()) {
        co_return std::nullopt;
    }
    inbox_cursors made;
    made.since = static_cast<std::uint64_t>(r.integer(0, 0));
    for (int i = 0; i < r.size(); ++i) {
        if (r.boolean(i, 5)) {
            made.chats.emplace_back(chat(static_cast<chat_type>(r.integer(i, 1)), std::string(r.text(i, 2))),
                                    static_cast<std::uint64_t>(r.integer(i, 3)),
                                    static_cast<std::uint64_t>(r.integer(i, 4)));
        }
    }
    co_return made;
}

// The lease's row is locked, so that another worker can't take over between the condition and the change.
asio::awaitable<bool> postgres_leases::save_cursors(lease_ticket ticket, cursor_change what) {
    json::array list;
    for (const chat_cursor& c : what.changed) {
        list.push_back({{"chat_type", static_cast<std::int64_t>(c.chat.type)},
                        {"chat_id", c.chat.id},
                        {"msg_seq", c.msg_seq},
                        {"time", c.time},
                        {"gone", false}});
    }
    for (const chat& c : what.removed) {
        list.push_back({{"chat_type", static_cast<std::int64_t>(c.type)},
                        {"chat_id", c.id},
                        {"msg_seq", 0},
                        {"time", 0},
                        {"gone", true}});
    }
    std::vector<std::string> values =
        texts_of(ticket.account, std::to_string(ticket.epoch), std::to_string(what.since), json::serialize(list));
    const postgres_rows r = co_await c_.query(
        "with mine as materialized (select account from yunhu_lease where account = $1 and epoch = $2::bigint for"
        " update), c as materialized (select m.account, t.chat_type, t.chat_id, t.msg_seq, t.time, t.gone from mine m,"
        " json_to_recordset($4::json) as t(chat_type bigint, chat_id text, msg_seq bigint, time bigint, gone boolean)),"
        " position as (insert into yunhu_position (account, since) select account, $3::bigint from mine"
        " on conflict (account) do update set since = excluded.since returning account),"
        " kept as (insert into yunhu_cursor (account, chat_type, chat_id, msg_seq, time)"
        " select account, chat_type, chat_id, msg_seq, time from c where not gone"
        " on conflict (account, chat_type, chat_id) do update set msg_seq = excluded.msg_seq, time = excluded.time),"
        " removed as (delete from yunhu_cursor o using c where c.gone and o.account = c.account and"
        " o.chat_type = c.chat_type and o.chat_id = c.chat_id)"
        " select account from position",
        std::move(values), true);
    co_return !r.empty();
}

} // namespace detail
YUNHU_NAMESPACE_END
