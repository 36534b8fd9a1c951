// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/profiles.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/types.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// An emulated Yunhu service for tests of bots and of this library: HTTPS, stored messages, injected faults.
YUNHU_NAMESPACE_BEGIN
namespace testing {

/// A user of the emulated service. With a token it is an account: a client can log in as it.
struct account {
    account() = default;
    account(std::string id, std::string display_name, secret log_in_with = {})
        : user_id(std::move(id)), name(std::move(display_name)), token(std::move(log_in_with)) {}

    /// Lets a client log in by e-mail address and password (email-login), and by mobile number and
    /// `emulator_options::verification_code` (verification-login). An empty address or number: not by that.
    account& with_login(std::string address, secret password_for_it, std::string number = {}) {
        email = std::move(address);
        password = std::move(password_for_it);
        mobile = std::move(number);
        return *this;
    }

    std::string user_id;
    std::string name;
    secret token; ///< empty: none is valid until a login, which gives one
    std::string email;
    std::string mobile;
    secret password;
};

/// A group. One that is not declared has the id as its name and every account as a member.
struct group_profile {
    group_profile() = default;

    std::string id;
    std::string name;
    std::vector<std::string> members; ///< user ids; empty: every account
    std::vector<std::string> admins;  ///< user ids of those who may recall the messages of others
    std::string owner;                ///< user id; empty: nobody, and the admins manage the group
};

/// A bot: a sender that is no user and has no token.
struct bot_profile {
    bot_profile() = default;

    std::string id;
    std::string name;
    std::string owner; ///< user id of the account whose own bot it is; empty: nobody's
};

struct exchange;
struct gateway_frame;

/// The order of the messages in a page of list-message-by-mid-seq.
enum class mid_seq_order : std::uint8_t {
    newest_first, ///< the newer ones, the target, the earlier ones: as clients of the service expect
    any_position, ///< the target at the front or in the middle, which a client that searches by id must survive
};

/// Options of an emulator.
struct emulator_options {
    emulator_options() = default;

    std::uint16_t port = 0;          ///< 0: any free port
    secret token = "test-token";     ///< of the first account
    std::string user_id = "7356666"; ///< of the first account
    std::string user_name = "测试";  ///< of the first account
    std::vector<account> accounts;   ///< further ones
    std::string email;               ///< of the first account, see `account::with_login`
    std::string mobile;              ///< of the first account
    secret password;                 ///< of the first account
    /// The code of every text message and mail, which are not sent. A captcha shows anything.
    std::string verification_code = "246810";
    /// False: as lenient as the service, where only the token counts; deviations are in
    /// `exchange::note`. True: refuses deviations from a correct client's requests.
    bool strict = false;
    mid_seq_order mid_seq = mid_seq_order::newest_first;
    std::chrono::milliseconds idle_timeout = std::chrono::minutes(5); ///< of a keep-alive connection
    std::filesystem::path ca_out;                                     ///< file for the CA (PEM); empty: none
    /// Further names in the certificate, besides localhost: for clients that have the service's host built in.
    std::vector<std::string> host_names;
    /// Folder for the certificates and the messages, so that the next emulator continues with them; it is created if
    /// it does not exist. Certificates without one of `host_names` are replaced. Empty: nothing is kept.
    std::filesystem::path state_dir;
    /// Bytes of requests per second that each connection reads, with a small receive buffer: a slow peer, whose clients
    /// have to wait until they can write. 0: as fast as possible.
    std::size_t read_rate = 0;
    std::uint64_t seed = 1;                    ///< of fault probabilities and generated ids
    std::size_t journal_limit = 1'000'000;     ///< older exchanges and frames are discarded; 0: no journal
    std::size_t gateway_queue_limit = 100'000; ///< unsent frames of a session; a slower reader is disconnected
    /// Called on the emulator's thread after each exchange, in the order of the journal. May call the emulator;
    /// exceptions are ignored.
    std::function<void(const exchange&)> on_exchange;
    /// The same for each frame of the gateway.
    std::function<void(const gateway_frame&)> on_frame;
};

/// A fault that is applied to matching requests.
struct fault {
    fault() = default;
    /// A fault of one endpoint, e.g. `endpoints::send_message`.
    explicit fault(const endpoint_info& where) : endpoint(where.path) {}

    enum class action : std::uint8_t {
        response,          ///< sends a response of `status`, `headers` and `body` instead
        raw_bytes,         ///< sends `body` instead of an HTTP response; the connection stays open
        close_before,      ///< closes without executing the request and without a response
        close_after,       ///< executes the request, then closes without a response
        close_in_response, ///< executes the request, then closes after half of the response
        reset,             ///< closes with a TCP reset
        stall,             ///< executes the request and sends nothing; the client must close the connection
        delay,             ///< executes the request, then sends the response after `delay`
        refuse_tls,        ///< closes an accepted connection before TLS; matches connections, `endpoint` is ignored
    };

    /// Matching requests: the name of an endpoint that the emulator serves, e.g. "send-message" or "group/info", or any
    /// path, e.g. "/v1/own/call". With a `*` at its end: all paths that begin so, e.g. "/buckets/*". Empty: all
    /// requests.
    std::string endpoint;
    std::uint64_t nth = 0;    ///< only the n-th matching request since the injection, from 1; 0: every one
    std::uint64_t times = 0;  ///< maximum number of applications; 0: no limit
    double probability = 1.0; ///< pseudo-random by `emulator_options::seed`
    action what = action::response;
    bool execute = false; ///< of response, raw_bytes and reset: executes the request before
    int status = 500;     ///< of response
    std::vector<std::pair<std::string, std::string>> headers; ///< of response; a content-length is added if missing
    std::string body;                                         ///< of response and raw_bytes
    std::chrono::milliseconds delay{0}; ///< before the fault sends or closes; the execution is not delayed
};

/// A request and its response. Exchanges are in the order in which requests arrived.
struct exchange {
    exchange() = default;

    std::uint64_t connection = 0;    ///< number of the connection, from 1
    std::uint64_t on_connection = 0; ///< number of the exchange on it, from 1
    std::string endpoint;            ///< last segment of the path, such as "send-message"; empty for an unknown path
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; ///< as received; the token is masked
    std::string body;       ///< as received; of requests with a password or a code the values are masked
    std::string msg_id;     ///< of the request, if any; several are separated by commas
    chat in;                ///< of send, edit and recall: the chat, if the request was executed
    std::string text;       ///< of send and edit: the text, if the request was executed
    bool executed = false;  ///< the request was valid, had the right token and was executed
    int status = 0;         ///< HTTP status of the response; 0: no response, or raw bytes
    std::int64_t code = 0;  ///< API code, also if its response was not sent; 0: none
    bool duplicate = false; ///< a send with a known `msg_id`
    std::string problem;    ///< why the request was refused as invalid; empty: it was not
    std::string note;       ///< the deviation that a strict emulator refuses; empty: none
    std::string user_id;    ///< of the account with that token; empty: no account
    std::optional<fault::action> applied_fault; ///< none: the response was normal
};

/// A fault of the gateway.
struct gateway_fault {
    gateway_fault() = default;

    enum class action : std::uint8_t {
        replace,        ///< sends a frame of `body` instead
        insert,         ///< sends a frame of `body` before
        drop,           ///< does not send the frame (the journal has it), or ignores the received one
        duplicate,      ///< sends the frame twice
        swap,           ///< sends the frame after the next one
        as_text,        ///< sends the frame's bytes as a text frame
        truncate,       ///< sends the frame without its last three bytes
        no_value,       ///< sends the envelope without the payload's value
        wrong_type_url, ///< sends another name in the payload's `type_url`
        delay,          ///< sends the frame, and those after it, after `delay`
        close,          ///< sends a close frame with `close_code` and `body` as the reason
        disconnect,     ///< closes TCP without a close frame
        reset,          ///< closes with a TCP reset
        silence,        ///< sends nothing more; frames are still read
        half_open,      ///< sends and reads nothing more; the connection stays open
    };

    /// Scope of the fault: "connect" (the upgrade; refused with HTTP 403 by every action but `delay`), a command
    /// of the client ("login", "heartbeat", "inputInfo"), or one of the gateway ("push_message", "heartbeat_ack", ...).
    /// Empty: every frame that is sent.
    std::string on;
    std::string user_id;      ///< only sessions of this account; empty: all
    std::uint64_t nth = 0;    ///< only the n-th match since the injection, from 1; 0: every one
    std::uint64_t times = 0;  ///< maximum number of applications; 0: no limit
    double probability = 1.0; ///< pseudo-random by `emulator_options::seed`
    action what = action::drop;
    std::string body;                ///< of replace, insert and close
    bool text = false;               ///< of replace and insert: a text frame
    std::uint16_t close_code = 1000; ///< of close
    std::chrono::milliseconds delay{0};
};

/// A frame of the gateway.
struct gateway_frame {
    gateway_frame() = default;

    std::uint64_t connection = 0; ///< number of the connection, from 1
    std::string user_id;          ///< of the session; empty before the login
    bool received = false;        ///< by the gateway; else sent
    bool text = false;            ///< a text frame; else a binary one
    bool closed = false;          ///< not a frame: the connection was closed, `bytes` has the reason if there is one
    std::string cmd;              ///< empty: none could be read
    std::string bytes;            ///< the token is masked
    std::string problem;          ///< why a received frame was refused; empty: it was not
    std::optional<gateway_fault::action> applied_fault; ///< none: normal
};

/// A bot's board in a chat.
struct board {
    board() = default;

    std::string bot_id;
    chat in; ///< a group, or the user with the board in the chat with the bot
    std::string content;
    std::uint64_t content_type = 1; ///< 1 text, 2 markdown, 3 html
};

/// An accepted button-report.
struct button_press {
    button_press() = default;
    bool operator==(const button_press&) const = default;

    chat in;
    std::string msg_id;
    std::string user_id;
    std::string button_value;
};

/// An accepted file-download-record.
struct download {
    download() = default;
    bool operator==(const download&) const = default;

    std::string msg_id;
    std::string download_path;
};

/// The server. Runs on its own thread from construction to destruction.
///
/// It is as lenient as the service: the token decides, any content-type and accept-encoding will do, fields that it
/// does not know are skipped. `emulator_options::strict` makes it refuse everything that a correct client does not
/// send: method, path, `token`, content-type, host, one content-length, no accept-encoding, a body without unknown
/// fields and with UTF-8 texts. The journal and the body of the response have the reason for a refusal.
///
/// The gateway at `/ws` notifies the sessions of all accounts in a chat of its events.
///
/// The real server's behaviour for a repeated `msg_id` is unknown. The emulator returns success, stores nothing and
/// counts a duplicate.
///
/// Thread safety: every member may be called from any thread.
class YUNHU_EXPORT emulator {
public:
    /// Generates a CA and a certificate and starts listening on 127.0.0.1. Throws `boost::system::system_error`.
    explicit emulator(emulator_options options = {});
    emulator(const emulator&) = delete;
    emulator& operator=(const emulator&) = delete;
    /// Closes all connections and joins the thread.
    ~emulator();

    [[nodiscard]] std::uint16_t port() const;
    /// `https://127.0.0.1:PORT`
    [[nodiscard]] std::string base_url() const;
    /// `wss://127.0.0.1:PORT/ws`
    [[nodiscard]] std::string gateway_url() const;
    /// The certificate that a client must trust, PEM.
    [[nodiscard]] const std::string& ca_pem() const;
    [[nodiscard]] const emulator_options& options() const;

    /// Adds an account, or a user without a token. Throws `std::invalid_argument` if the id is empty or in use, or the
    /// token, the e-mail address or the mobile number is in use.
    void add_account(account added);
    /// Declares a group, or replaces its declaration.
    void add_group(group_profile added);
    /// Declares a bot. Throws `std::invalid_argument` if the id is empty.
    void add_bot(bot_profile added);

    /// Sends a text to a chat as that user or bot, which need not be declared. The chat is the speaker's: from a user
    /// or a bot to `user("1")` it arrives in the private chat of account 1 with the speaker. `quote` is the id of a
    /// message.
    message say(const std::string& speaker, const chat& to, std::string text, const std::string& quote = {});
    /// Replaces the text of a message of any author. Throws `std::invalid_argument` if there is no such message.
    void edit(const std::string& msg_id, std::string text);
    /// Recalls a message as that user; empty: its author. Throws `std::invalid_argument` if there is no such message.
    void recall(const std::string& msg_id, const std::string& by = {});
    /// Removes a message as moderation does. Throws `std::invalid_argument` if there is no such message.
    void block(const std::string& msg_id);
    /// Appends to the text of a message, as a bot does that writes bit by bit. Throws `std::invalid_argument` if there
    /// is no such message.
    void stream(const std::string& msg_id, const std::string& text);
    /// Adds a friend request, an application or an invitation to an account's list and notifies its sessions. Returns
    /// its id. `only_by`: "agree-apply" or "agree-invite" is the endpoint that takes an answer; empty: an invitation by
    /// a user that concerns a group or a bot is answered by agree-invite, everything else by agree-apply.
    /// Errors: throws `std::invalid_argument` if there is no such account.
    std::int64_t add_request(const std::string& user_id, friend_request added, const std::string& only_by = {});
    /// The requests of an account.
    [[nodiscard]] std::vector<friend_request> requests_of(const std::string& user_id) const;
    /// Adds a command of a bot, which look-ups list. Errors: throws `std::invalid_argument` if the bot's id is empty.
    void add_instruction(instruction added);
    /// Seconds for which a member was silenced last; -1: for ever; 0: it may speak.
    [[nodiscard]] std::int64_t gag_of(const std::string& group_id, const std::string& user_id) const;
    /// Whether the user is a member; true in a group that is not declared.
    [[nodiscard]] bool is_member(const std::string& group_id, const std::string& user_id) const;

    /// Shows a board, which look-ups list from then on. Throws `std::invalid_argument` if the bot's id or the chat's is
    /// empty.
    void set_board(board shown);
    /// Sends a frame to every session of an account as it is.
    void push(const std::string& user_id, std::string bytes, bool text = false);
    /// Sends a push without a payload, such as "invite_apply", to every session of an account.
    void push_command(const std::string& user_id, const std::string& cmd);

    /// Adds a message to a chat of the first account, such as one of another user. Sets `msg_seq`, and `msg_id`,
    /// `send_time` and `direction`
    /// ("left") if they are empty. A message with direction "right" is one of that account. Throws
    /// `std::invalid_argument` if the `msg_id` is already in use.
    message deliver(chat in, message m);
    /// Removes a message: no list contains it, and its id is unknown, also as a cursor. Its `msg_seq` is not reused.
    /// Whether the real server keeps recalled or deleted messages is unknown, so a bot that reads a history should
    /// tolerate their absence. Throws `std::invalid_argument` if the chat has no such message.
    void erase(const chat& in, const std::string& msg_id);
    /// The messages of a chat of the first account in order of `msg_seq`, with recalled ones and those that it deleted.
    [[nodiscard]] std::vector<message> messages(const chat& in) const;
    [[nodiscard]] std::vector<button_press> button_reports() const;
    [[nodiscard]] std::vector<download> downloads() const;

    /// Returns the JSON or protobuf body of a response (HTTP 200) to a request with that body.
    using handler = std::function<std::string(std::string_view body)>;
    /// Serves a custom endpoint at `path`. The handler runs on the emulator's thread; an exception becomes HTTP 500.
    /// The response has the content-type of the request; if that is neither JSON's nor protobuf's, which a strict
    /// emulator refuses, the one that fits the request's body.
    void serve(std::string path, handler handle);

    /// A response of a server of one's own.
    struct http_reply {
        http_reply() = default;
        explicit http_reply(std::string text) : body(std::move(text)) {}

        int status = 200;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string body;
    };
    /// Answers a request: its method, target, headers and body.
    using http_handler = std::function<http_reply(const exchange& request)>;
    /// Plays another server with that host name, for clients that reach it by `connect_to`. No token is needed. The
    /// handler runs on the emulator's thread; it must not call the emulator. The name must be one of `host_names`.
    void serve_host(std::string host, http_handler handle);
    /// The addresses with which a client reaches this emulator in place of every server (`client_config::connect_to`).
    [[nodiscard]] std::map<std::string, std::string> connect_to() const;

    /// Stores a content, as an upload does, e.g. in bucket `chat68` or `chat68-file`.
    void store_media(const std::string& bucket, const std::string& key, std::string bytes, std::string content_type);
    /// A stored content; none if there is none.
    [[nodiscard]] std::optional<std::string> stored_media(const std::string& bucket, const std::string& key) const;
    /// From now on only that host takes uploads of the bucket; others say "incorrect region" and name it.
    void set_upload_host(const std::string& bucket, const std::string& host);
    /// The upload tokens are not valid any more.
    void expire_upload_tokens();
    /// The uploads in parts that are not finished are unknown from now on.
    void forget_uploads();
    /// Files that are larger are redirected to another host; 0: none.
    void redirect_files_above(std::uint64_t bytes);

    [[nodiscard]] std::vector<exchange> journal() const;
    /// The frames of the gateway in the order in which they were sent and received.
    [[nodiscard]] std::vector<gateway_frame> frames() const;
    /// Sessions that are logged in to the gateway.
    [[nodiscard]] std::uint64_t sessions() const;
    /// The exchanges and the frames.
    void clear_journal();
    /// Requests received since the start.
    [[nodiscard]] std::uint64_t requests() const;
    /// Number of sends with a known `msg_id`.
    [[nodiscard]] std::uint64_t duplicates() const;
    /// Connections with a completed TLS handshake since the start.
    [[nodiscard]] std::uint64_t connections_accepted() const;
    [[nodiscard]] std::uint64_t connections_open() const;
    /// Handshakes since the start that resumed a TLS session.
    [[nodiscard]] std::uint64_t handshakes_resumed() const;
    /// Waits until `condition` is true or the timeout expires; returns its last value. It is evaluated after each
    /// request, each frame and when a connection is opened or closed, and may call every other member.
    [[nodiscard]] bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

    /// Adds a fault. Only the first matching fault is applied to a request.
    /// Errors: throws `std::invalid_argument` if `endpoint` is neither a path nor the name of an endpoint.
    void inject(fault f);
    /// Adds a fault of the gateway. Only the first matching one is applied to a frame.
    void inject(gateway_fault f);
    /// Removes all faults, also those of the gateway. A session that became silent stays so.
    void clear_faults();
    /// Closes all connections before it returns, as a restart does. The emulator continues to listen.
    void drop_connections();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace testing
YUNHU_NAMESPACE_END
