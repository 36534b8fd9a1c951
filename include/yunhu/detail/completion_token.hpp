// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <exception>
#include <type_traits>
#include <utility>

// Recognised here; a user of it includes Asio's header.
namespace boost::asio {
template <class Allocator> class use_future_t;
} // namespace boost::asio

// Every operation has the signature `void(error_code, T)`. `T` carries the call's details, also on failure, so that
// a token which throws gets the whole `yunhu::error` and `as_result` the whole `failure`. The conversion is made where
// Asio resolves the innermost token: adapters around it (`consign`, `bind_executor`, `cancel_after`) need no support.
YUNHU_NAMESPACE_BEGIN

template <class Token> class as_result_t;

namespace detail {

namespace asio = boost::asio;

template <class Token> inline constexpr bool is_as_result = false;
template <class Inner> inline constexpr bool is_as_result<as_result_t<Inner>> = true;

/// A result that carries the details of its call.
template <class T>
concept call_result = std::derived_from<T, call_info>;

/// Base of a handler around another one: its associated executor, allocator and cancellation slot are those of the
/// inner handler.
template <class Handler> class handler_adapter {
public:
    using adapted_handler = Handler;

    explicit handler_adapter(Handler inner) : handler(std::move(inner)) {}

    Handler handler;
};

template <class T>
concept is_handler_adapter = std::derived_from<T, handler_adapter<typename T::adapted_handler>>;

/// Calls a handler of `void(std::exception_ptr, T)`.
template <class Handler> class throwing_handler : public handler_adapter<Handler> {
public:
    using handler_adapter<Handler>::handler_adapter;

    template <call_result T> void operator()(error_code ec, T value) {
        std::exception_ptr thrown;
        if (ec) {
            try {
                thrown = std::make_exception_ptr(error(failure(ec, std::move(value))));
            } catch (...) { // no memory for the details
                thrown = std::current_exception();
            }
        }
        // Only the details were moved from.
        std::move(this->handler)(std::move(thrown), std::move(value)); // NOLINT(bugprone-use-after-move)
    }
};

/// Calls a handler of `void(result<T>)`.
template <class Handler> class result_handler : public handler_adapter<Handler> {
public:
    using handler_adapter<Handler>::handler_adapter;

    template <call_result T> void operator()(error_code ec, T value) {
        if (ec) {
            std::move(this->handler)(result<T>(failure(ec, std::move(value))));
        } else {
            std::move(this->handler)(result<T>(std::move(value)));
        }
    }
};

/// An initiation that wraps its handler in an adapter.
template <template <class> class Adapter, class Initiation> class adapted_initiation : public Initiation {
public:
    explicit adapted_initiation(Initiation inner) : Initiation(std::move(inner)) {}

    template <class Handler, class... Args> void operator()(Handler&& handler, Args&&... args) && {
        static_cast<Initiation&&> (*this)(Adapter<std::decay_t<Handler>>(std::forward<Handler>(handler)),
                                          std::forward<Args>(args)...);
    }
    template <class Handler, class... Args> void operator()(Handler&& handler, Args&&... args) const& {
        static_cast<const Initiation&> (*this)(Adapter<std::decay_t<Handler>>(std::forward<Handler>(handler)),
                                               std::forward<Args>(args)...);
    }
};

/// Gives `Token` the operation under another signature, by an adapter between the two.
template <template <class> class Adapter, class Token, class Signature> struct adapted_result {
    template <class Initiation> using initiation = adapted_initiation<Adapter, std::decay_t<Initiation>>;

    template <class Initiation, class... Args> static auto start(Initiation&& initiate, Token token, Args&&... args)
        -> decltype(asio::async_initiate<Token, Signature>(std::declval<initiation<Initiation>>(), token,
                                                           std::forward<Args>(args)...)) {
        return asio::async_initiate<Token, Signature>(initiation<Initiation>(std::forward<Initiation>(initiate)), token,
                                                      std::forward<Args>(args)...);
    }
};

template <class Token, class T> using thrown_result =
    adapted_result<throwing_handler, Token, void(std::exception_ptr, T)>;
template <class Token, class T> using value_result = adapted_result<result_handler, Token, void(result<T>)>;

/// Some of Boost 1.81's binders ask for `return_type`, which not every token has.
template <class AsyncResult> class return_type_of {};
template <class AsyncResult>
requires requires {
    typename AsyncResult::return_type;
}
class return_type_of<AsyncResult> {
public:
    using return_type = typename AsyncResult::return_type;
};

} // namespace detail
YUNHU_NAMESPACE_END

template <class Executor, yunhu::detail::call_result T>
class boost::asio::async_result<boost::asio::use_awaitable_t<Executor>, void(boost::system::error_code, T)>
    : public yunhu::detail::return_type_of<
          boost::asio::async_result<boost::asio::use_awaitable_t<Executor>, void(std::exception_ptr, T)>> {
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation&& initiation, use_awaitable_t<Executor> token, Args&&... args)
        -> decltype(yunhu::detail::thrown_result<use_awaitable_t<Executor>, T>::start(
            std::forward<Initiation>(initiation), token, std::forward<Args>(args)...)) {
        return yunhu::detail::thrown_result<use_awaitable_t<Executor>, T>::start(std::forward<Initiation>(initiation),
                                                                                 token, std::forward<Args>(args)...);
    }
};

template <class Allocator, yunhu::detail::call_result T>
class boost::asio::async_result<boost::asio::use_future_t<Allocator>, void(boost::system::error_code, T)>
    : public yunhu::detail::return_type_of<
          boost::asio::async_result<boost::asio::use_future_t<Allocator>, void(std::exception_ptr, T)>> {
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation&& initiation, use_future_t<Allocator> token, Args&&... args)
        -> decltype(yunhu::detail::thrown_result<use_future_t<Allocator>, T>::start(
            std::forward<Initiation>(initiation), std::move(token), std::forward<Args>(args)...)) {
        return yunhu::detail::thrown_result<use_future_t<Allocator>, T>::start(
            std::forward<Initiation>(initiation), std::move(token), std::forward<Args>(args)...);
    }
};

template <class Inner, yunhu::detail::call_result T>
class boost::asio::async_result<yunhu::as_result_t<Inner>, void(boost::system::error_code, T)>
    : public yunhu::detail::return_type_of<boost::asio::async_result<Inner, void(yunhu::result<T>)>> {
public:
    template <class Initiation, class Token, class... Args>
    static auto initiate(Initiation&& initiation, Token&& token, Args&&... args)
        -> decltype(yunhu::detail::value_result<Inner, T>::start(std::forward<Initiation>(initiation),
                                                                 std::forward<Token>(token).token,
                                                                 std::forward<Args>(args)...)) {
        return yunhu::detail::value_result<Inner, T>::start(
            std::forward<Initiation>(initiation), std::forward<Token>(token).token, std::forward<Args>(args)...);
    }
};

template <template <class, class> class Associator, yunhu::detail::is_handler_adapter Adapter, class Default>
struct boost::asio::associator<Associator, Adapter, Default> : Associator<typename Adapter::adapted_handler, Default> {
    static decltype(auto) get(const Adapter& h) noexcept {
        return Associator<typename Adapter::adapted_handler, Default>::get(h.handler);
    }
    static decltype(auto) get(const Adapter& h, const Default& d) noexcept {
        return Associator<typename Adapter::adapted_handler, Default>::get(h.handler, d);
    }
};
