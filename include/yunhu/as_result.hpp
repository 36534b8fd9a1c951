// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/detail/completion_token.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

YUNHU_NAMESPACE_BEGIN

/// A completion token: the call ends with one `yunhu::result<T>`: the value, or the failure with all details. It
/// adapts the token inside it; adapters around it (`bind_executor`, `consign`) work as around any token.
template <class Token> class as_result_t {
public:
    constexpr as_result_t() = default;
    constexpr explicit as_result_t(Token inner) : token(std::move(inner)) {}

    /// `as_result(use_future)` gives a `future<result<T>>`, and so for every other token.
    template <class Other> [[nodiscard]] constexpr auto operator()(Other&& other) const {
        return as_result_t<std::decay_t<Other>>(std::forward<Other>(other));
    }

    Token token;
};

/// `auto sent = co_await client.send_message(request, yunhu::as_result);` does not throw.
inline constexpr as_result_t<boost::asio::use_awaitable_t<>> as_result;

YUNHU_NAMESPACE_END
