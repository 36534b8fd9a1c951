// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/inbox_core.hpp"
#include "features/inbox/inbox_core_inline.hpp"
#include "features/inbox/inbox_settings.hpp"
#include "gateway/frame_codec.hpp"
#include "model/exceptions.hpp"
#include "runtime/client_access.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <utility>
#include <variant>

// The session with the gateway: applies the actions of its machine. On the strand.
YUNHU_NAMESPACE_BEGIN
namespace detail {

using action_kind = engine::session_fsm::action::kind;

void inbox_core::begin() {
    result<inbox_cursors> loaded = saver_.load();
    if (!loaded) {
        fail(std::move(loaded).error());
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        catch_up_.emplace(catch_up_options_of(options_), *loaded);
        book_.emplace(*loaded, options_.max_chats);
        for (const std::string& id : std::exchange(own_before_start_, {})) {
            catch_up_->sending(id);
        }
    }
    act(session_.started(now()));
}

void inbox_core::act(engine::session_fsm::action next) {
    switch (next.what) {
    case action_kind::none:
        return;
    case action_kind::connect:
        why_ = {};
        socket_ = std::make_shared<transport::websocket>(strand_, weak_from_this(), gateway_, session_.current());
        {
            const std::lock_guard lock(mutex_);
            ++numbers_.connects;
        }
        socket_->open();
        return;
    case action_kind::log_in:
        log_in();
        return;
    case action_kind::send_heartbeat: {
        const std::string text = gateway::encode_heartbeat(++last_seq_);
        send({text.begin(), text.end()});
        return;
    }
    case action_kind::announce:
        announce();
        return;
    case action_kind::drop:
        drop();
        return;
    case action_kind::refuse:
        refuse();
        return;
    case action_kind::warn:
        why_.state = session_state::warning;
        report(std::exchange(why_, {}));
        return;
    case action_kind::close:
        close_connection(true);
        return;
    }
}

void inbox_core::log_in() {
    gateway::login as;
    as.user_id = options_.user_id;
    as.token = options_.token.reveal();
    as.platform = options_.platform;
    as.device_id = options_.device_id;
    send(gateway::encode_login(++last_seq_, as));
    const std::string heartbeat = gateway::encode_heartbeat(++last_seq_);
    send({heartbeat.begin(), heartbeat.end()});
}

void inbox_core::send(secret_bytes text) {
    if (socket_) {
        socket_->send(std::move(text));
    }
}

void inbox_core::announce() {
    const std::lock_guard lock(mutex_);
    ++numbers_.logins;
    numbers_.resumed += socket_->resumed() ? 1 : 0;
    numbers_.logged_in = true;
    catch_up_->report(session_event(session_state::connected));
    catch_up_->connected(now());
    notify();
}

void inbox_core::drop() {
    close_connection(false);
    session_event e = std::exchange(why_, {});
    e.state = session_state::lost;
    e.reason = session_.reason();
    report(std::move(e));
}

void inbox_core::refuse() {
    close_connection(true);
    session_event e = std::exchange(why_, {});
    e.state = session_state::refused;
    e.reason = session_.reason();
    report(std::move(e));
    renew_token();
}

void inbox_core::close_connection(bool politely) noexcept {
    if (socket_) {
        socket_->close(politely);
        socket_.reset();
    }
    const std::lock_guard lock(mutex_);
    numbers_.logged_in = false;
    if (catch_up_) {
        catch_up_->disconnected();
    }
}

void inbox_core::report(session_event e) {
    const std::lock_guard lock(mutex_);
    numbers_.losses += e.state == session_state::lost ? 1 : 0;
    numbers_.refusals += e.state == session_state::refused ? 1 : 0;
    catch_up_->report(std::move(e));
    notify();
}

void inbox_core::renew_token() {
    renew_due_ = engine::time_point::max();
    if (!options_.tokens || std::exchange(renewing_, true)) {
        return;
    }
    auto done = [weak = weak_from_this()](std::exception_ptr thrown, secret renewed) {
        if (const auto self = weak.lock()) {
            self->run([&] { self->on_renewed(std::move(thrown), std::move(renewed)); });
        }
    };
    asio::co_spawn(executor(), options_.tokens->renew(options_.token),
                   asio::bind_executor(strand_->get_executor(), std::move(done)));
}

void inbox_core::on_renewed(std::exception_ptr thrown, secret renewed) {
    renewing_ = false;
    try {
        if (thrown) {
            std::rethrow_exception(std::move(thrown));
        }
        (void)client_.with_token(renewed); // throws if it can't be sent
    } catch (...) {
        session_event e(session_state::warning);
        e.reason = current_exception_code();
        e.detail = "the token could not be renewed";
        report(std::move(e));
        renew_due_ = engine::later(now(), options_.backoff_max);
        return;
    }
    options_.token = std::move(renewed);
    act(session_.token(now(), jitter()));
}

void inbox_core::on_open(transport::websocket& of) {
    run([&] { act(session_.connected(of.id(), now())); });
}

bool inbox_core::on_message(transport::websocket& of, std::span<const std::byte> bytes, bool text) {
    if (left_ || socket_.get() != &of) {
        return false;
    }
    try {
        auto decoded = gateway::decode_frame(bytes, text, options_.max_frame_bytes);
        const engine::time_point at = now();
        session_.frame(of.id(), at);
        std::unique_lock lock(mutex_);
        ++numbers_.frames;
        if (!decoded) {
            ++numbers_.ignored;
            if (!text) {
                catch_up_->lost_frame();
                notify();
            }
        } else if (std::holds_alternative<gateway::heartbeat_ack>(*decoded)) {
            lock.unlock();
            act(session_.heartbeat_ack(of.id(), at));
        } else if (const auto* const rejection = std::get_if<gateway::rejection>(&*decoded)) {
            lock.unlock();
            on_rejection(*rejection);
        } else {
            catch_up_->pushed(std::move(*decoded), at);
            notify();
        }
        if (lock.owns_lock()) {
            lock.unlock();
        }
        pump(false);
        lock.lock();
        return socket_.get() == &of && catch_up_->wants_frames();
    } catch (...) {
        fail_by_exception();
        return false;
    }
}

void inbox_core::on_rejection(const gateway::rejection& why) {
    why_.api_code = why.code;
    why_.text = why.text;
    act(session_.rejected(session_.current(), why.authentication, now(), jitter()));
}

void inbox_core::on_end(transport::websocket& of, const transport::websocket_end& why) {
    if (socket_.get() != &of) {
        return;
    }
    run([&] {
        why_ = {};
        why_.close_code = why.close_code;
        why_.text = why.close_reason;
        why_.detail = why.detail;
        if (why.cause && why_.detail.empty()) {
            why_.detail = why.cause.message();
        }
        act(session_.lost(of.id(), why.ec, now(), jitter()));
    });
}

/// In a catch block.
void inbox_core::fail_by_exception() noexcept {
    failure why;
    why.code = current_exception_code();
    try {
        why.detail = "an exception in the middle of an event";
    } catch (const std::bad_alloc&) { // the code says it
        why.code = current_exception_code();
    }
    fail(std::move(why));
}

void inbox_core::fail(failure why) noexcept {
    left_ = true;
    close_connection(false);
    timer_.cancel();
    const std::lock_guard lock(mutex_);
    failure_ = std::move(why);
    notify();
    stopped_wake_.cancel();
}

} // namespace detail
YUNHU_NAMESPACE_END
