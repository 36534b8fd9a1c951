// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/send_verdict.hpp"

YUNHU_NAMESPACE_BEGIN
namespace engine {

send_verdict verdict_of(const failure& f) noexcept {
    using message = send_verdict::message;
    using next = send_verdict::next;
    const bool hopeless = f.code == condition::authentication || f.code == errc::certificate_rejected ||
                          f.code == errc::proxy_unauthorized || f.code == errc::client_closed;
    const bool throttled = f.code == condition::throttled;
    switch (execution_of(f)) {
    case execution::executed:
        return {message::sent, next::go_on};
    case execution::maybe_executed:
        if (hopeless) {
            return {message::look_up, next::end};
        }
        return {message::look_up, throttled ? next::pause_lane : is_transient(f) ? next::pause : next::go_on};
    case execution::certainly_not_executed:
        break;
    }
    if (hopeless) {
        return {message::release, next::end};
    }
    if (throttled) {
        return {message::release, next::pause_lane};
    }
    if (is_cancelled(f)) {
        return {message::release, next::go_on};
    }
    if (is_transient(f) || f.delivery == delivery::not_sent) {
        // A request that does not pass validation is the only one that never leaves for its own reason.
        return f.code == errc::invalid_request ? send_verdict{message::failed, next::go_on}
                                               : send_verdict{message::release, next::pause};
    }
    return {message::failed, next::go_on};
}

} // namespace engine
YUNHU_NAMESPACE_END
