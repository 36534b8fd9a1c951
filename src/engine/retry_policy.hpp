// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/outcome.hpp"
#include "engine/time.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <functional>
#include <optional>

// Whether a call is tried again, and when. Pure: clock and randomness are passed in.
YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Bounds retries to a share of the calls that succeed, and a trickle on top: an outage is not made worse.
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

/// How an attempt ended: with an answer, or with an error and how far it got.
struct attempt_outcome {
    int status = 0; ///< of the answer; 0: none
    std::optional<std::chrono::nanoseconds> retry_after;
    error_code code; ///< why there is none
    delivery how{};
    bool reused = false; ///< on a connection that had served before
};

struct retry_decision {
    enum class what : std::uint8_t {
        complete,    ///< this is the end
        again_fresh, ///< at once, on a new connection
        again_later, ///< after `pause`
    };

    what next{};
    std::chrono::nanoseconds pause{};
};

/// Retries of one call: its rules and its attempts so far.
class retry_policy {
public:
    retry_policy(retry_class how, unsigned max_attempts, bool retry_maybe_sent, const retry_config& config)
        : config_(&config), class_(how), max_tries_(max_attempts), retry_maybe_sent_(retry_maybe_sent) {}

    /// Decides after an attempt. `uniform` gives numbers in [0, 1).
    [[nodiscard]] retry_decision decide(const attempt_outcome& end, time_point now, time_point deadline,
                                        retry_budget& budget, const std::function<double()>& uniform);
    [[nodiscard]] retry_class kind() const noexcept { return class_; }
    /// An attempt that `decide` had repeated may have been executed.
    [[nodiscard]] bool maybe_executed_earlier() const noexcept { return maybe_executed_; }

private:
    enum class worth : std::uint8_t { no, free_fresh, fresh, backoff, throttled };
    [[nodiscard]] static attempt_facts facts_of(const attempt_outcome& end) noexcept;
    [[nodiscard]] worth judge(const attempt_outcome& end) const noexcept;

    const retry_config* config_;
    retry_class class_;
    unsigned max_tries_;
    bool retry_maybe_sent_;
    bool maybe_executed_ = false;
    unsigned tries_ = 0;      ///< attempts and failed connects
    bool free_used_ = false;  ///< the second try of a request that provably was not sent
    bool fresh_used_ = false; ///< the second try after a connection that was dead
};

} // namespace engine
YUNHU_NAMESPACE_END
