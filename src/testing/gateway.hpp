// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/directory.hpp"
#include "testing/faults.hpp"
#include "testing/push_frames.hpp"
#include "testing/state.hpp"

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// The next action of a session's connection.
struct gateway_action {
    enum class kind : std::uint8_t {
        send,       ///< sends `frame.bytes`
        close,      ///< sends a close frame
        disconnect, ///< closes TCP
        reset,      ///< closes with a TCP reset
        half_open,  ///< neither sends nor reads any more
        wait,       ///< does nothing for `delay`
        drop,       ///< writes `frame` into the journal only
    };

    kind what{};
    gateway_frame frame; ///< of send; of the others for the journal
    std::uint16_t close_code = 0;
    std::chrono::milliseconds delay{0};
};

/// The sessions of the gateway: their logins and their frames. Decides; the connections perform. No I/O, no lock.
class gateway {
public:
    /// Takes the actions of a session, in order, on any thread.
    using sink = std::function<void(std::vector<gateway_action>)>;

    explicit gateway(std::uint64_t seed) : faults_(seed) {}

    /// False: a fault refuses the upgrade. Else a session exists until `close`.
    [[nodiscard]] bool open(std::uint64_t connection, sink to);
    void close(std::uint64_t connection);
    /// Returns the frame for the journal.
    gateway_frame receive(std::uint64_t connection, bool text, std::string bytes, const directory& people);

    /// Sends a change to all sessions of the accounts in the conversation.
    void publish(const change& what, const state& in);
    /// Sends a board: in a group to all members, else to the account of the chat.
    void publish(const board& shown, const directory& people, std::uint64_t now);
    void send(const std::string& user_id, const push& what);
    void send_raw(const std::string& user_id, const std::string& bytes, bool text);

    void add(gateway_fault f) { faults_.add(std::move(f)); }
    void clear_faults() { faults_.clear(); }
    [[nodiscard]] std::uint64_t logged_in() const { return logged_in_.size(); }

private:
    struct session {
        sink to;
        std::uint64_t connection = 0;
        std::optional<account_index> account;
        std::string user_id; // of the account; empty before the login
        std::uint64_t last_seq = 0;
        bool silent = false;
        std::optional<gateway_action> swapped; // is sent after the next frame
    };

    [[nodiscard]] const gateway_fault* select(std::string_view cmd, const std::string& user_id, bool sent);
    struct client_command;
    void log_in(session& to, gateway_frame& frame, const client_command& login, const directory& people);
    void execute(session& to, gateway_frame& frame, const client_command& command, const directory& people);
    void refuse(session& to, gateway_frame& frame, std::string problem);
    void send(session& to, const push& what);
    void send(session& to, std::string_view cmd, std::string bytes, bool text);
    void send_with(session& to, gateway_action normal, const gateway_fault& fault);
    static void end_with(session& to, gateway_frame frame, const gateway_fault& fault);
    template <class Do> void for_each(const std::string& user_id, Do work);

    std::map<std::uint64_t, session> sessions_;           // by connection
    std::multimap<std::string, std::uint64_t> logged_in_; // connections by user_id
    fault_selector<gateway_fault> faults_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
