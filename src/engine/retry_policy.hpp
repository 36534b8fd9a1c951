// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/outcome.hpp"
#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/retry_config.hpp>

#include <chrono>
#include <functional>
#include <optional>

// Whether and when a call is retried. Pure: clock and randomness are passed in.
YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Bounds retries to a share of the successful calls plus a constant rate, so that retries do not add to an overload.
class retry_budget {
public:
    retry_budget(double per_success, double per_second) : per_success_(per_success), per_second_(per_second) {}

    void succeeded() noexcept;
    [[nodiscard]] bool withdraw(time_point now) noexcept;

private:
    double per_success_;
    double per_second_;
    std::optional<double> tokens_; ///< absent before the first use
    time_point refilled_;
};

/// How an attempt ended: with a response, or with an error and a delivery class.
struct attempt_outcome {
    int status = 0; ///< of the response; 0 if there is none
    std::optional<std::chrono::nanoseconds> retry_after;
    error_code code; ///< of an attempt without a response
    delivery how{};
    bool reused = false; ///< the connection had served an earlier exchange
};

struct retry_decision {
    enum class what : std::uint8_t {
        stop,                    ///< the call ends with this attempt
        retry_on_new_connection, ///< immediately
        retry_after,             ///< after `pause`
    };

    what next{};
    std::chrono::nanoseconds pause{};
};

/// The retries of one call: its rules and its attempts so far.
class retry_policy {
public:
    retry_policy(retry_class how, unsigned max_attempts, bool retry_maybe_sent, const retry_config& config)
        : config_(&config), class_(how), max_attempts_(max_attempts), retry_maybe_sent_(retry_maybe_sent) {}

    /// Decides after an attempt. `uniform` returns numbers in [0, 1).
    [[nodiscard]] retry_decision decide(const attempt_outcome& end, time_point now, time_point deadline,
                                        retry_budget& budget, const std::function<double()>& uniform);
    [[nodiscard]] retry_class kind() const noexcept { return class_; }
    /// True if an attempt that was retried may have been executed.
    [[nodiscard]] bool maybe_executed_earlier() const noexcept { return maybe_executed_; }

private:
    enum class retry_kind : std::uint8_t { none, not_counted, new_connection, backoff, throttled };
    [[nodiscard]] static attempt_facts facts_of(const attempt_outcome& end) noexcept;
    [[nodiscard]] retry_kind classify(const attempt_outcome& end) const noexcept;

    const retry_config* config_;
    retry_class class_;
    unsigned max_attempts_;
    bool retry_maybe_sent_;
    bool maybe_executed_ = false;
    unsigned attempts_ = 0;            ///< including failed connects
    bool uncounted_used_ = false;      ///< the one retry that is not counted: the request provably was not sent
    bool new_connection_used_ = false; ///< the one retry after a stale connection
};

} // namespace engine
YUNHU_NAMESPACE_END
