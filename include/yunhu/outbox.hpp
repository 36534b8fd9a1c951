// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/error.hpp>
#include <yunhu/outbox_store.hpp>
#include <yunhu/outbox_types.hpp>
#include <yunhu/results.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// A message for an outbox.
struct outbox_message {
    outbox_message() = default;
    outbox_message(std::string with_key, chat in, draft message)
        : key(std::move(with_key)), to(std::move(in)), what(std::move(message)) {}

    /// The caller's name of the message, such as an order's number; at most 512 bytes. Storing it again with the same
    /// key stores nothing.
    std::string key;
    chat to;
    draft what;
    std::string account;               ///< name of the account that sends it, as its worker has it; never a token
    std::chrono::milliseconds delay{}; ///< not sent before
    int priority = 0;                  ///< higher ones first
};

/// Result of `outbox::enqueue`: the items in the order of the messages.
struct YUNHU_EXPORT enqueue_result : call_info {
    enqueue_result() = default;

    std::vector<enqueued_item> items;
};

/// Result of `outbox::list`.
struct YUNHU_EXPORT outbox_page : call_info {
    outbox_page() = default;

    std::vector<outbox_record> records;
};

/// Result of `outbox::status`.
struct YUNHU_EXPORT outbox_status : call_info, outbox_counts {
    outbox_status() = default;
};

/// Result of `outbox::resend`.
struct YUNHU_EXPORT resend_result : call_info {
    resend_result() = default;

    resend_outcome outcome{};
};

namespace detail {

extern template class YUNHU_EXPORT coroutine_operation<enqueue_result>;
extern template class YUNHU_EXPORT coroutine_operation<outbox_page>;
extern template class YUNHU_EXPORT coroutine_operation<outbox_status>;
extern template class YUNHU_EXPORT coroutine_operation<resend_result>;
extern template class YUNHU_EXPORT coroutine_operation<optional_result<outbox_record>>;

} // namespace detail

/// Messages that survive this process: stored here, sent by an `outbox_worker` in any process, on any machine.
///
///     yunhu::outbox outbox(executor, std::make_shared<yunhu::sqlite_outbox_store>(file));
///     co_await outbox.enqueue(yunhu::outbox_message("order 17", yunhu::group("big"), yunhu::text("shipped")));
///
/// Whatever dies, no message is sent twice, none is lost, and none is called `sent` that was not. The price: a message
/// whose worker died at the wrong moment, and which a look-up does not find, is `unknown` and named; only a person
/// sends it again (`resend`).
///
/// \par Thread safety
/// All members may be called from any thread; distinct operations may run at once. Copies share the store.
///
/// \par Lifetime
/// Operations keep the store alive.
class YUNHU_EXPORT outbox {
public:
    using executor_type = boost::asio::any_io_executor;

    /// The quarantine of `resend`: for so long after the end of its lease a stopped worker might still send.
    static constexpr std::chrono::milliseconds default_quarantine = std::chrono::minutes(10);

    /// Performs no I/O.
    ///
    /// \par Parameters
    /// `executor`: of handlers without one of their own. `store`: must not be null; prepared by
    /// `outbox_store::prepare`.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) without a store.
    outbox(executor_type executor, std::shared_ptr<outbox_store> store);

    /// Stores messages, all or none. It is idempotent: after a failure of any kind, repeat it with the same keys.
    ///
    /// \par Parameters
    /// `messages`: each with a key. They are validated as `client::send_message` does.
    ///
    /// \par Completion signature
    /// `void(error_code, enqueue_result)`; awaited by default, which throws `yunhu::error`. On completion they are
    /// durable. A key that is known with another message is no error but a `conflict`.
    ///
    /// \par Errors
    /// `errc::invalid_request` (`not_sent`): a message is not valid; `detail` names it and the field. Those of
    /// `outbox_store`; `errc::outcome_unknown` (`maybe_sent`): they may be stored.
    ///
    /// \par Cancellation
    /// None.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The messages are moved. The outbox may be destroyed before completion.
    template <detail::call_token<enqueue_result> Token = boost::asio::use_awaitable_t<>>
    auto enqueue(std::vector<outbox_message> messages, Token&& token = Token()) {
        return detail::initiate_coroutine(&enqueue_all, executor_, std::forward<Token>(token), store_,
                                          std::move(messages));
    }
    /// Stores one message, as the above does.
    template <detail::call_token<enqueue_result> Token = boost::asio::use_awaitable_t<>>
    auto enqueue(outbox_message message, Token&& token = Token()) {
        std::vector<outbox_message> one;
        one.push_back(std::move(message));
        return enqueue(std::move(one), std::forward<Token>(token));
    }

    /// Returns the message with that key, or else that `msg_id`; none if there is none.
    ///
    /// \par Completion signature
    /// `void(error_code, optional_result<outbox_record>)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `outbox_store`.
    ///
    /// \par Cancellation
    /// None.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The outbox may be destroyed before completion.
    template <detail::call_token<optional_result<outbox_record>> Token = boost::asio::use_awaitable_t<>>
    auto find(std::string key_or_msg_id, Token&& token = Token()) {
        return detail::initiate_coroutine(&find_one, executor_, std::forward<Token>(token), store_,
                                          std::move(key_or_msg_id));
    }

    /// Lists messages, such as the unknown ones, a page at a time: the next one is after the last `id`.
    ///
    /// \par Completion signature
    /// `void(error_code, outbox_page)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `outbox_store`.
    ///
    /// \par Cancellation
    /// None.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The outbox may be destroyed before completion.
    template <detail::call_token<outbox_page> Token = boost::asio::use_awaitable_t<>>
    auto list(outbox_filter which, Token&& token = Token()) {
        return detail::initiate_coroutine(&list_page, executor_, std::forward<Token>(token), store_, std::move(which));
    }

    /// Counts the messages by state, with the age of the oldest that waits, and of the oldest unknown one: an alarm.
    ///
    /// \par Completion signature
    /// `void(error_code, outbox_status)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `outbox_store`.
    ///
    /// \par Cancellation
    /// None.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The outbox may be destroyed before completion.
    template <detail::call_token<outbox_status> Token = boost::asio::use_awaitable_t<>>
    auto status(Token&& token = Token()) {
        return detail::initiate_coroutine(&count_all, executor_, std::forward<Token>(token), store_);
    }

    /// Sends an unknown message again, with the same `msg_id`: a person's decision, for it may have arrived and was not
    /// found.
    ///
    /// \par Parameters
    /// `key_or_msg_id`: the message. `quarantine`: how long after its lease a stopped worker might still send it.
    ///
    /// \par Completion signature
    /// `void(error_code, resend_result)`; awaited by default, which throws `yunhu::error`. A refusal is no error but
    /// an outcome.
    ///
    /// \par Errors
    /// Those of `outbox_store`.
    ///
    /// \par Cancellation
    /// None.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The outbox may be destroyed before completion.
    template <detail::call_token<resend_result> Token = boost::asio::use_awaitable_t<>>
    auto resend(std::string key_or_msg_id, std::chrono::milliseconds quarantine, Token&& token = Token()) {
        return detail::initiate_coroutine(&resend_one, executor_, std::forward<Token>(token), store_,
                                          std::move(key_or_msg_id), quarantine);
    }
    /// The same with `default_quarantine`.
    template <detail::call_token<resend_result> Token = boost::asio::use_awaitable_t<>>
    auto resend(std::string key_or_msg_id, Token&& token = Token()) {
        return resend(std::move(key_or_msg_id), default_quarantine, std::forward<Token>(token));
    }

    /// The store. Thread safety: any thread.
    [[nodiscard]] const std::shared_ptr<outbox_store>& store() const noexcept { return store_; }
    [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }

private:
    using store_pointer = std::shared_ptr<outbox_store>;
    static detail::coroutine<enqueue_result> enqueue_all(store_pointer store, std::vector<outbox_message> messages);
    static detail::coroutine<optional_result<outbox_record>> find_one(store_pointer store, std::string key);
    static detail::coroutine<outbox_page> list_page(store_pointer store, outbox_filter which);
    static detail::coroutine<outbox_status> count_all(store_pointer store);
    static detail::coroutine<resend_result> resend_one(store_pointer store, std::string key,
                                                       std::chrono::milliseconds quarantine);

    executor_type executor_;
    store_pointer store_;
};

static_assert(client::awaitable_parameter<outbox_message>);
static_assert(client::awaitable_parameter<outbox_filter>);

YUNHU_NAMESPACE_END
