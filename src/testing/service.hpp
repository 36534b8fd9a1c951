// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/exchange_log.hpp"
#include "testing/faults.hpp"
#include "testing/handlers.hpp"
#include "testing/state.hpp"

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/testing/emulator.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// A request as received on a connection.
struct http_request {
    std::uint64_t connection = 0;
    std::uint64_t on_connection = 0;
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// The action of the connection for a request: send bytes, then continue.
struct connection_action {
    enum class then : std::uint8_t {
        read_next, ///< reads the next request
        shut_down, ///< closes TLS, then TCP
        close,     ///< closes TCP without a close_notify
        reset,     ///< closes with a TCP reset
        stall,     ///< sends nothing more
    };

    std::chrono::milliseconds delay{0}; ///< before the bytes are sent
    std::string bytes;                  ///< may be empty
    then after = then::read_next;
};

/// The application behind the sockets: checks a request, selects its fault, executes it and records the exchange. No
/// I/O. Thread-safe.
class service {
public:
    explicit service(const emulator_options& options);

    [[nodiscard]] connection_action process(http_request request);
    /// For a request that is not HTTP or too large.
    [[nodiscard]] connection_action reject_malformed(std::uint64_t connection, std::uint64_t on_connection, int status,
                                                     std::string problem);
    /// False: a fault refuses the new connection.
    [[nodiscard]] bool admit_connection();
    /// Must be called after the TLS handshake. Returns the number of the connection.
    std::uint64_t on_connection_open(bool resumed);
    void on_connection_close();

    message deliver(const chat& in, const message& m);
    void erase(const chat& in, const std::string& msg_id);
    [[nodiscard]] std::vector<message> messages(const chat& in) const;
    void serve(std::string path, emulator::handler handler);
    [[nodiscard]] bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

    struct counters {
        std::uint64_t requests = 0;
        std::uint64_t duplicates = 0;
        std::uint64_t connections_accepted = 0;
        std::uint64_t connections_open = 0;
        std::uint64_t handshakes_resumed = 0;
    };
    [[nodiscard]] counters count() const;

    /// Accesses one of the parts under the lock.
    template <class Do> auto with_state(Do work) const {
        return locked([&] { return work(std::as_const(state_)); });
    }
    template <class Do> auto with_exchanges(Do work) {
        return locked([&] { return work(exchanges_); });
    }
    /// Throws `std::invalid_argument` if the fault is for an endpoint that does not exist.
    void inject(fault f);
    template <class Do> auto with_faults(Do work) {
        return locked([&] { return work(faults_); });
    }

private:
    using custom = std::shared_ptr<const emulator::handler>;

    template <class Do> auto locked(Do work) const {
        const std::lock_guard lock(mutex_);
        return work();
    }
    /// The handler of a request; `builtin` and `custom_handler` are null for an unknown path.
    struct route {
        const endpoint* builtin = nullptr;
        custom custom_handler;
        std::string name;
    };
    [[nodiscard]] std::string path_of(std::string_view name) const;
    [[nodiscard]] route find(const http_request& request) const;
    [[nodiscard]] response execute(const http_request& request, const route& to, std::unique_lock<std::mutex>& lock,
                                   bool& executed);
    [[nodiscard]] response call_custom(const http_request& request, const custom& handler,
                                       std::unique_lock<std::mutex>& lock);
    void record(http_request request, exchange e);
    void notify_change(); // the lock must be held

    const secret token_;
    mutable std::mutex mutex_;
    mutable std::condition_variable change_;
    std::uint64_t changes_ = 0;
    state state_;
    fault_plan faults_;
    exchange_log exchanges_;
    counters counters_;
    std::map<std::string, custom, std::less<>> custom_handlers_; // by path
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
