// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/response_parser.hpp"
#include "transport/connector.hpp"
#include "transport/handler_memory.hpp"
#include "transport/inline_strand.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_stream.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Why an exchange, or an attempt to connect, failed.
struct transport_error {
    error_code code;
    error_code cause; ///< what lies under it
    delivery how{};
    yunhu::phase phase{};
    int status = 0;     ///< HTTP status of an answer that is not believed
    std::string detail; ///< in words, what `code` and `cause` have no room for
};

class connection;

/// Who owns connections and is told what becomes of them. Called inside the shard's `inline_strand`, never from inside
/// a member function of the connection, except `send`. In `on_connected` and `on_first_byte` the connection must be
/// left alone.
class connection_owner {
public:
    /// There is a socket; what follows is TLS, if any.
    virtual void on_connected(connection& c) = 0;
    virtual void on_open(connection& c) = 0;
    virtual void on_open_failed(connection& c, const transport_error& why) = 0;
    /// An answer begins that does not come in one piece.
    virtual void on_first_byte(connection& c) = 0;
    /// The exchange is complete; `reusable` when the connection may serve another one.
    virtual void on_response(connection& c, http::response a, bool reusable) = 0;
    virtual void on_exchange_failed(connection& c, const transport_error& why) = 0;
    /// Closed by the peer, or something came that nobody asked for.
    virtual void on_idle_ended(connection& c) = 0;

protected:
    ~connection_owner() = default;
};

/// Where connections go.
struct peer {
    std::string host;
    std::string port;
    std::shared_ptr<tls_context> tls; ///< null: plain
};

/// One connection: dials, does TLS, writes a request, reads its answer, and watches while idle.
///
/// A busy connection has a read outstanding, which costs one system call an answer; its owner says when that starts,
/// for one that starts before the answer is there costs another. An idle one has none, so that what comes stays in the
/// kernel, where `is_reusable` sees it; once it rests, a wait is outstanding, which notices everything.
class connection : public std::enable_shared_from_this<connection> {
public:
    /// Everything happens inside `in`. `scratch` is where plain text goes; all connections inside may share it.
    connection(std::uint32_t id, std::shared_ptr<inline_strand> in, std::shared_ptr<connection_owner> owner,
               const peer& to, const response_limits& limits, std::span<char> scratch);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() = default;

    void open();
    /// It stays idle: watches what comes, and gives up memory that is not needed for that.
    void release_buffers();
    /// Looks, without waiting, whether an idle connection may be used: nothing has come on it and it has not ended.
    [[nodiscard]] bool is_reusable();
    /// Where the next request is to be written, head and body.
    [[nodiscard]] std::string& request() noexcept { return out_; }
    /// Sends it. The answer is read from `start_read` on.
    void send();
    /// Nothing if a read is outstanding or nothing is to be read.
    void start_read();
    /// Takes a string's memory for the body of the next answer.
    void reuse(std::string&& memory) { reader_.reuse(std::move(memory)); }
    /// Ends it; its owner is told nothing more.
    void close();

    [[nodiscard]] std::uint32_t id() const noexcept { return id_; }
    [[nodiscard]] std::uint64_t exchanges() const noexcept { return exchanges_; }
    /// How long resolving and connecting took, and the TLS handshake after that.
    [[nodiscard]] std::chrono::nanoseconds connect_time() const noexcept { return connected_ - opened_; }
    [[nodiscard]] std::chrono::nanoseconds tls_time() const noexcept { return ready_ - connected_; }
    /// When an answer that did not come in one piece began to.
    [[nodiscard]] const std::optional<std::chrono::steady_clock::time_point>& first_byte() const noexcept {
        return first_byte_;
    }
    [[nodiscard]] bool resumed() const noexcept { return stream_ && stream_->resumed(); }
    /// What it is doing, and how far the exchange got: for one that is given up now.
    [[nodiscard]] yunhu::phase phase() const noexcept;
    [[nodiscard]] delivery delivered() const noexcept;

private:
    enum class state : std::uint8_t { dialing, handshaking, idle, busy, closed };

    void on_connect_result(connect_result what);
    template <class Step> void guarded(Step step);
    void step_handshake();
    void readable(const error_code& ec);
    void writable(const error_code& ec);
    void received(const error_code& ec, std::size_t bytes);
    void read();
    void write();
    void wait_readable();
    void wait_writable();
    void fail(const error_code& ec);
    void fail_exchange(const error_code& code, const error_code& cause);
    void fail_open(const error_code& code, const error_code& cause, yunhu::phase where, std::string detail = {});
    void complete();

    std::uint32_t id_;
    std::shared_ptr<inline_strand> strand_;
    std::shared_ptr<connection_owner> owner_;
    peer peer_;
    std::span<char> scratch_;
    std::shared_ptr<connector> connector_;
    std::optional<stream> stream_;
    std::vector<char> in_; ///< what the outstanding read fills
    handler_memory read_memory_;
    http::response_parser reader_;
    std::string out_;
    std::size_t written_ = 0;
    std::uint64_t accepted_before_ = 0; ///< by the kernel, when the exchange began
    std::uint64_t exchanges_ = 0;
    std::chrono::steady_clock::time_point opened_;
    std::chrono::steady_clock::time_point connected_;
    std::chrono::steady_clock::time_point ready_;
    std::optional<std::chrono::steady_clock::time_point> first_byte_;
    state state_ = state::dialing;
    bool reading_ = false;
    bool read_waits_ = false;
    bool write_waits_ = false;
};

} // namespace transport
YUNHU_NAMESPACE_END
