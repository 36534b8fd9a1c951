// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/types.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A Yunhu on one's own machine: real HTTPS, real state, for tests of bots and of this library.
YUNHU_NAMESPACE_BEGIN
namespace testing {

/// How the emulator is to be.
struct emulator_options {
    emulator_options() = default;

    std::uint16_t port = 0;           ///< 0: any free one
    std::string token = "test-token"; ///< the only token that is accepted
    std::string user_id = "7356666";  ///< the account that the token stands for
    std::string user_name = "测试";
    std::chrono::milliseconds idle_timeout = std::chrono::minutes(5); ///< of a keep-alive connection
    std::filesystem::path ca_out;                                     ///< where to write the CA (PEM); empty: nowhere
    std::uint64_t seed = 1;                                           ///< of faults by probability, and of new ids
    std::size_t journal_limit = 1'000'000;                            ///< older exchanges are forgotten; 0: no journal
};

/// What to do to a request instead of, or besides, answering it.
struct fault {
    fault() = default;
    /// A fault of one endpoint, e.g. `endpoints::send_message`.
    explicit fault(const endpoint_info& where) : endpoint(where.path) {}

    enum class action : std::uint8_t {
        response,          ///< answers with `status`, `headers` and `body` instead
        raw_bytes,         ///< sends `body` as it is, instead of an HTTP answer, and goes on
        close_before,      ///< closes without acting and without a byte of an answer
        close_after,       ///< acts, then closes without a byte of an answer
        close_in_response, ///< acts, then closes in the middle of the answer
        reset,             ///< closes with a TCP reset
        stall,             ///< acts, then never answers; the connection stays open until the client closes it
        delay,             ///< acts, then answers; with `delay` before the answer
        refuse_tls,        ///< closes a connection just accepted, before TLS; counts connections, `endpoint` is ignored
    };

    /// Requests that the fault is for: the name of an endpoint that the emulator serves, e.g. "send-message", or any
    /// path, e.g. "/v1/own/call". Empty: all requests.
    std::string endpoint;
    std::uint64_t nth = 0;    ///< only the n-th matching request since this fault was injected, from 1; 0: every
    std::uint64_t times = 0;  ///< at most so often; 0: without end
    double probability = 1.0; ///< drawn from the emulator's seed
    action what = action::response;
    bool act = false;                                         ///< answer, raw_bytes and reset: whether to act first
    int status = 500;                                         ///< of answer
    std::vector<std::pair<std::string, std::string>> headers; ///< of answer; a content-length is added unless given
    std::string body;                                         ///< of answer and raw_bytes
    std::chrono::milliseconds delay{0}; ///< before whatever the fault sends or closes; acting is never delayed
};

/// One request and what was answered, in the order in which requests arrived.
struct exchange {
    exchange() = default;

    std::uint64_t connection = 0;    ///< number of the connection, from 1
    std::uint64_t on_connection = 0; ///< number of the exchange on it, from 1
    std::string endpoint;            ///< the path's last part, e.g. "send-message"; empty for an unknown path
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; ///< as they came; the token is masked
    std::string body;
    std::string msg_id;     ///< of the request, where there is one; several are separated by commas
    bool acted = false;     ///< the application saw the request: it arrived, well formed and with the right token
    int status = 0;         ///< HTTP status answered; 0: none, or raw bytes
    std::int64_t code = 0;  ///< API code that the application gave, answered or not; 0: none
    bool duplicate = false; ///< a send with a `msg_id` that was stored before
    std::string problem;    ///< what was wrong with the request as such; empty: nothing
    std::optional<fault::action> struck_by; ///< the fault that it met
};

/// A button-report that was accepted.
struct button_press {
    button_press() = default;
    bool operator==(const button_press&) const = default;

    chat in;
    std::string msg_id;
    std::string user_id;
    std::string button_value;
};

/// A file-download-record that was accepted.
struct download {
    download() = default;
    bool operator==(const download&) const = default;

    std::string msg_id;
    std::string download_path;
};

/// The server. Runs on a thread of its own from construction to destruction.
///
/// Requests are checked strictly: method, path, `token`, content-type, host, one content-length, no accept-encoding, a
/// body without unknown fields and with UTF-8 texts. What was wrong stands in the journal.
///
/// What the real server does with a `msg_id` that was sent before is unknown. This one says success, stores nothing
/// more, and counts it.
///
/// Thread safety: every member may be called from any thread.
class emulator {
public:
    /// Starts listening on 127.0.0.1, with a CA and a certificate of its own. Throws `boost::system::system_error`.
    explicit emulator(emulator_options options = {});
    emulator(const emulator&) = delete;
    emulator& operator=(const emulator&) = delete;
    /// Closes every connection and joins its thread.
    ~emulator();

    [[nodiscard]] std::uint16_t port() const;
    /// `https://127.0.0.1:PORT`
    [[nodiscard]] std::string base_url() const;
    /// The certificate that a client must trust, PEM.
    [[nodiscard]] const std::string& ca_pem() const;
    [[nodiscard]] const emulator_options& options() const;

    /// Puts a message into a chat as if somebody had sent it; sets `msg_seq`, and `msg_id`, `send_time` and `direction`
    /// ("left") where empty. A message with direction "right" counts as the account's own. Throws
    /// `std::invalid_argument` for a `msg_id` that is known already.
    message deliver(chat in, message m);
    /// Takes a message away as if it had never been there: no list shows it and its id is unknown, as a cursor too; its
    /// `msg_seq` is not given again. What the real server keeps of a recalled or deleted message is unknown: a bot that
    /// walks a chat should bear this. Throws `std::invalid_argument` when the chat has no such message.
    void erase(const chat& in, const std::string& msg_id);
    /// The chat's messages in order of `msg_seq`: recalled ones too, and those that the account deleted from its view.
    [[nodiscard]] std::vector<message> messages(const chat& in) const;
    [[nodiscard]] std::vector<button_press> button_reports() const;
    [[nodiscard]] std::vector<download> downloads() const;

    /// Makes the JSON or protobuf body of a reply (HTTP 200) from the body of a request.
    using handler = std::function<std::string(std::string_view body)>;
    /// Serves an endpoint of one's own at `path`. The handler runs on the emulator's thread; what it throws is answered
    /// with HTTP 500. The request's content-type may be either of the two and is the reply's too.
    void serve(std::string path, handler make_reply);

    [[nodiscard]] std::vector<exchange> journal() const;
    void clear_journal();
    /// Requests that arrived, since the start.
    [[nodiscard]] std::uint64_t requests() const;
    /// Exchanges in which a send arrived with a `msg_id` that was stored before.
    [[nodiscard]] std::uint64_t duplicates() const;
    /// Connections whose TLS handshake was completed, since the start.
    [[nodiscard]] std::uint64_t connections_accepted() const;
    [[nodiscard]] std::uint64_t connections_open() const;
    /// Handshakes that resumed an earlier TLS session, since the start.
    [[nodiscard]] std::uint64_t handshakes_resumed() const;
    /// Waits until `condition` holds, looking again whenever a request or a connection has come or gone. Returns
    /// whether it holds. `condition` may call every other member.
    [[nodiscard]] bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

    /// Adds a fault. The first one that strikes a request is the one that is done to it.
    /// Errors: throws `std::invalid_argument` if `endpoint` is neither a path nor the name of an endpoint.
    void inject(fault f);
    void clear_faults();
    /// Closes all connections, as a restart does; goes on listening. They are closed when this returns.
    void drop_connections();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace testing
YUNHU_NAMESPACE_END
