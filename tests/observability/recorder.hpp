// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "hook_balance_checker.hpp"

#include <boost/asio/error.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

/// Records the events besides checking their balance. Not thread-safe.
class recorder final : public hook_balance_checker {
public:
    /// One line per event: the hook and its most significant arguments.
    std::vector<std::string> lines;
    std::vector<call_end_event> ends;
    std::vector<retry_event> retries;
    std::vector<std::string> traces; ///< of the calls' events
    /// Called in every hook, with the hook's line.
    std::function<void(std::string_view)> also;

    void on_call_start(const call_event& e) noexcept override {
        hook_balance_checker::on_call_start(e);
        traces.emplace_back(e.traceparent);
        note("on_call_start", e.endpoint);
    }
    void on_call_end(const call_end_event& e) noexcept override {
        hook_balance_checker::on_call_end(e);
        traces.emplace_back(e.traceparent);
        ends.push_back(e);
        note("on_call_end", yunhu::name(e.code), to_string(e.delivery));
    }
    void on_queue_start(const call_event& e) noexcept override {
        hook_balance_checker::on_queue_start(e);
        note("on_queue_start");
    }
    void on_queue_end(const queue_end_event& e) noexcept override {
        hook_balance_checker::on_queue_end(e);
        note("on_queue_end");
    }
    void on_attempt_start(const attempt_event& e) noexcept override {
        hook_balance_checker::on_attempt_start(e);
        traces.emplace_back(e.traceparent);
        note("on_attempt_start", std::to_string(e.attempt), e.reused ? "reused" : "new");
    }
    void on_first_byte(const first_byte_event& e) noexcept override {
        hook_balance_checker::on_first_byte(e);
        note("on_first_byte");
    }
    void on_attempt_end(const attempt_end_event& e) noexcept override {
        hook_balance_checker::on_attempt_end(e);
        note("on_attempt_end", yunhu::name(e.code), e.http_status != 0 ? std::to_string(e.http_status) : "no response");
    }
    void on_retry(const retry_event& e) noexcept override {
        hook_balance_checker::on_retry(e);
        retries.push_back(e);
        note("on_retry", yunhu::name(e.why), e.new_connection ? "at once" : "later");
    }
    void on_connect_start(const connection_event& e) noexcept override {
        hook_balance_checker::on_connect_start(e);
        note("on_connect_start");
    }
    void on_connect_end(const connect_end_event& e) noexcept override {
        hook_balance_checker::on_connect_end(e);
        note("on_connect_end", yunhu::name(e.code));
    }
    void on_tls_start(const connection_event& e) noexcept override {
        hook_balance_checker::on_tls_start(e);
        note("on_tls_start");
    }
    void on_tls_end(const tls_end_event& e) noexcept override {
        hook_balance_checker::on_tls_end(e);
        note("on_tls_end", yunhu::name(e.code), e.resumed ? "resumed" : "");
    }
    void on_connection_open(const connection_event& e) noexcept override {
        hook_balance_checker::on_connection_open(e);
        note("on_connection_open");
    }
    void on_connection_close(const connection_end_event& e) noexcept override {
        hook_balance_checker::on_connection_close(e);
        note("on_connection_close", std::to_string(e.exchanges), e.evicted ? "evicted" : "");
    }

private:
    void note(std::string_view hook, std::string_view first = {}, std::string_view second = {}) {
        std::string line(hook);
        for (const std::string_view part : {first, second}) {
            if (!part.empty()) {
                line.append(" ").append(part);
            }
        }
        lines.push_back(line);
        if (also) {
            also(line);
        }
    }
};

} // namespace yunhu::test
