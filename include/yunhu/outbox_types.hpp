// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// State of a message in an outbox. The numbers are those of the stored rows.
enum class outbox_state : std::uint8_t {
    queued = 0,  ///< waits for a worker
    claimed = 1, ///< a worker has it; it certainly has not left
    sending = 2, ///< may have left
    sent = 3,    ///< the API reported success, or a look-up found it
    failed = 4,  ///< certainly not executed, and never will be
    unknown = 5, ///< maybe executed, and not found by a look-up
};
/// The enumerator's name, e.g. "sent". Errors: none. Thread safety: any thread. Lifetime: static.
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(outbox_state s) noexcept;
/// The state of that name; none if there is none. Errors: none. Thread safety: any thread.
[[nodiscard]] YUNHU_EXPORT std::optional<outbox_state> outbox_state_of(std::string_view name) noexcept;

// Every type here declares a constructor: GCC 12 destroys aggregates twice in a co_await expression.

/// A message to be stored.
struct outbox_item {
    outbox_item() = default;

    std::string key;     ///< the caller's; a second item with it is the same message
    std::string msg_id;  ///< the message's id, chosen before it is stored
    std::string account; ///< name of the account that sends it, and so of its lane; never a token
    chat to;
    std::string body;                  ///< the request's body as it will be sent
    std::string digest;                ///< of account, chat and message without its id: shows another message
    std::chrono::milliseconds delay{}; ///< not sent before
    int priority = 0;                  ///< higher ones first; within one in the order of storing
};

/// What became of an item.
enum class enqueue_outcome : std::uint8_t {
    created,  ///< it is stored
    known,    ///< its key was stored before, with the same message
    conflict, ///< its key was stored before, with another message; nothing was changed
};
/// The enumerator's name, e.g. "known". Errors: none. Thread safety: any thread. Lifetime: static.
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(enqueue_outcome o) noexcept;

/// A stored item.
struct enqueued_item {
    enqueued_item() = default;
    enqueued_item(enqueue_outcome what, std::string id) : outcome(what), msg_id(std::move(id)) {}

    enqueue_outcome outcome{};
    std::string msg_id; ///< the one stored first
};

/// Names one claim of a message. A worker whose claim was taken over has an older epoch.
struct outbox_ticket {
    outbox_ticket() = default;
    outbox_ticket(std::uint64_t row, std::uint32_t of) : id(row), epoch(of) {}
    bool operator==(const outbox_ticket&) const = default;

    std::uint64_t id = 0;
    std::uint32_t epoch = 0;
};

/// A message that a worker has claimed, or has to look up.
struct outbox_claim : outbox_ticket {
    outbox_claim() = default;

    std::string account;
    std::string msg_id;
    chat to;
    std::string body; ///< empty when it is to be looked up
};

/// What a worker asks for.
struct claim_request {
    claim_request() = default;

    std::string worker;                ///< a fresh name at each start of a worker
    std::vector<std::string> accounts; ///< those that it can send for
    std::size_t max = 50;
    std::chrono::milliseconds lease = std::chrono::seconds(30);
};

/// What a worker gets.
struct claim_batch {
    claim_batch() = default;

    std::vector<outbox_claim> claims;
    /// Until another message may be claimed: a delayed one, or by the lane's limit. Absent: nothing is queued.
    std::optional<std::chrono::milliseconds> wait;
};

/// The outcome of a claim.
struct settlement : outbox_ticket {
    enum class outcome : std::uint8_t {
        sent,     ///< success, or found
        failed,   ///< certainly not executed, and of no use to repeat
        unknown,  ///< maybe executed, and not found
        released, ///< certainly not executed: to be sent later
    };

    settlement() = default;
    settlement(const outbox_ticket& of, outcome as, std::string why = {})
        : outbox_ticket(of), what(as), reason(std::move(why)) {}

    outcome what{};
    std::string reason;                ///< unless sent: the error's `name`
    std::chrono::milliseconds delay{}; ///< of released: not sent before
};

/// A message in an outbox, without its body.
struct outbox_record {
    outbox_record() = default;

    std::uint64_t id = 0;
    std::string key;
    std::string msg_id;
    std::string account;
    chat to;
    outbox_state state{};
    std::uint32_t epoch = 0;
    std::uint32_t looks = 0;   ///< look-ups that did not find it, since it is `unknown`
    std::string reason;        ///< of failed and unknown: the error's `name`, "not_found" or "restored"
    std::uint64_t created = 0; ///< ms since the epoch
    std::uint64_t settled = 0; ///< ms since the epoch: sent, failed or unknown since; 0: none of them
    std::string worker;        ///< the last that claimed it
    bool resent = false;       ///< a person has sent it again
};

/// Selects messages.
struct outbox_filter {
    outbox_filter() = default;

    std::optional<outbox_state> state;
    std::optional<std::string> account;
    std::uint64_t after = 0; ///< only rows with a greater `id`
    std::size_t max = 1000;
};

/// Counts of an outbox.
struct outbox_counts {
    outbox_counts() = default;

    std::uint64_t queued = 0;
    std::uint64_t claimed = 0;
    std::uint64_t sending = 0;
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
    std::chrono::milliseconds oldest_queued{};  ///< since it could have been sent; 0: none is queued
    std::chrono::milliseconds oldest_unknown{}; ///< since it is unknown; 0: none is

    [[nodiscard]] std::uint64_t total() const noexcept { return queued + claimed + sending + sent + failed + unknown; }
};

/// Result of a request to send an unknown message again.
enum class resend_outcome : std::uint8_t {
    queued,      ///< it will be sent again
    not_found,   ///< there is no such message
    not_unknown, ///< its state is another one
    quarantined, ///< a worker might still send it: the quarantine is not over
};
/// The enumerator's name, e.g. "quarantined". Errors: none. Thread safety: any thread. Lifetime: static.
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(resend_outcome o) noexcept;

/// How fast the messages of an account may leave, over all workers together. In any span of `t` seconds at most
/// `burst + per_second * t` are claimed.
struct outbox_lane {
    outbox_lane() = default;
    outbox_lane(std::string of, double rate, std::uint32_t at_once = 1)
        : account(std::move(of)), per_second(rate), burst(at_once) {}

    std::string account;
    double per_second = 0; ///< 0: unlimited
    std::uint32_t burst = 1;
};

YUNHU_NAMESPACE_END
