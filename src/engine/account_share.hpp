// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/lease_types.hpp>

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Which accounts a worker of a fleet hears. Pure: what the store shows goes in, what the worker does comes out. Two
/// workers may decide for the same account; the epoch lets one of them succeed.
///
/// Each worker holds at most ceil(accounts / live workers). Accounts that are free (released, or of a dead worker) are
/// acquired up to that share. A surplus, after another worker has come, is given back: the session ends in an orderly
/// way, and the lease is renewed until it has.
struct account_share {
    /// What the worker knows of itself.
    struct own_state {
        std::string name;
        std::set<std::string> held;     ///< accounts that it hears
        std::set<std::string> draining; ///< of those, the ones that it is giving back
        std::set<std::string> excluded; ///< not to be acquired: an earlier session has not ended yet
        bool leaving = false;           ///< the worker is to stop
    };

    struct decision {
        std::vector<lease_change> acquire;
        std::set<std::string> give_back;
        /// The next look is due after so long: something may be free then.
        std::chrono::milliseconds look_after{};
    };

    /// `lease`: of the worker. Throws `std::bad_alloc` only.
    [[nodiscard]] static decision decide(const lease_view& view, const own_state& own, std::chrono::milliseconds lease);

    /// The most that a worker holds.
    [[nodiscard]] static std::size_t share_of(std::size_t accounts, std::size_t live_workers) noexcept;
};

} // namespace engine
YUNHU_NAMESPACE_END
