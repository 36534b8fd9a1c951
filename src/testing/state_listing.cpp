// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The queries of the state.

#include "testing/state.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

constexpr std::size_t max_by_seq = 31;
constexpr std::size_t max_unread = 99;

std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t sum = a + b;
    return sum < a ? std::numeric_limits<std::uint64_t>::max() : sum;
}

// The visible messages from `first` in the direction of `step`, at most `count`.
std::vector<const stored_message*> run(const conversation& in, account_index account, std::size_t first,
                                       std::ptrdiff_t step, std::uint64_t count) {
    std::vector<const stored_message*> found;
    for (auto i = static_cast<std::ptrdiff_t>(first); i >= 0 && i < std::ssize(in.messages) && found.size() < count;
         i += step) {
        if (const stored_message& each = in.messages[static_cast<std::size_t>(i)]; each.visible_to(account)) {
            found.push_back(&each);
        }
    }
    return found;
}

} // namespace

listing state::before(account_index account, const chat& in, const std::string& cursor, std::uint64_t count) const {
    if (count == 0) {
        return {bad_parameters, {}};
    }
    const conversation* found = find(id_of(account), in);
    std::size_t end = found == nullptr ? 0 : found->messages.size();
    if (!cursor.empty()) {
        const position* at = find(account, in, cursor); // also of a message that the account deleted
        if (at == nullptr) {
            return {no_such_message, {}};
        }
        end = at->index;
    }
    return end == 0 ? listing{} : listing{success, run(*found, account, end - 1, -1, count)};
}

listing state::since(account_index account, const chat& in, std::uint64_t seq) const {
    listing page;
    const conversation* found = find(id_of(account), in);
    if (found == nullptr || found->messages.size() <= seq) {
        return page;
    }
    page.messages = run(*found, account, found->messages.size() - 1, -1, max_by_seq);
    std::erase_if(page.messages, [seq](const stored_message* each) { return each->message.msg_seq() <= seq; });
    return page;
}

listing state::around(account_index account, const chat& in, const std::string& msg_id, extent wanted) const {
    if (wanted.newer == 0 && wanted.earlier == 0) {
        return {bad_parameters, {}};
    }
    const position* at = find(account, in, msg_id);
    if (at == nullptr || !at->get().visible_to(account)) {
        return {};
    }
    return around(account, *at->in, at->index, wanted);
}

listing state::around(account_index account, const chat& in, std::uint64_t seq, extent wanted) const {
    if (wanted.newer == 0 && wanted.earlier == 0) {
        return {bad_parameters, {}};
    }
    const conversation* found = find(id_of(account), in);
    if (found == nullptr || found->messages.empty()) {
        return {};
    }
    const auto nearest = std::clamp<std::uint64_t>(seq, 1, found->messages.size());
    return around(account, *found, static_cast<std::size_t>(nearest - 1), wanted);
}

listing state::around(account_index account, const conversation& in, std::size_t target, extent wanted) {
    auto newer = run(in, account, target + 1, 1, wanted.newer); // the nearest first
    auto older = target == 0 ? decltype(newer)()
                             : run(in, account, target - 1, -1,
                                   wanted.order == mid_seq_order::any_position ? wanted.newer : wanted.earlier);
    if (wanted.order == mid_seq_order::any_position) {
        // With an even index the target is the newest of the page, else in the middle.
        std::uint64_t older_wanted = target % 2 == 0 ? wanted.newer : wanted.newer / 2;
        older_wanted = std::min<std::uint64_t>(older_wanted, older.size());
        newer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(newer.size(), wanted.newer - older_wanted)));
        older.resize(static_cast<std::size_t>(std::min<std::uint64_t>(older.size(), wanted.newer - newer.size())));
    }
    listing page;
    page.messages.assign(newer.rbegin(), newer.rend());
    if (in.messages[target].visible_to(account)) {
        page.messages.push_back(&in.messages[target]);
    }
    page.messages.insert(page.messages.end(), older.begin(), older.end());
    return page;
}

listing state::pictures(account_index account, const chat& in, std::uint64_t seq, std::uint64_t earlier,
                        std::uint64_t later) const {
    const conversation* found = find(id_of(account), in);
    if (found == nullptr) {
        return {};
    }
    const auto message_at = [found, account](std::size_t index) -> const stored_message* {
        const stored_message& each = found->messages[index];
        return !each.visible_to(account) || each.message.msg_delete_time() != 0 ? nullptr : &each;
    };
    const auto& all = found->pictures;
    const auto target = std::lower_bound(all.begin(), all.end(), seq,
                                         [](std::size_t index, std::uint64_t wanted) { return index + 1 < wanted; });
    std::vector<const stored_message*> upwards; // the picture itself and later ones
    const bool there = target != all.end() && *target + 1 == seq && message_at(*target) != nullptr;
    const std::uint64_t max_upwards = saturated_sum(later, there ? 1 : 0);
    for (auto at = target; at != all.end() && upwards.size() < max_upwards; ++at) {
        if (const stored_message* message = message_at(*at); message != nullptr) {
            upwards.push_back(message);
        }
    }
    listing page;
    page.messages.assign(upwards.rbegin(), upwards.rend());
    for (auto at = target; at != all.begin() && page.messages.size() - upwards.size() < earlier; --at) {
        if (const stored_message* message = message_at(*std::prev(at)); message != nullptr) {
            page.messages.push_back(message);
        }
    }
    return page;
}

listing state::updates(account_index account, const chat& in, std::uint64_t time, std::uint64_t count) const {
    if (count == 0) {
        return {bad_parameters, {}};
    }
    listing page;
    const conversation* found = find(id_of(account), in);
    for (std::size_t block = 0; found != nullptr && block < found->last_change.size(); ++block) {
        if (found->last_change[block] <= time) {
            continue;
        }
        const std::size_t end = std::min(found->messages.size(), (block + 1) * changes_block);
        for (std::size_t i = block * changes_block; i < end; ++i) {
            if (const stored_message& each = found->messages[i]; each.visible_to(account) && each.changed() > time) {
                page.messages.push_back(&each);
            }
        }
    }
    std::ranges::sort(page.messages, {},
                      [](const stored_message* each) { return std::pair(each->changed(), each->message.msg_seq()); });
    page.messages.resize(static_cast<std::size_t>(std::min<std::uint64_t>(page.messages.size(), count)));
    return page;
}

std::vector<conversation_entry> state::conversations(account_index account) const {
    std::vector<conversation_entry> all;
    for (const auto& [key, in] : conversations_) {
        conversation_entry entry;
        entry.in = &in;
        if (!has(account, in)) {
            continue;
        }
        const auto newest = run(in, account, in.messages.size() - 1, -1, max_unread);
        if (newest.empty()) {
            continue;
        }
        entry.last = newest.front();
        entry.changed = *std::ranges::max_element(in.last_change);
        for (const stored_message* each : newest) {
            if (each->author == account) {
                break;
            }
            const auto& mentioned = each->message.content().mentioned_id();
            entry.mentioned = entry.mentioned || std::ranges::find(mentioned, id_of(account)) != mentioned.end();
            ++entry.unread;
        }
        all.push_back(entry);
    }
    const auto order = [](const conversation_entry& e) {
        return std::pair(e.changed, e.in->first + '\n' + e.in->second);
    };
    std::ranges::sort(all, std::ranges::greater(), order);
    return all;
}

edit_listing state::edits(account_index account, const std::string& msg_id, std::uint64_t size,
                          std::uint64_t page) const {
    if (msg_id.empty() || size == 0 || page == 0) {
        return {bad_parameters, 0, {}};
    }
    const position* at = find(msg_id);
    if (at == nullptr || !has(account, *at->in) || !at->get().visible_to(account)) {
        return {no_such_message, 0, {}};
    }
    edit_listing found;
    const auto records = edits_.find(msg_id);
    if (records == edits_.end()) {
        return found;
    }
    const auto& all = records->second;
    found.total = all.size();
    if (page - 1 > all.size() / size) {
        return found;
    }
    const auto skip = static_cast<std::size_t>((page - 1) * size);
    for (std::size_t i = skip; i < all.size() && found.records.size() < size; ++i) {
        found.records.push_back(&all[all.size() - 1 - i]);
    }
    return found;
}

std::vector<const stored_message*> state::all(account_index viewer, const chat& in) const {
    std::vector<const stored_message*> messages;
    if (const conversation* found = find(id_of(viewer), in); found != nullptr) {
        for (const stored_message& each : found->messages) {
            if (!each.erased) {
                messages.push_back(&each);
            }
        }
    }
    return messages;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
