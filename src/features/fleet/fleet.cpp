// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/fleet.hpp>

#include "features/fleet/fleet_core.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN

std::string_view to_string(fleet_change c) noexcept {
    switch (c) {
    case fleet_change::acquired:
        return "acquired";
    case fleet_change::taken_over:
        return "taken_over";
    case fleet_change::given_back:
        return "given_back";
    case fleet_change::lost:
        return "lost";
    }
    return "unknown";
}

namespace detail {

void start_fleet(std::shared_ptr<fleet_core> core, fleet_completion done) {
    core->begin(std::move(done));
}

asio::awaitable<fleet_summary> await_fleet(std::shared_ptr<fleet_core> core) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(error_code, fleet_summary)>(
        initiate_fleet(), asio::use_awaitable, std::move(core));
}

} // namespace detail

boost::asio::awaitable<std::optional<fleet_event>> held_inbox::next() {
    return account_->next();
}

void held_inbox::acknowledge(const event& done) {
    account_->acknowledge(done);
}

const std::string& held_inbox::name() const noexcept {
    return account_->ticket().account;
}

const client& held_inbox::through() const noexcept {
    return account_->account().through;
}

std::uint32_t held_inbox::epoch() const noexcept {
    return account_->ticket().epoch;
}

bool held_inbox::held() const noexcept {
    return !account_->is_lost() && !account_->is_draining() && !account_->is_over(detail::boot_now());
}

fleet::fleet(boost::asio::any_io_executor executor, std::shared_ptr<lease_store> store, fleet_options options)
    : core_(std::make_shared<detail::fleet_core>(std::move(executor), std::move(store), std::move(options))) {}

void fleet::stop() {
    core_->stop();
}

fleet_stats fleet::stats() const {
    return core_->stats();
}

YUNHU_NAMESPACE_END
