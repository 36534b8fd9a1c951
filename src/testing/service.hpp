// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/faults.hpp"
#include "testing/handlers.hpp"
#include "testing/journal.hpp"
#include "testing/state.hpp"

#include <yunhu/config.hpp>
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

/// A request as it came off a connection.
struct incoming {
    std::uint64_t connection = 0;
    std::uint64_t on_connection = 0;
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// What the connection is to do about a request.
struct outgoing {
    enum class then : std::uint8_t {
        next,  ///< reads the next request
        close, ///< closes TLS, then TCP
        cut,   ///< closes TCP without a word of TLS
        reset, ///< makes TCP send a reset
        stall, ///< does nothing more
    };

    std::chrono::milliseconds delay{0}; ///< before anything else
    std::string bytes;                  ///< to send; may be empty
    then after = then::next;
};

/// The application behind the sockets: checks a request, finds its fault, lets it act, writes it down. No I/O.
/// Thread-safe.
class service {
public:
    explicit service(const emulator_options& options);

    [[nodiscard]] outgoing process(incoming request);
    /// A request that could not be read as HTTP.
    [[nodiscard]] outgoing refuse_unreadable(std::uint64_t connection, std::uint64_t on_connection, int status,
                                             std::string problem);
    /// Whether to take a new connection.
    [[nodiscard]] bool admit_connection();
    /// After its TLS handshake. Returns the connection's number.
    std::uint64_t on_connection_open(bool resumed);
    void on_connection_close();

    message deliver(const chat& in, const message& m);
    void erase(const chat& in, const std::string& msg_id);
    [[nodiscard]] std::vector<message> messages(const chat& in) const;
    void serve(std::string path, emulator::handler make_reply);
    [[nodiscard]] bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

    struct counters {
        std::uint64_t requests = 0;
        std::uint64_t duplicates = 0;
        std::uint64_t connections_accepted = 0;
        std::uint64_t connections_open = 0;
        std::uint64_t handshakes_resumed = 0;
    };
    [[nodiscard]] counters count() const;

    /// Reads or changes one of the parts under the lock.
    template <class Do> auto with_state(Do work) const {
        return locked([&] { return work(std::as_const(state_)); });
    }
    template <class Do> auto with_journal(Do work) {
        return locked([&] { return work(journal_); });
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
    /// Where a request goes; `own` and `theirs` are null for an unknown path.
    struct route {
        const endpoint* own = nullptr;
        custom theirs;
        std::string name;
    };
    [[nodiscard]] std::string path_of(std::string_view name) const;
    [[nodiscard]] route find(const incoming& request) const;
    [[nodiscard]] reply act(const incoming& request, const route& to, std::unique_lock<std::mutex>& lock, bool& acted);
    [[nodiscard]] reply act_custom(const incoming& request, const custom& handler, std::unique_lock<std::mutex>& lock);
    void note(incoming request, exchange e);
    void changed(); // to be called under the lock

    const std::string token_;
    mutable std::mutex mutex_;
    mutable std::condition_variable change_;
    std::uint64_t changes_ = 0;
    state state_;
    fault_plan faults_;
    journal journal_;
    counters counters_;
    std::map<std::string, custom, std::less<>> customs_; // by path
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
