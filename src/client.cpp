// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/client_core.hpp"

#include <yunhu/client.hpp>

#include <memory>
#include <utility>

YUNHU_NAMESPACE_BEGIN

struct client::handle {
    explicit handle(std::shared_ptr<detail::client_core> c) : core(std::move(c)) {}
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;
    ~handle() { core->close(); }

    std::shared_ptr<detail::client_core> core;
};

client::client(executor_type executor, client_config config)
    : source_(std::make_shared<detail::client_core>(std::move(executor), std::move(config))),
      handle_(std::make_shared<handle>(source_.core)) {}

client::executor_type client::get_executor() const noexcept {
    return source_.core->executor();
}

client client::with_token(const secret& token) const {
    client other = *this;
    other.source_.account = std::make_shared<const detail::credentials>(source_.core->make_credentials(token));
    return other;
}

client client::with_tokens(std::shared_ptr<token_provider> tokens) const {
    client other = *this;
    other.source_.account = source_.core->make_renewed(std::move(tokens));
    return other;
}

client_stats client::stats() const {
    return source_.core->stats();
}

void detail::library_was_built_with(boost_version<BOOST_VERSION / 100>, used_rtti, used_threads, used_epoll,
                                    used_eventfd, used_io_uring, used_handler_tracking, used_containers) noexcept {}

YUNHU_NAMESPACE_END
