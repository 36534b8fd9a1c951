// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/sqlite_leases.hpp"
#include "features/outbox/sqlite_rows.hpp"
#include "model/exceptions.hpp"

#include <yunhu/sqlite_outbox.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;
using detail::sqlite_database;
using detail::sqlite_leases;
using detail::sqlite_rows;
using engine::outbox_fsm;
using engine::store_time;

/// The database and its thread.
struct sqlite_outbox_store::impl {
    explicit impl(sqlite_outbox_options o) : options(std::move(o)) {}
    ~impl() { thread.join(); } // what was started is done

    /// Runs `work(rows, now)` on the thread, within a transaction.
    template <class T, class Work> operation<T> transact(Work work) {
        return start<T>([this, work = std::move(work)]() mutable -> result<T> {
            sqlite_rows& all = opened(true);
            sqlite_database::transaction t(*db);
            if constexpr (std::is_void_v<T>) {
                work(all, now());
                t.commit();
                return result<void>();
            } else {
                T done = work(all, now());
                t.commit();
                return done;
            }
        });
    }

    /// The same for `work(leases, now)`.
    template <class T, class Work> operation<T> transact_leases(Work work) {
        return transact<T>([this, work = std::move(work)](sqlite_rows&, store_time at) mutable {
            sqlite_leases all(*db);
            return work(all, at);
        });
    }

    /// Runs `work()` on the thread; its exception becomes the failure.
    template <class T, class Work> operation<T> start(Work work) {
        auto begin = [this](auto handler, Work todo) {
            auto guard = asio::make_work_guard(asio::get_associated_executor(handler)); // the caller's must not end
            asio::post(thread,
                       [todo = std::move(todo), handler = std::move(handler), guard = std::move(guard)]() mutable {
                           const auto executor = guard.get_executor();
                           asio::post(executor, asio::append(std::move(handler), attempt<T>(todo)));
                       });
        };
        return asio::async_initiate<const asio::use_awaitable_t<>, void(result<T>)>(
            std::move(begin), asio::use_awaitable, std::move(work));
    }

    template <class T, class Work> static result<T> attempt(Work& work) noexcept {
        try {
            return work();
        } catch (const error& e) {
            return e.info();
        } catch (...) {
            return failure(detail::current_exception_code(), call_info());
        }
    }

    sqlite_rows& opened(bool prepared) {
        if (!db) {
            sqlite_database::options o;
            o.file = options.file;
            o.sync = options.durability == outbox_durability::power_loss;
            o.busy_timeout = options.busy_timeout;
            db = std::make_unique<sqlite_database>(o);
            rows = std::make_unique<sqlite_rows>(*db);
        }
        if (prepared && !std::exchange(checked, true)) {
            try {
                rows->check();
            } catch (...) {
                checked = false;
                throw;
            }
        }
        return *rows;
    }

    static store_time now() {
        return std::chrono::duration_cast<store_time>(std::chrono::system_clock::now().time_since_epoch());
    }

    sqlite_outbox_options options;
    std::unique_ptr<sqlite_database> db;
    std::unique_ptr<sqlite_rows> rows; // uses `db`
    bool checked = false;
    asio::thread_pool thread{1}; // last: its end comes before the others'
};

sqlite_outbox_store::sqlite_outbox_store(sqlite_outbox_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {}
sqlite_outbox_store::~sqlite_outbox_store() = default;

namespace {

// Of all accounts in turn: a busy one must not starve the others.
template <class Take> void for_accounts(const claim_request& what, Take take) {
    std::size_t left = what.max;
    const std::size_t n = what.accounts.size();
    for (std::size_t i = 0; i < n && left > 0; ++i) {
        const std::size_t share = (left + n - i - 1) / (n - i);
        left -= std::min(left, take(what.accounts[i], share));
    }
}

claim_batch claim_rows(sqlite_rows& rows, const claim_request& what, store_time now) {
    claim_batch batch;
    const auto wait_for = [&batch](store_time pause) {
        batch.wait = std::min(batch.wait.value_or(pause), std::max(pause, store_time(1)));
    };
    for_accounts(what, [&](const std::string& account, std::size_t max) -> std::size_t {
        const auto ids = rows.queued(account, now, max);
        if (ids.empty()) {
            if (const auto next = rows.next_queued(account)) {
                wait_for(*next - now);
            }
            return 0;
        }
        engine::lane_limit lane = rows.lane(account);
        const engine::lane_limit before = lane;
        const auto permit = lane.reserve(static_cast<std::uint32_t>(ids.size()), now);
        if (permit.count < ids.size()) {
            wait_for(std::chrono::ceil<std::chrono::milliseconds>(
                permit.count == 0 ? permit.wait : engine::lane_limit(lane).reserve(1, now).wait));
        } else if (ids.size() == max) {
            wait_for(store_time(1)); // perhaps more are queued
        }
        for (std::uint32_t i = 0; i < permit.count; ++i) {
            auto row = rows.load(ids[i], true);
            if (row && row->life.claim(now, what.lease)) {
                row->claim.epoch = row->life.now_in().epoch;
                rows.save(*row, &what.worker, nullptr);
                batch.claims.push_back(std::move(row->claim));
            }
        }
        if (lane.tat != before.tat) {
            rows.save_lane(account, lane);
        }
        return permit.count;
    });
    return batch;
}

std::vector<outbox_claim> take_rows(sqlite_rows& rows, const claim_request& what, store_time now) {
    std::vector<outbox_claim> taken;
    for_accounts(what, [&](const std::string& account, std::size_t max) -> std::size_t {
        for (const std::uint64_t id : rows.overdue(account, now, max)) {
            auto row = rows.load(id, false);
            const auto action = row ? row->life.overdue(now, what.lease) : outbox_fsm::overdue_action::none;
            if (action == outbox_fsm::overdue_action::none) {
                continue;
            }
            const bool look_up = action == outbox_fsm::overdue_action::look_up;
            rows.save(*row, look_up ? &what.worker : nullptr, nullptr);
            if (look_up) {
                row->claim.epoch = row->life.now_in().epoch;
                taken.push_back(std::move(row->claim));
            }
        }
        return 0;
    });
    return taken;
}

std::size_t settle_rows(sqlite_rows& rows, const std::vector<settlement>& outcomes, store_time now) {
    std::size_t applied = 0;
    for (const settlement& each : outcomes) {
        auto row = rows.load(each.id, false);
        if (row && row->life.settle(each.epoch, each.what, now, each.delay)) {
            rows.save(*row, nullptr, &each.reason);
            ++applied;
        }
    }
    return applied;
}

} // namespace

outbox_store::operation<void> sqlite_outbox_store::prepare() {
    return impl_->start<void>([i = impl_.get()]() -> result<void> {
        i->opened(false).create();
        return {};
    });
}

outbox_store::operation<std::vector<enqueued_item>> sqlite_outbox_store::enqueue(std::vector<outbox_item> items) {
    return impl_->transact<std::vector<enqueued_item>>([items = std::move(items)](sqlite_rows& rows, store_time now) {
        std::vector<enqueued_item> done;
        done.reserve(items.size());
        for (const outbox_item& item : items) {
            done.push_back(rows.insert(item, now));
        }
        return done;
    });
}

outbox_store::operation<claim_batch> sqlite_outbox_store::claim(claim_request what) {
    return impl_->transact<claim_batch>(
        [what = std::move(what)](sqlite_rows& rows, store_time now) { return claim_rows(rows, what, now); });
}

outbox_store::operation<std::vector<outbox_ticket>> sqlite_outbox_store::mark_sending(std::vector<outbox_ticket> claims,
                                                                                      milliseconds lease) {
    return impl_->transact<std::vector<outbox_ticket>>(
        [claims = std::move(claims), lease](sqlite_rows& rows, store_time now) {
            std::vector<outbox_ticket> marked;
            for (const outbox_ticket& each : claims) {
                auto row = rows.load(each.id, false);
                if (row && row->life.mark(each.epoch, now, lease)) {
                    rows.save(*row, nullptr, nullptr);
                    marked.push_back(each);
                }
            }
            return marked;
        });
}

outbox_store::operation<std::size_t> sqlite_outbox_store::settle(std::vector<settlement> outcomes) {
    return impl_->transact<std::size_t>([outcomes = std::move(outcomes)](sqlite_rows& rows, store_time now) {
        return settle_rows(rows, outcomes, now);
    });
}

outbox_store::operation<std::vector<outbox_claim>> sqlite_outbox_store::take_overdue(claim_request what) {
    return impl_->transact<std::vector<outbox_claim>>(
        [what = std::move(what)](sqlite_rows& rows, store_time now) { return take_rows(rows, what, now); });
}

outbox_store::operation<void> sqlite_outbox_store::renew(std::vector<outbox_ticket> claims, milliseconds lease) {
    return impl_->transact<void>([claims = std::move(claims), lease](sqlite_rows& rows, store_time now) {
        for (const outbox_ticket& each : claims) {
            auto row = rows.load(each.id, false);
            if (row && row->life.renew(each.epoch, now, lease)) {
                rows.save(*row, nullptr, nullptr);
            }
        }
    });
}

outbox_store::operation<std::optional<outbox_record>> sqlite_outbox_store::find(std::string key_or_msg_id) {
    return impl_->transact<std::optional<outbox_record>>(
        [what = std::move(key_or_msg_id)](sqlite_rows& rows, store_time) {
            const auto id = rows.id_of(what);
            return id ? rows.record(*id) : std::nullopt;
        });
}

outbox_store::operation<std::vector<outbox_record>> sqlite_outbox_store::list(outbox_filter which) {
    return impl_->transact<std::vector<outbox_record>>(
        [which = std::move(which)](sqlite_rows& rows, store_time) { return rows.list(which); });
}

outbox_store::operation<outbox_counts> sqlite_outbox_store::counts() {
    return impl_->transact<outbox_counts>([](sqlite_rows& rows, store_time now) { return rows.counts(now); });
}

outbox_store::operation<resend_outcome> sqlite_outbox_store::resend(std::string key_or_msg_id,
                                                                    milliseconds quarantine) {
    return impl_->transact<resend_outcome>(
        [what = std::move(key_or_msg_id), quarantine](sqlite_rows& rows, store_time now) {
            const auto id = rows.id_of(what);
            auto row = id ? rows.load(*id, false) : std::nullopt;
            if (!row) {
                return resend_outcome::not_found;
            }
            const resend_outcome done = row->life.resend(now, quarantine);
            if (done == resend_outcome::queued) {
                rows.save(*row, nullptr, nullptr);
            }
            return done;
        });
}

outbox_store::operation<std::uint64_t> sqlite_outbox_store::repair() {
    return impl_->transact<std::uint64_t>([](sqlite_rows& rows, store_time now) {
        const std::string reason = "restored";
        std::uint64_t changed = 0;
        for (const outbox_state s : {outbox_state::queued, outbox_state::claimed}) {
            for (const std::uint64_t id : rows.in_state(s)) {
                auto row = rows.load(id, false);
                if (row && row->life.restored(now)) {
                    rows.save(*row, nullptr, &reason);
                    ++changed;
                }
            }
        }
        return changed;
    });
}

outbox_store::operation<std::uint64_t> sqlite_outbox_store::prune(milliseconds older_than) {
    return impl_->transact<std::uint64_t>(
        [older_than](sqlite_rows& rows, store_time now) { return rows.prune(now - older_than); });
}

outbox_store::operation<void> sqlite_outbox_store::set_lane(outbox_lane lane) {
    return impl_->transact<void>([lane = std::move(lane)](sqlite_rows& rows, store_time) {
        engine::lane_limit l = rows.lane(lane.account);
        l.per_second = lane.per_second;
        l.burst = lane.burst;
        rows.save_lane(lane.account, l);
    });
}

outbox_store::operation<void> sqlite_outbox_store::pause_lane(std::string account, milliseconds length) {
    return impl_->transact<void>([account = std::move(account), length](sqlite_rows& rows, store_time now) {
        engine::lane_limit l = rows.lane(account);
        l.pause(length, now);
        rows.save_lane(account, l);
    });
}

lease_store::operation<lease_view> sqlite_outbox_store::look(std::string worker, std::vector<std::string> accounts,
                                                             milliseconds lease) {
    return impl_->transact_leases<lease_view>(
        [worker = std::move(worker), accounts = std::move(accounts), lease](sqlite_leases& leases, store_time now) {
            leases.note_alive(worker, now, lease);
            return leases.view(accounts, now);
        });
}

lease_store::operation<std::vector<lease_ticket>>
sqlite_outbox_store::change(std::string worker, std::vector<lease_change> changes, milliseconds lease) {
    return impl_->transact_leases<std::vector<lease_ticket>>(
        [worker = std::move(worker), changes = std::move(changes), lease](sqlite_leases& leases, store_time now) {
            std::vector<lease_ticket> done;
            for (const lease_change& each : changes) {
                if (const auto epoch = leases.change(worker, each, now, lease)) {
                    done.emplace_back(each.account, *epoch);
                }
            }
            return done;
        });
}

lease_store::operation<void> sqlite_outbox_store::leave(std::string worker) {
    return impl_->transact_leases<void>(
        [worker = std::move(worker)](sqlite_leases& leases, store_time) { leases.forget_worker(worker); });
}

lease_store::operation<std::optional<inbox_cursors>> sqlite_outbox_store::load_cursors(std::string account) {
    return impl_->transact_leases<std::optional<inbox_cursors>>(
        [account = std::move(account)](sqlite_leases& leases, store_time) { return leases.cursors(account); });
}

lease_store::operation<bool> sqlite_outbox_store::save_cursors(lease_ticket ticket, cursor_change change) {
    return impl_->transact_leases<bool>(
        [ticket = std::move(ticket), change = std::move(change)](sqlite_leases& leases, store_time) {
            return leases.save_cursors(ticket, change);
        });
}

YUNHU_NAMESPACE_END
