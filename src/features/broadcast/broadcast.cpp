// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/run.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>

#include <memory>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

void start_broadcast(client through, draft what, broadcast_targets to, broadcast_options options,
                     broadcast_handler done) {
    auto slot = asio::get_associated_cancellation_slot(done);
    const auto run = std::make_shared<broadcast_run>(std::move(through), std::move(what), std::move(to),
                                                     std::move(options), std::move(done));
    if (slot.is_connected()) {
        slot.assign([weak = std::weak_ptr(run)](asio::cancellation_type type) {
            const auto running = weak.lock();
            if (running && type != asio::cancellation_type::none) {
                running->cancel(type);
            }
        });
    }
    run->begin();
}

asio::awaitable<broadcast_summary> await_broadcast(client through, draft what, broadcast_targets to,
                                                   broadcast_options options) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(error_code, broadcast_summary)>(
        initiate_broadcast(), asio::use_awaitable, std::move(through), std::move(what), std::move(to),
        std::move(options));
}

} // namespace detail
YUNHU_NAMESPACE_END
