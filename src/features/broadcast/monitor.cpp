// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/monitor.hpp"

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

void broadcast_monitor::shared::fill(broadcast_progress& into) const noexcept {
    const std::uint64_t known_total = total.load();
    into.total = known_total == none ? std::nullopt : std::optional(known_total);
    into.earlier = earlier.load(); // first: `done` is never less
    into.sent = sent.load();
    into.failed = failed.load();
    into.unknown = unknown.load();
    into.duplicates = duplicates.load();
    into.in_flight = in_flight.load();
    into.requests = requests.load();
    into.lookups = lookups.load();
    const auto from = began.load();
    const auto to = ended.load();
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    into.elapsed = std::chrono::steady_clock::duration(from == 0 ? 0 : (to == 0 ? now : to) - from);
}

broadcast_monitor::broadcast_monitor() : shared_(std::make_shared<shared>()) {}

broadcast_progress broadcast_monitor::progress() const {
    broadcast_progress p;
    shared_->fill(p);
    return p;
}

void broadcast_monitor::stop() const {
    shared_->stop = true;
}

YUNHU_NAMESPACE_END
