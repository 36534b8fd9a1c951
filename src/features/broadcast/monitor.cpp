// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/monitor.hpp"

#include <mutex>
#include <utility>

YUNHU_NAMESPACE_BEGIN

std::string_view to_string(broadcast_state s) noexcept {
    switch (s) {
    case broadcast_state::sent:
        return "sent";
    case broadcast_state::failed:
        return "failed";
    case broadcast_state::unknown:
        return "unknown";
    case broadcast_state::duplicate:
        return "duplicate";
    }
    return "unknown";
}

std::string_view to_string(broadcast_end e) noexcept {
    switch (e) {
    case broadcast_end::finished:
        return "finished";
    case broadcast_end::stopped:
        return "stopped";
    case broadcast_end::cancelled:
        return "cancelled";
    case broadcast_end::failed:
        return "failed";
    }
    return "unknown";
}

double broadcast_progress::per_second() const noexcept {
    const double seconds = std::chrono::duration<double>(elapsed).count();
    return seconds > 0 ? static_cast<double>(done() - earlier) / seconds : 0;
}

broadcast_targets::broadcast_targets(std::vector<chat> list)
    : list_(std::make_shared<const std::vector<chat>>(std::move(list))), total_(list_->size()) {
    next_ = [all = list_, at = std::size_t{0}]() mutable {
        return at < all->size() ? std::optional((*all)[at++]) : std::nullopt;
    };
}

void detail::fill(broadcast_progress& into, const broadcast_monitor::shared& from) noexcept {
    const std::uint64_t known_total = from.total.load();
    into.total = known_total == broadcast_monitor::shared::none ? std::nullopt : std::optional(known_total);
    into.earlier = from.earlier.load(); // first: `done` is never less
    into.sent = from.sent.load();
    into.failed = from.failed.load();
    into.unknown = from.unknown.load();
    into.duplicates = from.duplicates.load();
    into.in_flight = from.in_flight.load();
    into.requests = from.requests.load();
    into.lookups = from.lookups.load();
    const auto began = from.began.load();
    const auto ended = from.ended.load();
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    into.elapsed = std::chrono::steady_clock::duration(began == 0 ? 0 : (ended == 0 ? now : ended) - began);
    const auto paused_until = from.paused_until.load();
    into.pause = std::chrono::steady_clock::duration(ended == 0 && paused_until > now ? paused_until - now : 0);
}

broadcast_monitor::broadcast_monitor() : shared_(std::make_shared<shared>()) {}

broadcast_progress broadcast_monitor::progress() const {
    broadcast_progress p;
    detail::fill(p, *shared_);
    return p;
}

void broadcast_monitor::stop() const {
    shared_->stop = true;
    const std::lock_guard lock(shared_->mutex);
    if (shared_->on_stop) {
        shared_->on_stop();
    }
}

YUNHU_NAMESPACE_END
