// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/secret.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>

YUNHU_NAMESPACE_BEGIN

/// The token of one account, for all who use it: an inbox (`inbox_options::tokens`) and calls (`client::with_tokens`).
/// Whoever finds a token refused asks for another; only one renewal runs, and all wait for it.
///
///     auto tokens = std::make_shared<yunhu::token_provider>(executor, first, [](yunhu::secret refused)
///                                                           -> boost::asio::awaitable<yunhu::secret> { ... });
///     auto sent = co_await client.with_tokens(tokens).send_message(request); // once more with another token
///
/// \par Thread safety
/// Any thread.
class YUNHU_EXPORT token_provider : public std::enable_shared_from_this<token_provider> {
public:
    /// Gets the refused token and gives a new one; it may read a file, ask an owner, or log in. An exception, an empty
    /// token and the refused one mean that there is none. A call of its own that waits for the provider never ends.
    using renewal = std::function<boost::asio::awaitable<secret>(secret refused)>;

    /// Makes a provider; the renewal is not started.
    ///
    /// \par Parameters
    /// `executor`: where the renewal runs. `first`: the token to begin with. `renew_by`: makes a renewal.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) if `first` is empty or `renew_by` is.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// All are copied or moved from. To be made by `std::make_shared`.
    token_provider(boost::asio::any_io_executor executor, secret first, renewal renew_by);
    token_provider(const token_provider&) = delete;
    token_provider& operator=(const token_provider&) = delete;
    ~token_provider();

    /// The newest token. Thread safety: any thread. Lifetime: the result is a copy.
    [[nodiscard]] secret current() const;

    /// Returns a token that differs from the refused one: at once, if there is one already, else by a renewal, of which
    /// one runs at a time.
    ///
    /// \par Parameters
    /// `refused`: the token that the service does not accept.
    ///
    /// \par Completion signature
    /// An awaitable of the token; throws.
    ///
    /// \par Errors
    /// The renewal's exception; `yunhu::error` (`errc::not_authenticated`) if it gave no other token.
    ///
    /// \par Cancellation
    /// Stops waiting with `boost::asio::error::operation_aborted`; the renewal goes on, for the others.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The provider is kept alive.
    [[nodiscard]] boost::asio::awaitable<secret> renew(secret refused);

private:
    struct state;
    std::shared_ptr<state> state_;
};

YUNHU_NAMESPACE_END
