// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/outbox_fsm.hpp"

#include <array>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using std::chrono::milliseconds;

std::optional<milliseconds> outbox_fsm::look_pause(std::uint32_t looks) noexcept {
    constexpr std::array<milliseconds, 3> pauses{std::chrono::seconds(10), std::chrono::minutes(1),
                                                 std::chrono::minutes(10)};
    return looks < pauses.size() ? std::optional(pauses[looks]) : std::nullopt;
}

bool outbox_fsm::claim(store_time now, milliseconds lease) noexcept {
    if (life_.state != outbox_state::queued || life_.not_before > now) {
        return false;
    }
    life_.state = outbox_state::claimed;
    ++life_.epoch;
    life_.lease = now + lease;
    return true;
}

bool outbox_fsm::mark(std::uint32_t epoch, store_time now, milliseconds lease) noexcept {
    if (life_.state != outbox_state::claimed || life_.epoch != epoch || life_.lease <= now) {
        return false;
    }
    life_.state = outbox_state::sending;
    life_.send_epoch = epoch;
    life_.lease = now + lease;
    return true;
}

bool outbox_fsm::renew(std::uint32_t epoch, store_time now, milliseconds lease) noexcept {
    const bool is_held = life_.state == outbox_state::claimed || life_.state == outbox_state::sending;
    if (!is_held || life_.epoch != epoch || life_.lease <= now) {
        return false;
    }
    life_.lease = now + lease;
    return true;
}

bool outbox_fsm::settle(std::uint32_t epoch, settlement::outcome as, store_time now, milliseconds delay) noexcept {
    const bool may_have_left = life_.state == outbox_state::sending || life_.state == outbox_state::unknown;
    const bool is_waiting = life_.state == outbox_state::queued || life_.state == outbox_state::claimed;
    const bool is_own_send = may_have_left && epoch != 0 && epoch == life_.send_epoch;
    switch (as) {
    case settlement::outcome::sent:
        // After a person's resend the late word of the first send spares the chat the second one.
        if (!may_have_left && !(is_waiting && life_.resent)) {
            return false;
        }
        life_.state = outbox_state::sent;
        life_.settled = now;
        return true;
    case settlement::outcome::failed:
        if (!is_own_send) {
            return false;
        }
        if (life_.resent) { // the second send proves nothing about the first
            enter_unknown(now);
            return true;
        }
        life_.state = outbox_state::failed;
        life_.settled = now;
        return true;
    case settlement::outcome::released:
        if (!is_own_send && !(life_.state == outbox_state::claimed && epoch == life_.epoch)) {
            return false;
        }
        requeue(now + delay);
        return true;
    case settlement::outcome::unknown:
        return settle_unknown(epoch, now);
    }
    return false;
}

bool outbox_fsm::settle_unknown(std::uint32_t epoch, store_time now) noexcept {
    if (epoch != life_.epoch) {
        return false;
    }
    if (life_.state == outbox_state::sending) {
        enter_unknown(now);
        return true;
    }
    if (life_.state != outbox_state::unknown) {
        return false;
    }
    ++life_.looks;
    const auto pause = look_pause(life_.looks);
    life_.look_at = pause ? now + *pause : never;
    return true;
}

outbox_fsm::overdue_action outbox_fsm::overdue(store_time now, milliseconds lease) noexcept {
    switch (life_.state) {
    case outbox_state::claimed:
        if (life_.lease > now) {
            return overdue_action::none;
        }
        requeue(now);
        return overdue_action::requeue;
    case outbox_state::sending:
        if (life_.lease > now) {
            return overdue_action::none;
        }
        ++life_.epoch;
        life_.lease = now + lease;
        return overdue_action::look_up;
    case outbox_state::unknown:
        if (life_.look_at > now) {
            return overdue_action::none;
        }
        ++life_.epoch;
        life_.look_at = now + lease; // if this worker dies, too
        return overdue_action::look_up;
    default:
        return overdue_action::none;
    }
}

resend_outcome outbox_fsm::resend(store_time now, milliseconds quarantine) noexcept {
    if (life_.state != outbox_state::unknown) {
        return resend_outcome::not_unknown;
    }
    if (now - life_.lease < quarantine) {
        return resend_outcome::quarantined;
    }
    life_.resent = true;
    requeue(now);
    return resend_outcome::queued;
}

bool outbox_fsm::restored(store_time now) noexcept {
    if (life_.state != outbox_state::queued && life_.state != outbox_state::claimed) {
        return false;
    }
    ++life_.epoch; // whoever holds a claim has it from the time before
    life_.send_epoch = 0;
    life_.lease = now;
    enter_unknown(now);
    life_.look_at = now;
    return true;
}

void outbox_fsm::requeue(store_time not_before) noexcept {
    life_.state = outbox_state::queued;
    ++life_.epoch; // nothing of the former claim counts any more
    life_.send_epoch = 0;
    life_.not_before = not_before;
    life_.looks = 0;
    life_.settled = store_time();
}

void outbox_fsm::enter_unknown(store_time now) noexcept {
    life_.state = outbox_state::unknown;
    life_.looks = 0;
    life_.look_at = now + *look_pause(0);
    life_.settled = now;
}

} // namespace engine
YUNHU_NAMESPACE_END
