// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/sqlite_leases.hpp"

#include <cstdint>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

using engine::store_time;

namespace {

// A dead worker's row is of no use; kept for a day, so that a person can see it.
constexpr store_time worker_kept = std::chrono::hours(24);

} // namespace

void sqlite_leases::note_alive(const std::string& worker, store_time now, milliseconds lease) {
    auto s = db_.use("insert into yunhu_worker (worker, until) values (?, ?)"
                     " on conflict (worker) do update set until = excluded.until");
    s.bind(worker).bind((now + lease).count());
    s.run();
    auto old = db_.use("delete from yunhu_worker where until < ?");
    old.bind((now - worker_kept).count());
    old.run();
}

void sqlite_leases::forget_worker(const std::string& worker) {
    auto s = db_.use("delete from yunhu_worker where worker = ?");
    s.bind(worker);
    s.run();
}

lease_view sqlite_leases::view(const std::vector<std::string>& accounts, store_time now) {
    lease_view v;
    auto s = db_.use("select epoch, owner, until from yunhu_lease where account = ?");
    for (const std::string& each : accounts) {
        s.bind(each);
        lease_row row;
        row.account = each;
        if (s.step()) {
            row.epoch = static_cast<std::uint32_t>(s.integer(0));
            row.owner = s.text(1);
            row.left = store_time(s.integer(2)) - now;
        }
        v.rows.push_back(std::move(row));
        s.reset();
    }
    auto live = db_.use("select worker, until from yunhu_worker where until > ? order by worker");
    live.bind(now.count());
    while (live.step()) {
        v.workers.emplace_back(live.text(0), store_time(live.integer(1)) - now);
    }
    return v;
}

std::optional<std::uint32_t> sqlite_leases::change(const std::string& worker, const lease_change& what, store_time now,
                                                   milliseconds lease) {
    const std::int64_t until = (now + lease).count();
    const std::int64_t epoch = what.epoch;
    const auto applied = [](sqlite_statement& s) -> std::optional<std::uint32_t> {
        if (!s.step()) {
            return std::nullopt;
        }
        const auto number = static_cast<std::uint32_t>(s.integer(0));
        s.run();
        return number;
    };
    switch (what.what) {
    case lease_change::action::acquire: {
        auto s = db_.use("insert into yunhu_lease (account, epoch, owner, until) values (?1, ?2 + 1, ?3, ?4)"
                         " on conflict (account) do update set epoch = excluded.epoch, owner = excluded.owner,"
                         " until = excluded.until where epoch = ?2 and (owner = '' or owner = ?3 or until <= ?5)"
                         " returning epoch");
        s.bind(what.account).bind(epoch).bind(worker).bind(until).bind(now.count());
        return applied(s);
    }
    case lease_change::action::renew: {
        auto s = db_.use("update yunhu_lease set until = ? where account = ? and epoch = ? and owner = ?"
                         " returning epoch");
        s.bind(until).bind(what.account).bind(epoch).bind(worker);
        return applied(s);
    }
    case lease_change::action::release: {
        auto s = db_.use("update yunhu_lease set owner = '', until = 0 where account = ? and epoch = ? and owner = ?"
                         " returning epoch");
        s.bind(what.account).bind(epoch).bind(worker);
        return applied(s);
    }
    }
    return std::nullopt;
}

std::optional<inbox_cursors> sqlite_leases::cursors(const std::string& account) {
    inbox_cursors c;
    {
        auto s = db_.use("select since from yunhu_position where account = ?");
        s.bind(account);
        if (!s.step()) {
            return std::nullopt;
        }
        c.since = static_cast<std::uint64_t>(s.integer(0));
    }
    auto s = db_.use("select chat_type, chat_id, msg_seq, time from yunhu_cursor where account = ?");
    s.bind(account);
    while (s.step()) {
        c.chats.emplace_back(chat(static_cast<chat_type>(s.integer(0)), s.text(1)),
                             static_cast<std::uint64_t>(s.integer(2)), static_cast<std::uint64_t>(s.integer(3)));
    }
    return c;
}

bool sqlite_leases::save_cursors(const lease_ticket& ticket, const cursor_change& what) {
    auto position = db_.use("insert into yunhu_position (account, since)"
                            " select account, ?3 from yunhu_lease where account = ?1 and epoch = ?2"
                            " on conflict (account) do update set since = excluded.since returning account");
    position.bind(ticket.account).bind(std::int64_t{ticket.epoch}).bind(static_cast<std::int64_t>(what.since));
    if (!position.step()) {
        return false; // another worker has taken over; the rest is in the same transaction
    }
    position.run();
    auto set = db_.use("insert into yunhu_cursor (account, chat_type, chat_id, msg_seq, time) values (?, ?, ?, ?, ?)"
                       " on conflict (account, chat_type, chat_id) do update set msg_seq = excluded.msg_seq,"
                       " time = excluded.time");
    for (const chat_cursor& c : what.changed) {
        set.bind(ticket.account).bind(static_cast<std::int64_t>(c.chat.type)).bind(c.chat.id);
        set.bind(static_cast<std::int64_t>(c.msg_seq)).bind(static_cast<std::int64_t>(c.time));
        set.run();
        set.reset();
    }
    auto removed = db_.use("delete from yunhu_cursor where account = ? and chat_type = ? and chat_id = ?");
    for (const chat& c : what.removed) {
        removed.bind(ticket.account).bind(static_cast<std::int64_t>(c.type)).bind(c.id);
        removed.run();
        removed.reset();
    }
    return true;
}

} // namespace detail
YUNHU_NAMESPACE_END
