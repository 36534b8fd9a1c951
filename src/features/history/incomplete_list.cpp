// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/incomplete_list.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

failure incomplete_list(call_info last, std::string why, const skipped_records& skipped) {
    last.detail = std::move(why);
    if (skipped.without_seq > 0) {
        last.detail += "; without msg_seq: " + std::to_string(skipped.without_seq);
    }
    if (skipped.unreadable > 0) {
        last.detail += "; unreadable: " + std::to_string(skipped.unreadable);
    }
    return {errc::incomplete_list, std::move(last)};
}

} // namespace detail
YUNHU_NAMESPACE_END
