// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "soak.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace yunhu::soak {

/// The record of a call.
struct call_record {
    call_record() = default;

    std::uint8_t ends = 0; ///< completions
    bool non_idempotent = false;
    bool cancelled = false; ///< or started with a short timeout
    bool failed = false;
    bool wrong_response = false;
    delivery how{};
};

/// Concurrent callers: each makes calls in sequence until all calls are made. Runs on the client's `io_context`.
class callers {
public:
    callers(boost::asio::io_context& context, client& bot, const settings& how);
    callers(const callers&) = delete;
    callers& operator=(const callers&) = delete;
    ~callers();

    void start();
    [[nodiscard]] bool done() const noexcept { return ended_ >= calls_.size(); }
    [[nodiscard]] std::size_t ended() const noexcept { return ended_; }
    [[nodiscard]] const std::vector<call_record>& calls() const noexcept { return calls_; }
    [[nodiscard]] std::size_t revealing() const noexcept { return revealing_; }
    [[nodiscard]] const std::map<std::string, std::size_t>& by_end() const noexcept { return by_end_; }

private:
    class caller;

    void ended(std::size_t call, error_code code, const call_info& info);
    [[nodiscard]] bool happens(double share);
    [[nodiscard]] std::chrono::microseconds random_delay();

    client& bot_;
    const settings& how_;
    std::mt19937_64 random_;
    std::vector<call_record> calls_;
    std::size_t next_ = 0;
    std::size_t ended_ = 0;
    std::size_t revealing_ = 0; ///< calls whose texts contain a secret
    std::map<std::string, std::size_t> by_end_;
    std::vector<std::unique_ptr<caller>> callers_;
};

} // namespace yunhu::soak
