// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/faults.hpp"
#include "testing/gateway.hpp"
#include "testing/handlers.hpp"
#include "testing/journal.hpp"
#include "testing/media_store.hpp"
#include "testing/responses.hpp"
#include "testing/state.hpp"
#include "testing/state_file.hpp"

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
    bool keep_alive = true;     ///< by its HTTP version and its headers
    gateway::sink upgrade = {}; ///< of a WebSocket upgrade: receives the session's frames
};

/// The application behind the sockets: checks a request, selects its fault, executes it, sends its consequences to the
/// sessions of the gateway and records the exchange. Its only I/O is the file of a stored state. Thread-safe.
class service {
public:
    /// Throws the exceptions of `state_file`.
    explicit service(const emulator_options& options);

    /// The gateway's URL, known once the server listens. Must be called before the first request.
    void set_gateway_url(std::string url) { gateway_url_ = std::move(url); }

    [[nodiscard]] connection_action process(http_request request);
    /// For a request that is not HTTP or too large.
    [[nodiscard]] connection_action reject_malformed(std::uint64_t connection, std::uint64_t on_connection, int status,
                                                     std::string problem);
    /// False: a fault refuses the new connection.
    [[nodiscard]] bool admit_connection();
    /// Must be called after the TLS handshake. Returns the number of the connection.
    std::uint64_t on_connection_open(bool resumed);
    void on_connection_close(std::uint64_t connection);

    /// A frame from a session.
    void on_frame(std::uint64_t connection, bool text, std::string bytes);
    /// Records a frame that was sent, or the end of a session.
    void record(const gateway_frame& frame);

    /// Changes the state, and sends the consequences to the sessions.
    template <class Do> auto change_state(Do work) {
        const std::lock_guard lock(mutex_);
        const publish_at_end publisher(*this);
        return work(state_, now_ms());
    }
    [[nodiscard]] static message for_first_account(const stored_message& stored);
    [[nodiscard]] std::vector<message> messages(const chat& in) const;
    template <class Do> void with_gateway(Do work) {
        locked([&] { work(gateway_, std::as_const(state_), now_ms()); });
    }
    template <class Do> auto with_media(Do work) {
        return locked([&] { return work(media_); });
    }
    [[nodiscard]] std::vector<gateway_frame> frames() const;
    void clear_journal();
    void serve(std::string path, emulator::handler handler);
    void serve_host(std::string host, emulator::http_handler handler);
    [[nodiscard]] bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

    struct counters {
        std::uint64_t requests = 0;
        std::uint64_t duplicates = 0;
        std::uint64_t connections_accepted = 0;
        std::uint64_t connections_open = 0;
        std::uint64_t handshakes_resumed = 0;
        std::uint64_t sessions = 0; ///< logged in
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
    /// Publishes the changes of the state at the end of a scope that holds the lock.
    class publish_at_end {
    public:
        explicit publish_at_end(service& of) : of_(of) {}
        publish_at_end(const publish_at_end&) = delete;
        publish_at_end& operator=(const publish_at_end&) = delete;
        ~publish_at_end() { of_.publish(); }

    private:
        service& of_;
    };

    using custom = std::shared_ptr<const emulator::handler>;

    template <class Do> auto locked(Do work) const {
        const std::lock_guard lock(mutex_);
        return work();
    }
    /// The handler of a request: a built-in one, a custom one or the gateway; none for an unknown path.
    struct route {
        const endpoint* builtin = nullptr;
        custom custom_handler;
        bool gateway = false;
        bool media = false; ///< another host than the API's
        std::string name;
    };
    [[nodiscard]] std::string path_of(std::string_view name) const;
    [[nodiscard]] route find(const http_request& request, std::string_view path) const;
    [[nodiscard]] response execute(const http_request& request, const route& to, std::unique_lock<std::mutex>& lock,
                                   exchange& e);
    [[nodiscard]] response upgrade(const http_request& request);
    [[nodiscard]] response call_media(const http_request& request);
    [[nodiscard]] response call_custom(const http_request& request, const custom& handler,
                                       std::unique_lock<std::mutex>& lock);
    /// Releases the lock.
    void record(http_request request, exchange e, std::unique_lock<std::mutex> lock);
    void publish();       // the lock must be held
    void notify_change(); // the lock must be held
    [[nodiscard]] static std::uint64_t now_ms();

    const emulator_options& options_;
    std::string gateway_url_;
    mutable std::mutex mutex_;
    mutable std::condition_variable change_;
    std::uint64_t changes_ = 0;
    state state_;
    fault_plan faults_;
    journal<exchange> exchanges_;
    journal<gateway_frame> frames_;
    media_store media_;
    gateway gateway_;
    std::unique_ptr<state_file> file_; // null: nothing is kept
    std::string file_error_;           // why nothing is kept any more
    counters counters_;
    std::map<std::string, custom, std::less<>> custom_handlers_;             // by path
    std::map<std::string, emulator::http_handler, std::less<>> own_servers_; // by host
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
