// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

// Asio's tokens that are recognised here: who uses one includes it.
namespace boost::asio {
class deferred_t;
template <class Allocator> class use_future_t;
template <class T, class Executor> class executor_binder;
template <class T, class Slot> class cancellation_slot_binder;
template <class T, class Allocator> class allocator_binder;
} // namespace boost::asio

// From a call's initiation to its handler. What the user's token needs is instantiated here; the rest is compiled once.
YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace asio = boost::asio;

class call;

/// A call that is ready to start (validated and encoded), or one that has ended. Moves; owns.
class operation {
public:
    operation() = default;
    explicit operation(std::shared_ptr<call> c) noexcept : call_(std::move(c)) {}

    [[nodiscard]] const std::shared_ptr<call>& get() const noexcept { return call_; }

private:
    std::shared_ptr<call> call_;
};

using completion = asio::any_completion_handler<void(operation)>;

/// Where a handler runs. Nearly always an `any_io_executor`, which can post; wrapping it would cost an allocation.
using handler_executor = std::variant<asio::any_io_executor, asio::any_completion_executor>;

/// The executor of the operation's client.
[[nodiscard]] const asio::any_io_executor& executor_of(const operation& op) noexcept;
/// Starts the call; `done` is posted exactly once, or destroyed with its execution context.
void start(operation op, completion done, handler_executor where);
/// Decodes the ended call's answer into `value`, whose `call_info` is `info`. Takes what the call holds.
[[nodiscard]] error_code finish(const operation& op, call_info& info, void* value);

template <class Token> inline constexpr bool is_as_result = false;
template <class Inner> inline constexpr bool is_as_result<as_result_t<Inner>> = true;

/// How a call's end reaches a handler.
enum class delivered_as { error_code, exception, result };

/// Tokens that throw get the whole `yunhu::error`, others the code (with `call_info` in the value) or the result.
template <class Token> struct token_traits { static constexpr delivered_as as = delivered_as::error_code; };
template <class Executor> struct token_traits<asio::use_awaitable_t<Executor>> {
    static constexpr delivered_as as = delivered_as::exception;
};
template <class Allocator> struct token_traits<asio::use_future_t<Allocator>> {
    static constexpr delivered_as as = delivered_as::exception;
};
template <class Token, class Executor> struct token_traits<asio::executor_binder<Token, Executor>>
    : token_traits<Token> {};
template <class Token, class Slot> struct token_traits<asio::cancellation_slot_binder<Token, Slot>>
    : token_traits<Token> {};
template <class Token, class Allocator> struct token_traits<asio::allocator_binder<Token, Allocator>>
    : token_traits<Token> {};

/// The handler as the core sees it: decodes on the handler's own executor, then calls it. Associators pass through.
template <class Handler, class T, delivered_as As> class typed_completion {
public:
    explicit typed_completion(Handler handler) : handler_(std::move(handler)) {}

    void operator()(operation op) {
        // On the caller's executor: nobody can emit at this moment.
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected()) {
            slot.clear();
        }
        T value;
        const error_code ec = finish(op, value, &value);
        op = operation();
        if constexpr (As == delivered_as::error_code) {
            std::move(handler_)(ec, std::move(value));
        } else if constexpr (As == delivered_as::exception) {
            std::exception_ptr failed;
            if (ec) {
                failed = std::make_exception_ptr(error(failure(ec, std::move(value))));
            }
            // Only the part that tells of the call was moved from.
            std::move(handler_)(std::move(failed), std::move(value)); // NOLINT(bugprone-use-after-move)
        } else if (ec) {
            std::move(handler_)(result<T>(failure(ec, std::move(value))));
        } else {
            std::move(handler_)(result<T>(std::move(value)));
        }
    }

    Handler handler_;
};

template <delivered_as As, class T> struct signature;
template <class T> struct signature<delivered_as::error_code, T> { using type = void(error_code, T); };
template <class T> struct signature<delivered_as::exception, T> { using type = void(std::exception_ptr, T); };
template <class T> struct signature<delivered_as::result, T> { using type = void(result<T>); };

template <class T, delivered_as As> struct initiation {
    template <class Handler> void operator()(Handler&& handler, operation op) const {
        handler_executor where = executor_for(handler, executor_of(op));
        start(std::move(op), completion(typed_completion<std::decay_t<Handler>, T, As>(std::forward<Handler>(handler))),
              std::move(where));
    }

private:
    template <class Handler>
    static handler_executor executor_for(const Handler& handler, const asio::any_io_executor& otherwise) {
        using associated = asio::associated_executor_t<Handler, asio::any_io_executor>;
        if constexpr (std::is_constructible_v<asio::any_io_executor, associated>) {
            return asio::any_io_executor(asio::get_associated_executor(handler, otherwise));
        } else {
            return asio::any_completion_executor(asio::get_associated_executor(handler, otherwise));
        }
    }
};

template <delivered_as As, class T, class Token> auto initiate_as(operation op, Token&& token) {
    return asio::async_initiate<Token, typename signature<As, T>::type>(initiation<T, As>(), token, std::move(op));
}

/// The forms that are used most: compiled into the library for its own results.
template <class T> asio::awaitable<T> await_value(operation op) {
    return initiate_as<delivered_as::exception, T>(std::move(op), asio::use_awaitable);
}
template <class T> asio::awaitable<result<T>> await_result(operation op) {
    return initiate_as<delivered_as::result, T>(std::move(op), asio::use_awaitable);
}

template <class T> class deferred_operation;

/// Hands the call to the token, with the completion signature that suits it.
template <class T, class Token> auto initiate(operation op, Token&& token) {
    using token_type = std::decay_t<Token>;
    if constexpr (std::is_same_v<token_type, asio::use_awaitable_t<>>) {
        return await_value<T>(std::move(op));
    } else if constexpr (std::is_same_v<token_type, as_result_t<asio::use_awaitable_t<>>>) {
        return await_result<T>(std::move(op));
    } else if constexpr (std::is_same_v<token_type, asio::deferred_t>) {
        return deferred_operation<T>(std::move(op));
    } else if constexpr (is_as_result<token_type>) {
        return initiate_as<delivered_as::result, T>(std::move(op), std::forward<Token>(token).token);
    } else {
        return initiate_as<token_traits<token_type>::as, T>(std::move(op), std::forward<Token>(token));
    }
}

/// What `asio::deferred` gives: starts with the token that it is called with, so that every token gets all that is
/// known. Awaited as it is, it throws the code alone (Asio 1.81 can't await `void(std::exception_ptr, T)`).
template <class T> class deferred_operation {
public:
    explicit deferred_operation(operation op) : op_(std::move(op)) {}
    template <class Token>
    requires(!std::is_pointer_v<std::decay_t<Token>>) // Asio's await_transform probes with one
        auto
        operator()(Token&& token) && {
        return initiate<T>(std::move(op_), std::forward<Token>(token));
    }

private:
    operation op_;
};

} // namespace detail
YUNHU_NAMESPACE_END

template <template <class, class> class Associator, class Handler, class T, yunhu::detail::delivered_as As,
          class Default>
struct boost::asio::associator<Associator, yunhu::detail::typed_completion<Handler, T, As>, Default>
    : Associator<Handler, Default> {
    static decltype(auto) get(const yunhu::detail::typed_completion<Handler, T, As>& h) noexcept {
        return Associator<Handler, Default>::get(h.handler_);
    }
    static decltype(auto) get(const yunhu::detail::typed_completion<Handler, T, As>& h, const Default& d) noexcept {
        return Associator<Handler, Default>::get(h.handler_, d);
    }
};
