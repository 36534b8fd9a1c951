// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/postgres/leases.hpp"
#include "features/outbox/postgres/rows.hpp"
#include "model/exceptions.hpp"
#include "transport/cancel_on_exit.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/postgres_outbox.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <utility>
#include <variant>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;
using detail::postgres_leases;
using detail::postgres_table;
using std::chrono::milliseconds;

/// The connection, its strand, and the operations' turns.
struct postgres_outbox_store::impl : std::enable_shared_from_this<impl> {
    impl(const asio::any_io_executor& executor, postgres_outbox_options options)
        : strand(transport::make_strand(executor)), connection(strand, std::move(options)), table(connection),
          leases(connection), turn(strand) {}

    /// Runs `work(table)` on the strand when it is its turn, over an open connection. `prepared`: refuses a store that
    /// is not. `T` must be a value.
    template <class T> operation<T> run(std::function<asio::awaitable<T>(postgres_table&)> work, bool prepared = true) {
        auto begin = [self = shared_from_this()](auto handler, std::function<asio::awaitable<T>(postgres_table&)> todo,
                                                 bool checks) {
            auto guard = asio::make_work_guard(asio::get_associated_executor(handler));
            auto ended = [self, handler = std::move(handler), guard = std::move(guard)](std::exception_ptr,
                                                                                        result<T> r) mutable {
                const auto executor = guard.get_executor();
                asio::post(executor, asio::append(std::move(handler), std::move(r)));
            };
            asio::co_spawn(self->strand, self->template attempt<T>(std::move(todo), checks), std::move(ended));
        };
        return asio::async_initiate<const asio::use_awaitable_t<>, void(result<T>)>(
            std::move(begin), asio::use_awaitable, std::move(work), prepared);
    }

    template <class T>
    asio::awaitable<result<T>> attempt(std::function<asio::awaitable<T>(postgres_table&)> work, bool prepared) {
        while (busy) {
            error_code ignored;
            turn.expires_at(std::chrono::steady_clock::time_point::max());
            const transport::cancel_on_exit waiting(turn);
            co_await turn.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        busy = true;
        result<T> done = failure();
        try {
            const bool fresh = !connection.is_open();
            co_await connection.open();
            if (prepared && fresh) {
                co_await table.check();
            }
            done = co_await work(table);
        } catch (const error& e) {
            connection.close(); // perhaps in the middle of a transaction
            done = e.info();
        } catch (...) {
            connection.close();
            done = failure(detail::current_exception_code(), call_info());
        }
        busy = false;
        turn.cancel();
        co_return done;
    }

    asio::any_io_executor strand;
    detail::postgres_connection connection;
    postgres_table table;
    postgres_leases leases;
    bool busy = false;
    asio::steady_timer turn;
};

namespace {

// An operation without a value.
using nothing = std::monostate;

outbox_store::operation<void> without_value(outbox_store::operation<nothing> work) {
    auto done = co_await std::move(work);
    if (done.has_error()) {
        co_return done.error();
    }
    co_return result<void>();
}

std::vector<std::uint64_t> ids_of(const std::vector<outbox_ticket>& tickets) {
    std::vector<std::uint64_t> ids;
    ids.reserve(tickets.size());
    for (const outbox_ticket& each : tickets) {
        ids.push_back(each.id);
    }
    return ids;
}

postgres_table::row* find_row(std::vector<postgres_table::row>& rows, std::uint64_t id) {
    const auto found = std::find_if(rows.begin(), rows.end(), [id](const auto& r) { return r.claim.id == id; });
    return found == rows.end() ? nullptr : &*found;
}

// The lane is locked after its rows, and saved last: shortest.
asio::awaitable<void> claim_of(postgres_table& table, std::string account, claim_request what, std::size_t max,
                               claim_batch& batch) {
    const auto wait_for = [&batch](milliseconds pause) {
        pause = std::max(pause, milliseconds(1));
        batch.wait = std::min(batch.wait.value_or(pause), pause);
    };
    std::vector<postgres_table::row> rows = co_await table.lock_queued(account, max);
    if (rows.empty()) {
        const auto next = co_await table.next_queued(account);
        if (next) {
            wait_for(*next);
        }
        co_return;
    }
    postgres_table::lane_row lane = co_await table.lock_lane(account);
    const auto before = lane.limit.tat;
    const auto permit = lane.limit.reserve(static_cast<std::uint32_t>(rows.size()), lane.now);
    if (permit.count < rows.size()) {
        engine::lane_limit next = lane.limit;
        const auto wait = permit.count == 0 ? permit.wait : next.reserve(1, lane.now).wait;
        wait_for(std::chrono::ceil<milliseconds>(wait));
    } else if (rows.size() == max) {
        wait_for(milliseconds(1)); // perhaps more are queued
    }
    for (std::uint32_t i = 0; i < permit.count; ++i) {
        postgres_table::row& row = rows[i];
        if (row.life.claim(row.now, what.lease)) {
            row.changed = true;
            row.worker = what.worker;
            row.claim.epoch = row.life.now_in().epoch;
            batch.claims.push_back(row.claim);
        }
    }
    co_await table.save(std::move(rows));
    if (lane.limit.tat != before) {
        co_await table.save_lane(std::move(account), lane.limit);
    }
}

asio::awaitable<claim_batch> claim_all(postgres_table& table, claim_request what) {
    claim_batch batch;
    co_await table.begin();
    std::size_t left = what.max;
    for (std::size_t i = 0, n = what.accounts.size(); i < n && left > 0; ++i) {
        const std::size_t share = (left + n - i - 1) / (n - i);
        const std::size_t before = batch.claims.size();
        co_await claim_of(table, what.accounts[i], what, share, batch);
        left -= std::min(left, batch.claims.size() - before);
    }
    co_await table.commit();
    co_return batch;
}

asio::awaitable<std::vector<outbox_claim>> take_all(postgres_table& table, claim_request what) {
    std::vector<outbox_claim> taken;
    co_await table.begin();
    for (const std::string& account : what.accounts) {
        std::vector<postgres_table::row> rows = co_await table.lock_overdue(account, what.max);
        for (postgres_table::row& row : rows) {
            const auto action = row.life.overdue(row.now, what.lease);
            row.changed = action != engine::outbox_fsm::overdue_action::none;
            if (action == engine::outbox_fsm::overdue_action::look_up) {
                row.worker = what.worker;
                row.claim.epoch = row.life.now_in().epoch;
                row.claim.body.clear();
                taken.push_back(row.claim);
            }
        }
        co_await table.save(std::move(rows));
    }
    co_await table.commit();
    co_return taken;
}

asio::awaitable<std::vector<outbox_ticket>> mark_all(postgres_table& table, std::vector<outbox_ticket> claims,
                                                     milliseconds lease, bool renews) {
    std::vector<outbox_ticket> marked;
    co_await table.begin();
    std::vector<postgres_table::row> rows = co_await table.lock(ids_of(claims));
    for (const outbox_ticket& each : claims) {
        postgres_table::row* const row = find_row(rows, each.id);
        if (row != nullptr &&
            (renews ? row->life.renew(each.epoch, row->now, lease) : row->life.mark(each.epoch, row->now, lease))) {
            row->changed = true;
            marked.push_back(each);
        }
    }
    co_await table.save(std::move(rows));
    co_await table.commit();
    co_return marked;
}

asio::awaitable<std::size_t> settle_all(postgres_table& table, std::vector<settlement> outcomes) {
    std::size_t applied = 0;
    co_await table.begin();
    const std::vector<outbox_ticket> tickets(outcomes.begin(), outcomes.end());
    std::vector<postgres_table::row> rows = co_await table.lock(ids_of(tickets));
    for (const settlement& each : outcomes) {
        postgres_table::row* const row = find_row(rows, each.id);
        if (row != nullptr && row->life.settle(each.epoch, each.what, row->now, each.delay)) {
            row->changed = true;
            row->reason = each.reason;
            ++applied;
        }
    }
    co_await table.save(std::move(rows));
    co_await table.commit();
    co_return applied;
}

asio::awaitable<resend_outcome> resend_one(postgres_table& table, std::string name, milliseconds quarantine) {
    co_await table.begin();
    std::vector<postgres_table::row> rows = co_await table.lock_named(std::move(name));
    resend_outcome done = resend_outcome::not_found;
    if (!rows.empty()) {
        done = rows.front().life.resend(rows.front().now, quarantine);
        rows.front().changed = done == resend_outcome::queued;
        co_await table.save(std::move(rows));
    }
    co_await table.commit();
    co_return done;
}

asio::awaitable<std::uint64_t> repair_all(postgres_table& table) {
    co_await table.begin();
    std::vector<postgres_table::row> rows = co_await table.lock_unsent();
    std::uint64_t changed = 0;
    for (postgres_table::row& row : rows) {
        row.changed = row.life.restored(row.now);
        row.reason = "restored";
        changed += row.changed ? 1 : 0;
    }
    co_await table.save(std::move(rows));
    co_await table.commit();
    co_return changed;
}

// `lane`: its limit; absent: a pause of that length.
asio::awaitable<nothing> change_lane(postgres_table& table, std::string account, std::optional<outbox_lane> lane,
                                     milliseconds pause) {
    co_await table.begin();
    postgres_table::lane_row row = co_await table.lock_lane(account);
    if (lane) {
        row.limit.per_second = lane->per_second;
        row.limit.burst = lane->burst;
    } else {
        row.limit.pause(pause, row.now);
    }
    co_await table.save_lane(std::move(account), row.limit);
    co_await table.commit();
    co_return nothing();
}

asio::awaitable<nothing> create_all(postgres_table& table) {
    co_await table.create();
    co_return nothing();
}

asio::awaitable<nothing> forget_worker(postgres_leases& leases, std::string worker) {
    co_await leases.forget_worker(std::move(worker));
    co_return nothing();
}

asio::awaitable<nothing> renew_all(postgres_table& table, std::vector<outbox_ticket> claims, milliseconds lease) {
    co_await mark_all(table, std::move(claims), lease, true);
    co_return nothing();
}

} // namespace

postgres_outbox_store::postgres_outbox_store(asio::any_io_executor executor, postgres_outbox_options options)
    : impl_(std::make_shared<impl>(executor, std::move(options))) {}
postgres_outbox_store::~postgres_outbox_store() = default;

outbox_store::operation<void> postgres_outbox_store::prepare() {
    return without_value(impl_->run<nothing>([](postgres_table& t) { return create_all(t); }, false));
}

outbox_store::operation<std::vector<enqueued_item>> postgres_outbox_store::enqueue(std::vector<outbox_item> items) {
    return impl_->run<std::vector<enqueued_item>>(
        [items = std::move(items)](postgres_table& t) { return t.insert(items); });
}

outbox_store::operation<claim_batch> postgres_outbox_store::claim(claim_request what) {
    return impl_->run<claim_batch>([what = std::move(what)](postgres_table& t) { return claim_all(t, what); });
}

outbox_store::operation<std::vector<outbox_ticket>>
postgres_outbox_store::mark_sending(std::vector<outbox_ticket> claims, milliseconds lease) {
    return impl_->run<std::vector<outbox_ticket>>(
        [claims = std::move(claims), lease](postgres_table& t) { return mark_all(t, claims, lease, false); });
}

outbox_store::operation<std::size_t> postgres_outbox_store::settle(std::vector<settlement> outcomes) {
    return impl_->run<std::size_t>(
        [outcomes = std::move(outcomes)](postgres_table& t) { return settle_all(t, outcomes); });
}

outbox_store::operation<std::vector<outbox_claim>> postgres_outbox_store::take_overdue(claim_request what) {
    return impl_->run<std::vector<outbox_claim>>(
        [what = std::move(what)](postgres_table& t) { return take_all(t, what); });
}

outbox_store::operation<void> postgres_outbox_store::renew(std::vector<outbox_ticket> claims, milliseconds lease) {
    return without_value(impl_->run<nothing>(
        [claims = std::move(claims), lease](postgres_table& t) { return renew_all(t, claims, lease); }));
}

outbox_store::operation<std::optional<outbox_record>> postgres_outbox_store::find(std::string key_or_msg_id) {
    return impl_->run<std::optional<outbox_record>>(
        [name = std::move(key_or_msg_id)](postgres_table& t) { return t.find(name); });
}

outbox_store::operation<std::vector<outbox_record>> postgres_outbox_store::list(outbox_filter which) {
    return impl_->run<std::vector<outbox_record>>(
        [which = std::move(which)](postgres_table& t) { return t.list(which); });
}

outbox_store::operation<outbox_counts> postgres_outbox_store::counts() {
    return impl_->run<outbox_counts>([](postgres_table& t) { return t.counts(); });
}

outbox_store::operation<resend_outcome> postgres_outbox_store::resend(std::string key_or_msg_id,
                                                                      milliseconds quarantine) {
    return impl_->run<resend_outcome>(
        [name = std::move(key_or_msg_id), quarantine](postgres_table& t) { return resend_one(t, name, quarantine); });
}

outbox_store::operation<std::uint64_t> postgres_outbox_store::repair() {
    return impl_->run<std::uint64_t>([](postgres_table& t) { return repair_all(t); });
}

outbox_store::operation<std::uint64_t> postgres_outbox_store::prune(milliseconds older_than) {
    return impl_->run<std::uint64_t>([older_than](postgres_table& t) { return t.prune(older_than); });
}

outbox_store::operation<void> postgres_outbox_store::set_lane(outbox_lane lane) {
    return without_value(impl_->run<nothing>(
        [lane = std::move(lane)](postgres_table& t) { return change_lane(t, lane.account, lane, milliseconds(0)); }));
}

outbox_store::operation<void> postgres_outbox_store::pause_lane(std::string account, milliseconds length) {
    return without_value(impl_->run<nothing>([account = std::move(account), length](postgres_table& t) {
        return change_lane(t, account, std::nullopt, length);
    }));
}

lease_store::operation<lease_view> postgres_outbox_store::look(std::string worker, std::vector<std::string> accounts,
                                                               milliseconds lease) {
    return impl_->run<lease_view>([l = &impl_->leases, worker = std::move(worker), accounts = std::move(accounts),
                                   lease](postgres_table&) { return l->look(worker, accounts, lease); });
}

lease_store::operation<std::vector<lease_ticket>>
postgres_outbox_store::change(std::string worker, std::vector<lease_change> changes, milliseconds lease) {
    return impl_->run<std::vector<lease_ticket>>(
        [l = &impl_->leases, worker = std::move(worker), changes = std::move(changes), lease](postgres_table&) {
            return l->change(worker, changes, lease);
        });
}

lease_store::operation<void> postgres_outbox_store::leave(std::string worker) {
    return without_value(impl_->run<nothing>(
        [l = &impl_->leases, worker = std::move(worker)](postgres_table&) { return forget_worker(*l, worker); }));
}

lease_store::operation<std::optional<inbox_cursors>> postgres_outbox_store::load_cursors(std::string account) {
    return impl_->run<std::optional<inbox_cursors>>(
        [l = &impl_->leases, account = std::move(account)](postgres_table&) { return l->cursors(account); });
}

lease_store::operation<bool> postgres_outbox_store::save_cursors(lease_ticket ticket, cursor_change change) {
    return impl_->run<bool>([l = &impl_->leases, ticket = std::move(ticket),
                             change = std::move(change)](postgres_table&) { return l->save_cursors(ticket, change); });
}

YUNHU_NAMESPACE_END
