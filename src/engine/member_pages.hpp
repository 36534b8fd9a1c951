// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/profiles.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Decides which page of members is next and when the list ends. Pages are short at the end of the list; they are also
/// short if the server lists fewer per page than requested, which its count shows.
class member_pages {
public:
    explicit member_pages(std::uint32_t page_size) noexcept : size_(page_size) {}

    /// The page to request, from 1.
    [[nodiscard]] std::uint32_t page() const noexcept { return page_; }
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// Why the members may not be all, once; null: they are.
    [[nodiscard]] const char* take_incomplete() noexcept { return std::exchange(incomplete_, nullptr); }

    /// A page arrived; `total` 0: the server did not count. Returns the members that were not seen before.
    [[nodiscard]] std::vector<group_member> on_page(std::vector<group_member> listed, std::size_t unreadable,
                                                    std::uint64_t total);

private:
    std::uint32_t size_;
    std::uint32_t page_ = 1;
    bool ended_ = false;
    const char* incomplete_ = nullptr;
    std::unordered_set<std::string> seen_; ///< user ids
    std::size_t unreadable_ = 0;
    unsigned pages_without_news_ = 0; ///< consecutive
};

} // namespace engine
YUNHU_NAMESPACE_END
