// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/renewal.hpp"

#include "endpoints/codec.hpp"
#include "model/exceptions.hpp"
#include "runtime/call.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <new>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

renewed_account::renewed_account(std::shared_ptr<token_provider> tokens,
                                 std::shared_ptr<const client_settings> settings)
    : tokens_(std::move(tokens)), settings_(std::move(settings)) {
    (void)now();
}

std::shared_ptr<const credentials> renewed_account::now() {
    secret token = tokens_->current();
    const std::lock_guard lock(mutex_);
    if (!newest_ || token.reveal() != newest_->token.reveal()) {
        credentials made = settings_->make_credentials(token);
        made.token = std::move(token);
        newest_ = std::make_shared<const credentials>(std::move(made));
    }
    return newest_;
}

bool call_renewal::wanted(const call& c) const noexcept {
    if (started_ || c.code || c.info.maybe_executed_earlier) {
        return false;
    }
    if (codec::classify_status(c.info.http_status) == errc::not_authenticated) {
        return true;
    }
    call_info status;
    codec::peek_status(c.body, status);
    return status.api_code && codec::classify(*status.api_code) == errc::not_authenticated;
}

void call_renewal::start(const call& c, std::function<void(bool)> ended) {
    auto renewed = [self = shared_from_this(), ended = std::move(ended)](const std::exception_ptr& thrown,
                                                                         const secret&) { ended(!thrown); };
    asio::co_spawn(strand_, account_->tokens().renew(c.credentials->token),
                   asio::bind_cancellation_slot(cancelled_.slot(), std::move(renewed)));
    started_ = true;
}

bool call_renewal::restore(call& c) noexcept {
    try {
        c.credentials = account_->now();
    } catch (...) { // out of memory, or a token that can't be sent
        return false;
    }
    const engine::time_point deadline = c.life.deadline();
    const std::chrono::nanoseconds response_timeout = c.life.response_timeout();
    c.life = engine::call_fsm(policy_);
    c.life.configure(deadline, response_timeout, c.limit != nullptr);
    c.body = std::move(body);
    return true;
}

void call_renewal::cancel() noexcept {
    retry_on_bad_alloc([this] {
        asio::post(strand_, [self = shared_from_this()] { self->cancelled_.emit(asio::cancellation_type::terminal); });
    });
}

} // namespace detail
YUNHU_NAMESPACE_END
