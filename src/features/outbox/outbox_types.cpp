// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/outbox_store.hpp>
#include <yunhu/outbox_types.hpp>

YUNHU_NAMESPACE_BEGIN

std::string_view to_string(outbox_state s) noexcept {
    switch (s) {
    case outbox_state::queued:
        return "queued";
    case outbox_state::claimed:
        return "claimed";
    case outbox_state::sending:
        return "sending";
    case outbox_state::sent:
        return "sent";
    case outbox_state::failed:
        return "failed";
    case outbox_state::unknown:
        return "unknown";
    }
    return "unknown";
}

std::optional<outbox_state> outbox_state_of(std::string_view name) noexcept {
    for (const outbox_state s : {outbox_state::queued, outbox_state::claimed, outbox_state::sending, outbox_state::sent,
                                 outbox_state::failed, outbox_state::unknown}) {
        if (to_string(s) == name) {
            return s;
        }
    }
    return std::nullopt;
}

std::string_view to_string(enqueue_outcome o) noexcept {
    switch (o) {
    case enqueue_outcome::created:
        return "created";
    case enqueue_outcome::known:
        return "known";
    case enqueue_outcome::conflict:
        return "conflict";
    }
    return "conflict";
}

std::string_view to_string(resend_outcome o) noexcept {
    switch (o) {
    case resend_outcome::queued:
        return "queued";
    case resend_outcome::not_found:
        return "not_found";
    case resend_outcome::not_unknown:
        return "not_unknown";
    case resend_outcome::quarantined:
        return "quarantined";
    }
    return "not_found";
}

outbox_store::~outbox_store() = default;

YUNHU_NAMESPACE_END
