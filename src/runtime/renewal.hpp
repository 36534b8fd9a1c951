// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/retry_policy.hpp"
#include "runtime/client_settings.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/config.hpp>
#include <yunhu/detail/completion_token.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/token_provider.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

class call;

/// An account whose token comes from a provider: its heads are those of the provider's newest token.
class renewed_account {
public:
    /// Throws as `client_settings::make_credentials` does.
    renewed_account(std::shared_ptr<token_provider> tokens, std::shared_ptr<const client_settings> settings);

    /// The credentials of the newest token; throws as the constructor does. From any thread.
    [[nodiscard]] std::shared_ptr<const credentials> now();
    [[nodiscard]] token_provider& tokens() const noexcept { return *tokens_; }

private:
    const std::shared_ptr<token_provider> tokens_;
    const std::shared_ptr<const client_settings> settings_;
    std::mutex mutex_;
    std::shared_ptr<const credentials> newest_;
};

/// What a call of such an account needs to be made again when the service refuses its token: once, as a refused call
/// was not executed. On the shard's strand.
class call_renewal : public std::enable_shared_from_this<call_renewal> {
public:
    call_renewal(const asio::any_io_executor& executor, std::shared_ptr<renewed_account> account,
                 const engine::retry_policy& policy)
        : account_(std::move(account)), policy_(policy), strand_(transport::make_strand(executor)) {}

    /// The request, which the response replaces in the call.
    std::string body;

    /// True if the response of the ended call refuses the token, for the first time.
    [[nodiscard]] bool wanted(const call& c) const noexcept;
    /// Asks the provider; no response is needed but that of this function. `ended`: on any thread; true if there is
    /// another token. Throws `std::bad_alloc`; `ended` is destroyed then.
    void start(const call& c, std::function<void(bool)> ended);
    /// Gives the call the new token and the state that it had before its start, with the deadline that it has. False if
    /// that is not possible.
    [[nodiscard]] bool restore(call& c) noexcept;
    /// Ends a renewal that is running for the call. From any thread.
    void cancel() noexcept;

private:
    const std::shared_ptr<renewed_account> account_;
    const engine::retry_policy policy_;
    const asio::any_io_executor strand_;
    asio::cancellation_signal cancelled_; ///< on `strand_`
    bool started_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
