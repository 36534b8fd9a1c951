#pragma once

#include "balance.hpp"

#include <boost/asio/error.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

/// Writes down what it is told, on top of checking the balance. For one thread.
class recorder final : public balance {
public:
    /// One line an event: the hook, and what is most telling of it.
    std::vector<std::string> lines;
    std::vector<call_end_event> ends;
    std::vector<retry_event> retries;
    std::vector<std::string> traces; ///< of the events of calls
    /// Called in every hook, with its line.
    std::function<void(std::string_view)> also;

    void call_begun(const call_event& e) noexcept override {
        balance::call_begun(e);
        traces.emplace_back(e.traceparent);
        note("call_begun", e.endpoint);
    }
    void call_ended(const call_end_event& e) noexcept override {
        balance::call_ended(e);
        traces.emplace_back(e.traceparent);
        ends.push_back(e);
        note("call_ended", kind(e.code), to_string(e.delivery));
    }
    void queued(const call_event& e) noexcept override {
        balance::queued(e);
        note("queued");
    }
    void dequeued(const queue_end_event& e) noexcept override {
        balance::dequeued(e);
        note("dequeued");
    }
    void attempt_begun(const attempt_event& e) noexcept override {
        balance::attempt_begun(e);
        traces.emplace_back(e.traceparent);
        note("attempt_begun", std::to_string(e.attempt), e.reused ? "reused" : "fresh");
    }
    void first_byte(const first_byte_event& e) noexcept override {
        balance::first_byte(e);
        note("first_byte");
    }
    void attempt_ended(const attempt_end_event& e) noexcept override {
        balance::attempt_ended(e);
        note("attempt_ended", kind(e.code), e.http_status != 0 ? std::to_string(e.http_status) : "no answer");
    }
    void retrying(const retry_event& e) noexcept override {
        balance::retrying(e);
        retries.push_back(e);
        note("retrying", kind(e.why), e.fresh ? "at once" : "later");
    }
    void dial_begun(const connection_event& e) noexcept override {
        balance::dial_begun(e);
        note("dial_begun");
    }
    void dial_ended(const dial_end_event& e) noexcept override {
        balance::dial_ended(e);
        note("dial_ended", kind(e.code));
    }
    void tls_begun(const connection_event& e) noexcept override {
        balance::tls_begun(e);
        note("tls_begun");
    }
    void tls_ended(const tls_end_event& e) noexcept override {
        balance::tls_ended(e);
        note("tls_ended", kind(e.code), e.resumed ? "resumed" : "");
    }
    void connection_opened(const connection_event& e) noexcept override {
        balance::connection_opened(e);
        note("connection_opened");
    }
    void connection_closed(const connection_end_event& e) noexcept override {
        balance::connection_closed(e);
        note("connection_closed", std::to_string(e.exchanges), e.evicted ? "evicted" : "");
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
