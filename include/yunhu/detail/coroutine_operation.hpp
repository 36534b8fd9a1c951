// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/completion_token.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

// Operations that consist of several calls are coroutines inside, and take any completion token outside. Awaited, the
// coroutine becomes part of the caller's; every other token starts it on a strand of its own.
YUNHU_NAMESPACE_BEGIN
namespace detail {

template <class T> using coroutine = asio::awaitable<result<T>>;
template <class T> using coroutine_handler = asio::any_completion_handler<void(error_code, T)>;

/// Compiled into the library, for its own results.
template <class T> class YUNHU_EXPORT coroutine_operation {
public:
    /// Throws the failure as `yunhu::error`.
    [[nodiscard]] static asio::awaitable<T> await(coroutine<T> work);
    /// Runs `work` on a strand of `executor`. `done` is invoked once, on its associated executor (default: `executor`),
    /// never from inside this function. Its cancellation slot cancels the coroutine; all types are passed on.
    static void spawn(const asio::any_io_executor& executor, coroutine<T> work, coroutine_handler<T> done);
};

/// Makes the coroutine when the token starts it. A copy, as of a deferred operation, makes one of its own.
template <class T, class... Params> class start_coroutine {
public:
    using function = coroutine<T> (*)(Params...);

    explicit start_coroutine(function f) noexcept : function_(f) {}

    template <class Handler, class... Args>
    void operator()(Handler&& handler, const asio::any_io_executor& executor, Args&&... args) const {
        coroutine_handler<T> done(std::forward<Handler>(handler));
        coroutine_operation<T>::spawn(executor, function_(std::forward<Args>(args)...), std::move(done));
    }

private:
    function function_;
};

template <class T, class... Params, class Token>
auto initiate_coroutine(coroutine<T> (*function)(Params...), const asio::any_io_executor& executor, Token&& token,
                        std::type_identity_t<Params>... args) {
    if constexpr (std::same_as<std::decay_t<Token>, asio::use_awaitable_t<>>) {
        return coroutine_operation<T>::await(function(std::move(args)...));
    } else if constexpr (std::same_as<std::decay_t<Token>, as_result_t<asio::use_awaitable_t<>>>) {
        return function(std::move(args)...);
    } else {
        return asio::async_initiate<Token, void(error_code, T)>(start_coroutine<T, Params...>(function), token,
                                                                executor, std::move(args)...);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
