// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/worker_core.hpp"

#include <yunhu/outbox_worker.hpp>

#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace detail {

void start_outbox_worker(std::shared_ptr<outbox_worker_core> core, outbox_handler done) {
    core->begin(std::move(done));
}

asio::awaitable<outbox_summary> await_outbox_worker(std::shared_ptr<outbox_worker_core> core) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(error_code, outbox_summary)>(
        initiate_outbox_worker(), asio::use_awaitable, std::move(core));
}

} // namespace detail

outbox_worker::outbox_worker(client through, std::shared_ptr<outbox_store> store, outbox_worker_options options)
    : core_(std::make_shared<detail::outbox_worker_core>(std::move(through), std::move(store), std::move(options))) {}

void outbox_worker::stop() {
    core_->stop();
}

outbox_worker_stats outbox_worker::stats() const {
    return core_->stats();
}

YUNHU_NAMESPACE_END
