// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/testing/emulator.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// Number of an account, from 0.
using account_index = std::uint32_t;

/// The accounts, groups and bots of the emulated service. No I/O, no lock.
class directory {
public:
    /// Throws `std::invalid_argument` if the id is empty or in use, or the token, the e-mail address or the mobile
    /// number is in use.
    account_index add(account added);
    void add(group_profile added);
    /// Throws `std::invalid_argument` if the id is empty.
    void add(bot_profile added);

    [[nodiscard]] std::size_t size() const { return accounts_.size(); }
    [[nodiscard]] const account& at(account_index index) const { return accounts_.at(index); }
    [[nodiscard]] std::optional<account_index> with_token(std::string_view token) const;
    [[nodiscard]] std::optional<account_index> with_id(const std::string& user_id) const;
    /// The account with that e-mail address, or with that mobile number.
    [[nodiscard]] std::optional<account_index> with_email(std::string_view email) const;
    [[nodiscard]] std::optional<account_index> with_mobile(std::string_view mobile) const;
    /// Replaces the account's token; empty: none is valid.
    void set_token(account_index index, secret token);
    void set_password(account_index index, secret password) { accounts_.at(index).password = std::move(password); }
    /// The account with that name, else with that id.
    [[nodiscard]] std::optional<account_index> named(const std::string& name) const;

    /// Null if it is not declared.
    [[nodiscard]] const group_profile* find_group(const std::string& id) const;
    [[nodiscard]] const bot_profile* find_bot(const std::string& id) const;
    [[nodiscard]] const std::map<std::string, group_profile>& groups() const { return groups_; }
    [[nodiscard]] const std::map<std::string, bot_profile>& bots() const { return bots_; }
    /// The user ids of a group's members, the accounts' in the order in which they were added.
    [[nodiscard]] std::vector<std::string> members_of(const std::string& group_id) const;
    /// Declares the group if it is not, with everyone as a member.
    [[nodiscard]] group_profile& declared(const std::string& group_id);
    void remove_group(const std::string& id) { groups_.erase(id); }
    [[nodiscard]] bool is_owner(const std::string& group_id, const std::string& user_id) const;

    [[nodiscard]] bool is_bot(const std::string& id) const { return bots_.count(id) != 0; }
    /// Of a user, a group or a bot; its id if it is not declared.
    [[nodiscard]] std::string name_of(chat_type type, const std::string& id) const;
    /// True in a group that is not declared.
    [[nodiscard]] bool is_member(const std::string& group_id, const std::string& user_id) const;
    [[nodiscard]] bool is_admin(const std::string& group_id, const std::string& user_id) const;

private:
    std::vector<account> accounts_;
    struct by_text {
        using is_transparent = void;
        static std::string_view text(std::string_view t) noexcept { return t; }
        static std::string_view text(const yunhu::detail::secret_bytes& t) noexcept {
            return yunhu::detail::view_of(t);
        }
        bool operator()(const auto& a, const auto& b) const noexcept { return text(a) < text(b); }
    };
    std::map<yunhu::detail::secret_bytes, account_index, by_text> by_token_;
    std::unordered_map<std::string, account_index> by_id_;
    std::map<std::string, group_profile> groups_;
    std::map<std::string, bot_profile> bots_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
