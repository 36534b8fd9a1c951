// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/directory.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

account_index directory::add(account added) {
    if (added.user_id.empty()) {
        throw std::invalid_argument("account: user_id must not be empty");
    }
    if (by_id_.count(added.user_id) != 0) {
        throw std::invalid_argument("account: user_id " + added.user_id + " is in use");
    }
    if (!added.token.empty() && by_token_.contains(added.token.reveal())) {
        throw std::invalid_argument("account: the token of user_id " + added.user_id + " is in use");
    }
    if ((!added.email.empty() && with_email(added.email)) || (!added.mobile.empty() && with_mobile(added.mobile))) {
        throw std::invalid_argument("account: the email or mobile of user_id " + added.user_id + " is in use");
    }
    const auto index = static_cast<account_index>(accounts_.size());
    by_id_.emplace(added.user_id, index);
    if (!added.token.empty()) {
        const std::string_view token = added.token.reveal();
        by_token_.emplace(yunhu::detail::secret_bytes(token.begin(), token.end()), index);
    }
    accounts_.push_back(std::move(added));
    return index;
}

void directory::add(group_profile added) {
    std::string id = added.id;
    groups_.insert_or_assign(std::move(id), std::move(added));
}

void directory::add(bot_profile added) {
    if (added.id.empty()) {
        throw std::invalid_argument("bot: id must not be empty");
    }
    std::string id = added.id;
    bots_.insert_or_assign(std::move(id), std::move(added));
}

std::optional<account_index> directory::with_token(std::string_view token) const {
    const auto found = by_token_.find(token);
    return found == by_token_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<account_index> directory::with_id(const std::string& user_id) const {
    const auto found = by_id_.find(user_id);
    return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<account_index> directory::with_email(std::string_view email) const {
    const auto found = std::ranges::find(accounts_, email, &account::email);
    return found == accounts_.end() || email.empty()
               ? std::nullopt
               : std::optional(static_cast<account_index>(found - accounts_.begin()));
}

std::optional<account_index> directory::with_mobile(std::string_view mobile) const {
    const auto found = std::ranges::find(accounts_, mobile, &account::mobile);
    return found == accounts_.end() || mobile.empty()
               ? std::nullopt
               : std::optional(static_cast<account_index>(found - accounts_.begin()));
}

void directory::set_token(account_index index, secret token) {
    account& of = accounts_.at(index);
    if (const auto old = by_token_.find(of.token.reveal()); old != by_token_.end()) {
        by_token_.erase(old);
    }
    of.token = std::move(token);
    if (!of.token.empty()) {
        const std::string_view text = of.token.reveal();
        by_token_.emplace(yunhu::detail::secret_bytes(text.begin(), text.end()), index);
    }
}

std::optional<account_index> directory::named(const std::string& name) const {
    const auto found = std::ranges::find(accounts_, name, &account::name);
    return found == accounts_.end() ? with_id(name)
                                    : std::optional(static_cast<account_index>(found - accounts_.begin()));
}

std::string directory::name_of(chat_type type, const std::string& id) const {
    std::string name;
    if (type == chat_type::group) {
        const auto found = groups_.find(id);
        name = found == groups_.end() ? std::string() : found->second.name;
    } else if (type == chat_type::bot) {
        const auto found = bots_.find(id);
        name = found == bots_.end() ? std::string() : found->second.name;
    } else if (const auto found = with_id(id)) {
        name = at(*found).name;
    }
    return name.empty() ? id : name;
}

bool directory::is_member(const std::string& group_id, const std::string& user_id) const {
    const auto found = groups_.find(group_id);
    if (found == groups_.end() || found->second.members.empty()) {
        return true;
    }
    const std::vector<std::string>& members = found->second.members;
    return std::ranges::find(members, user_id) != members.end();
}

const group_profile* directory::find_group(const std::string& id) const {
    const auto found = groups_.find(id);
    return found == groups_.end() ? nullptr : &found->second;
}

const bot_profile* directory::find_bot(const std::string& id) const {
    const auto found = bots_.find(id);
    return found == bots_.end() ? nullptr : &found->second;
}

std::vector<std::string> directory::members_of(const std::string& group_id) const {
    const group_profile* const known = find_group(group_id);
    if (known != nullptr && !known->members.empty()) {
        return known->members;
    }
    std::vector<std::string> everyone;
    everyone.reserve(accounts_.size());
    for (const account& each : accounts_) {
        everyone.push_back(each.user_id);
    }
    return everyone;
}

group_profile& directory::declared(const std::string& group_id) {
    std::vector<std::string> members = members_of(group_id);
    group_profile& known = groups_[group_id];
    known.id = group_id;
    known.members = std::move(members);
    return known;
}

bool directory::is_owner(const std::string& group_id, const std::string& user_id) const {
    const group_profile* const known = find_group(group_id);
    return known != nullptr && known->owner == user_id;
}

bool directory::is_admin(const std::string& group_id, const std::string& user_id) const {
    const auto found = groups_.find(group_id);
    return found != groups_.end() && std::ranges::find(found->second.admins, user_id) != found->second.admins.end();
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
