// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/member_pages.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace engine {

std::vector<group_member> member_pages::on_page(std::vector<group_member> listed, std::size_t unreadable,
                                                std::uint64_t total) {
    constexpr unsigned max_pages_without_news = 16;
    const std::size_t on_page = listed.size() + unreadable;
    unreadable_ += unreadable;
    std::erase_if(listed, [this](const group_member& each) { return !seen_.insert(each.user.user_id).second; });
    pages_without_news_ = listed.empty() ? pages_without_news_ + 1 : 0;
    const std::uint64_t known = seen_.size() + unreadable_;
    if (on_page == 0 || (on_page < size_ && known >= total) || (total > 0 && known >= total)) {
        ended_ = true;
        if (unreadable_ > 0) {
            incomplete_ = "members were left out";
        } else if (known < total) {
            incomplete_ = "fewer members were listed than the server counts";
        }
    } else if (pages_without_news_ >= max_pages_without_news) {
        ended_ = true;
        incomplete_ = "the pages of members do not end";
    } else {
        ++page_;
    }
    return listed;
}

} // namespace engine
YUNHU_NAMESPACE_END
