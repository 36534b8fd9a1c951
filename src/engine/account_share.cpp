// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/account_share.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using std::chrono::milliseconds;

namespace {

// FNV-1a. Each worker prefers other accounts, so that several that look at the same time seldom want the same ones.
std::uint64_t preference(std::string_view worker, std::string_view account) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325;
    const auto add = [&hash](std::string_view text) {
        for (const char c : text) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
        }
    };
    add(worker);
    add(std::string_view("\0", 1));
    add(account);
    return hash;
}

bool is_free(const lease_row& row, const std::string& self) noexcept {
    return row.owner.empty() || row.owner == self || row.left.count() <= 0;
}

std::size_t live_workers(const lease_view& view, const std::string& self) {
    const auto others = std::count_if(view.workers.begin(), view.workers.end(),
                                      [&self](const lease_worker& w) { return w.name != self && w.left.count() > 0; });
    return static_cast<std::size_t>(others) + 1;
}

/// Sorted so that the first ones are preferred.
std::vector<std::string> by_preference(const std::string& worker, const std::set<std::string>& accounts) {
    std::vector<std::pair<std::uint64_t, std::string>> ranked;
    ranked.reserve(accounts.size());
    for (const std::string& each : accounts) {
        ranked.emplace_back(preference(worker, each), each);
    }
    std::sort(ranked.begin(), ranked.end());
    std::vector<std::string> sorted;
    sorted.reserve(ranked.size());
    for (auto& [rank, account] : ranked) {
        sorted.push_back(std::move(account));
    }
    return sorted;
}

std::set<std::string> surplus_of(const account_share::own_state& own, std::size_t share) {
    std::set<std::string> kept;
    std::set_difference(own.held.begin(), own.held.end(), own.draining.begin(), own.draining.end(),
                        std::inserter(kept, kept.end()));
    std::set<std::string> surplus;
    const std::vector<std::string> ranked = by_preference(own.name, kept);
    for (std::size_t i = share; i < ranked.size(); ++i) {
        surplus.insert(ranked[i]);
    }
    return surplus;
}

// A lease that ends, or a worker that counts as dead then, is seen at once; a worker that comes within a third.
milliseconds next_look(const lease_view& view, const std::string& self, milliseconds lease) {
    milliseconds after = std::max(lease / 3, milliseconds(1));
    const auto ends_in = [&after](milliseconds left) {
        if (left.count() > 0) {
            after = std::min(after, left + milliseconds(1));
        }
    };
    for (const lease_row& row : view.rows) {
        if (!is_free(row, self)) {
            ends_in(row.left);
        }
    }
    for (const lease_worker& w : view.workers) {
        if (w.name != self) {
            ends_in(w.left);
        }
    }
    return after;
}

} // namespace

std::size_t account_share::share_of(std::size_t accounts, std::size_t live_workers) noexcept {
    const std::size_t n = std::max<std::size_t>(live_workers, 1);
    return accounts / n + (accounts % n == 0 ? 0 : 1);
}

account_share::decision account_share::decide(const lease_view& view, const own_state& own, milliseconds lease) {
    decision made;
    const std::size_t share = own.leaving ? 0 : share_of(view.rows.size(), live_workers(view, own.name));
    made.give_back = surplus_of(own, share);
    made.look_after = next_look(view, own.name, lease);
    if (own.held.size() >= share) {
        return made;
    }
    std::vector<std::pair<std::uint64_t, const lease_row*>> free;
    for (const lease_row& row : view.rows) {
        if (is_free(row, own.name) && !own.held.contains(row.account) && !own.excluded.contains(row.account)) {
            free.emplace_back(preference(own.name, row.account), &row);
        }
    }
    std::sort(free.begin(), free.end());
    free.resize(std::min(free.size(), share - own.held.size()));
    for (const auto& [rank, row] : free) {
        made.acquire.emplace_back(lease_change::action::acquire, row->account, row->epoch);
    }
    return made;
}

} // namespace engine
YUNHU_NAMESPACE_END
