// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_state.hpp"

YUNHU_NAMESPACE_BEGIN
namespace detail {

void journal_state::apply(const journal_record& record) {
    target_state& k = targets_[record.index];
    switch (record.what) {
    case journal_record::kind::started:
        k.target = static_cast<std::uint32_t>(hash_(record.target));
        k.state = last::started;
        unfinished_[record.index] = {record.msg_id, {}};
        break;
    case journal_record::kind::sent:
        k.state = last::sent;
        unfinished_.erase(record.index);
        break;
    case journal_record::kind::released:
        k.state = last::nothing;
        unfinished_.erase(record.index);
        break;
    case journal_record::kind::failed:
        k.state = last::failed;
        unfinished_[record.index].reason = record.reason;
        break;
    case journal_record::kind::unknown:
        k.state = last::unknown;
        unfinished_[record.index].reason = record.reason;
        break;
    }
}

journal_state::last journal_state::of(std::uint64_t index) const noexcept {
    const auto found = targets_.find(index);
    return found == targets_.end() ? last::nothing : found->second.state;
}

bool journal_state::matches(std::uint64_t index, const chat& target) const noexcept {
    const auto found = targets_.find(index);
    return found == targets_.end() || found->second.target == static_cast<std::uint32_t>(hash_(target));
}

std::string journal_state::msg_id(std::uint64_t index) const {
    const auto found = unfinished_.find(index);
    return found == unfinished_.end() ? std::string() : found->second.msg_id;
}

std::string journal_state::reason(std::uint64_t index) const {
    const auto found = unfinished_.find(index);
    return found == unfinished_.end() ? std::string() : found->second.reason;
}

} // namespace detail
YUNHU_NAMESPACE_END
