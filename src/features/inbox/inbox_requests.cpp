// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "features/inbox/inbox_core.hpp"
#include "features/inbox/inbox_core_inline.hpp"
#include "gateway/conversation_codec.hpp"

#include <yunhu/lookups.hpp>

#include <boost/asio/bind_executor.hpp>

#include <stdexcept>
#include <utility>

// What was missed, and what is to be saved: requests, the timer, the store. On the strand.
YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

using query_kind = engine::page_query::kind;

struct changes_request {
    changes_request(yunhu::chat of, std::uint64_t after, std::uint64_t most)
        : chat(std::move(of)), since(after), count(most) {}

    yunhu::chat chat;
    std::uint64_t since;
    std::uint64_t count;
};

endpoint<changes_request, message_page> list_changes() {
    static constexpr endpoint_info row("/v1/msg/list-message-by-update", wire_format::protobuf, retry_class::safe);
    return {row, [](const changes_request& r) { return gateway::encode_list_changes(r.chat, r.since, r.count); },
            [](std::string_view body) {
                message_page page;
                if (codec::decode_page(body, page)) {
                    throw std::runtime_error(page.detail);
                }
                return page;
            }};
}

} // namespace

void inbox_core::pump(bool may_read) {
    std::vector<request> wanted;
    std::optional<engine::time_point> due;
    bool reads = false;
    if (left_) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        if (!catch_up_) {
            return;
        }
        using state = engine::session_fsm::state;
        const state in = session_.now_in();
        // With a refused token requests would fail, and their chats would have gaps.
        while (in != state::refused && in != state::stopped) {
            std::optional<request> next = catch_up_->next_request(now());
            if (!next) {
                break;
            }
            wanted.push_back(std::move(*next));
        }
        if (in != state::stopped) {
            due = catch_up_->due();
        }
        reads = catch_up_->wants_frames();
        notify();
    }
    for (request& each : wanted) {
        start_request(std::move(each));
    }
    save_if_due(false);
    arm_timer(due);
    using state = engine::session_fsm::state;
    const bool open = session_.now_in() == state::logging_in || session_.now_in() == state::open;
    if (may_read && reads && open && socket_ && !socket_->reading()) {
        socket_->read();
    }
}

/// A handler of a request: its result goes to the machine.
template <class Result, class Use> auto inbox_core::answer_to(std::uint64_t id, Use use) {
    auto done = [weak = weak_from_this(), id, use](const error_code& ec, Result got) {
        const auto self = weak.lock();
        if (!self) {
            return;
        }
        self->run([&] {
            if (ec) {
                self->on_failed_request(id, ec, got);
                return;
            }
            const std::lock_guard lock(self->mutex_);
            use(*self->catch_up_, std::move(got));
            self->book_->start_at(self->catch_up_->since());
            (void)self->save_wanted();
            self->notify();
        });
    };
    return asio::bind_executor(strand_->get_executor(), std::move(done));
}

void inbox_core::start_request(request wanted) {
    const std::uint64_t id = wanted.id;
    if (wanted.conversations) {
        client_.call(endpoints::conversation_list, conversation_list_request(std::move(wanted.md5)),
                     answer_to<conversation_page>(id, [id](engine::catch_up_fsm& machine, conversation_page&& got) {
                         machine.on_conversations(id, gateway::usable_conversations(std::move(got.conversations)),
                                                  std::move(got.md5), now());
                     }));
        return;
    }
    const auto use_page = [id](engine::catch_up_fsm& machine, message_page&& got) {
        machine.on_page(id, std::move(got.messages), now(), got.unreadable);
    };
    engine::page_query& query = wanted.query;
    switch (query.what) {
    case query_kind::by_seq:
        client_.list_message_by_seq({std::move(wanted.chat), query.seq}, answer_to<message_page>(id, use_page));
        return;
    case query_kind::before:
        client_.list_message({std::move(wanted.chat), query.count, std::move(query.msg_id)},
                             answer_to<message_page>(id, use_page));
        return;
    case query_kind::changes:
        client_.call(list_changes(), changes_request(std::move(wanted.chat), query.time, query.count),
                     answer_to<reply<message_page>>(id, [use_page](engine::catch_up_fsm& machine, auto&& got) {
                         use_page(machine, std::move(got.value));
                     }));
        return;
    }
}

void inbox_core::on_failed_request(std::uint64_t id, const error_code& ec, const call_info& details) {
    const failure why(ec, details);
    if (ec == errc::client_closed) {
        fail(why); // nothing can be caught up any more
        return;
    }
    const bool refused = ec == condition::authentication;
    {
        const std::lock_guard lock(mutex_);
        catch_up_->on_failure(id, refused || is_transient(why), now());
        notify();
    }
    if (refused) {
        why_.api_code = details.api_code;
        why_.text = details.api_msg;
        act(session_.rejected(session_.current(), true, now(), jitter()));
    }
}

void inbox_core::arm_timer(std::optional<engine::time_point> catch_up_due) {
    engine::time_point due = std::min(session_.due().value_or(engine::time_point::max()), renew_due_);
    due = std::min(due, catch_up_due.value_or(engine::time_point::max()));
    {
        const std::lock_guard lock(mutex_);
        if (save_scheduled_ && !save_running_) {
            due = std::min(due, engine::later(last_save_, options_.save_interval));
        }
    }
    // A timer that fires too early costs less than one that is set anew with each frame.
    if (due == engine::time_point::max() && armed_for_) { // the end: a timer would keep `run()` from returning
        armed_for_.reset();
        timer_.cancel();
    }
    if (due == engine::time_point::max() || (armed_for_ && *armed_for_ <= due)) {
        return;
    }
    armed_for_ = due;
    timer_.expires_at(due);
    timer_.async_wait(strand_->bind([weak = weak_from_this()](const error_code& ec) {
        if (const auto self = weak.lock(); self && !ec) {
            self->run([&] { self->on_timer(); });
        }
    }));
}

void inbox_core::on_timer() {
    armed_for_.reset();
    act(session_.timer(now(), jitter()));
    if (now() >= renew_due_) {
        renew_token();
    }
    const std::lock_guard lock(mutex_);
    catch_up_->timer(now());
    notify();
}

/// Saves when the interval has passed; `at_once`: this is the last one.
void inbox_core::save_if_due(bool at_once) {
    if (save_running_) {
        return;
    }
    std::unique_lock lock(mutex_);
    if (closed_) { // the destructor has saved
        return;
    }
    if (at_once && !(saver_.enabled() && book_ && book_->changed())) {
        lock.unlock();
        end_stop({});
        return;
    }
    if (!at_once && (!save_scheduled_ || now() < engine::later(last_save_, options_.save_interval))) {
        return;
    }
    save_scheduled_ = false;
    save_running_ = true;
    last_save_ = now();
    saver_.save(book_->snapshot(), [weak = weak_from_this(), to = strand_](const result<void>& saved) {
        to->post([weak, saved] {
            if (const auto self = weak.lock()) {
                self->run([&] { self->on_saved(saved); });
            }
        });
    });
}

void inbox_core::on_saved(const result<void>& saved) {
    save_running_ = false;
    bool stopping = false;
    {
        const std::lock_guard lock(mutex_);
        stopping = stopping_;
        if (saved) {
            ++numbers_.saves;
        } else {
            ++numbers_.failed_saves;
            book_->not_saved();
            save_scheduled_ = true;
        }
    }
    if (!saved) {
        session_event e(session_state::warning);
        e.reason = saved.error().code;
        e.detail = saved.error().detail;
        report(std::move(e));
    }
    if (!stopping) {
        return;
    }
    if (!saved) {
        end_stop(saved);
    } else {
        save_if_due(true);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
