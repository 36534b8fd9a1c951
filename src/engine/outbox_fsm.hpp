// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/outbox_types.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// A time of a store's own clock, since its epoch. Workers have durations only: their clocks differ.
using store_time = std::chrono::milliseconds;

/// The life of a message in an outbox. Pure: each input has the store's time, and says whether it was accepted; one
/// that is not accepted changes nothing.
///
///     queued ──claim──► claimed ──mark──► sending ──settle──► sent | failed | unknown
///        ▲                 │                 │                                   │
///        ├──── overdue ────┘                 └─ overdue: taken over, LOOKED UP ──┤
///        ├──── released, by the worker of the send: nothing has left ◄───────────┤
///        └──── resend, by a person, after the quarantine ◄───────────────────────┘
///
/// Two invariants, whatever dies. A: no request leaves before `mark` was accepted and stored. B: a message that was
/// `sending` becomes `queued` only on proof that nothing has left. Leases say when another worker looks; safety does
/// not rest on them.
///
/// Every input of a worker names the epoch of its claim. "Sent" is true whoever says it, also late; "failed" and
/// "released" are proofs about one send, and count only from the worker of that send.
class outbox_fsm {
public:
    /// What a store keeps.
    struct life {
        outbox_state state = outbox_state::queued;
        std::uint32_t epoch = 0;      ///< of the last claim or take-over
        std::uint32_t send_epoch = 0; ///< of the last mark; 0: never marked, or released since
        bool resent = false;          ///< an earlier send may have left
        store_time not_before{};      ///< queued: not claimed earlier
        store_time lease{};           ///< claimed, sending: until when; later the end of the last one
        std::uint32_t looks = 0;      ///< unknown: look-ups that did not find it
        store_time look_at{};         ///< unknown: the next one; `never` after the last
        store_time settled{};         ///< sent, failed, unknown: since when

        bool operator==(const life&) const = default;
    };

    static constexpr store_time never = store_time::max();

    enum class overdue_action : std::uint8_t {
        none,
        requeue, ///< it has not left: another worker may claim it
        look_up, ///< it may have left: the worker that took it over looks it up
    };

    outbox_fsm() = default;
    explicit outbox_fsm(const life& of) : life_(of) {}

    /// A worker takes a queued message. Its epoch is then `now_in().epoch`.
    bool claim(store_time now, std::chrono::milliseconds lease) noexcept;
    /// The worker of the claim asks to send.
    bool mark(std::uint32_t epoch, store_time now, std::chrono::milliseconds lease) noexcept;
    /// The worker of the claim goes on.
    bool renew(std::uint32_t epoch, store_time now, std::chrono::milliseconds lease) noexcept;
    /// A worker reports an outcome. `delay`: of a released one.
    bool settle(std::uint32_t epoch, settlement::outcome as, store_time now, std::chrono::milliseconds delay) noexcept;
    /// Any worker looks for what others left. `lease`: of the look-up.
    overdue_action overdue(store_time now, std::chrono::milliseconds lease) noexcept;
    /// A person sends an unknown message again.
    resend_outcome resend(store_time now, std::chrono::milliseconds quarantine) noexcept;
    /// The store was restored from a backup: what it calls queued may have left since.
    bool restored(store_time now) noexcept;

    [[nodiscard]] const life& now_in() const noexcept { return life_; }
    /// The message's body is of no further use.
    [[nodiscard]] bool is_done() const noexcept {
        return life_.state == outbox_state::sent || life_.state == outbox_state::failed;
    }

    /// The pause before the next look-up of an unknown message, after so many; none after the last.
    [[nodiscard]] static std::optional<std::chrono::milliseconds> look_pause(std::uint32_t looks) noexcept;

private:
    void requeue(store_time not_before) noexcept;
    void enter_unknown(store_time now) noexcept;
    bool settle_unknown(std::uint32_t epoch, store_time now) noexcept;

    life life_;
};

} // namespace engine
YUNHU_NAMESPACE_END
