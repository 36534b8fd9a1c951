// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/event.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace yunhu::inbox_soak {

/// What was said and what was heard of it. Checks with each event that nothing comes twice in the life of an inbox, out
/// of order, or under a wrong author, and at the end that nothing is missing but what a gap names.
class record {
public:
    struct told {
        std::uint64_t seq = 0;
        bool edited = false;
        bool recalled = false;
        std::size_t changed_after = 0; ///< as many gaps
        bool own = false;
        std::size_t life = 0; ///< of the inbox that heard it last; 0: none has
        bool heard_edit = false;
        bool heard_recall = false;
        std::size_t recall_life = 0;
        std::size_t edit_life = 0;
    };

    void said(const std::string& chat, const message& m, bool own);
    void edited(const std::string& msg_id) { changed(msg_id).edited = true; }
    void recalled(const std::string& msg_id) { changed(msg_id).recalled = true; }
    /// A new inbox goes on from saved cursors: it may hear again what the last one did not acknowledge.
    void new_life();

    void heard(const event& e);
    /// The gateway did not send that frame, or not as it was. On any thread.
    void destroyed(const std::string& frame);

    /// Messages, edits and recalls that were not heard and that no gap names.
    [[nodiscard]] std::size_t missing() const;
    [[nodiscard]] std::vector<std::string> name_missing(std::size_t most) const;
    [[nodiscard]] const std::vector<std::string>& violations() const noexcept { return violations_; }
    [[nodiscard]] std::size_t events() const noexcept { return events_; }
    [[nodiscard]] std::size_t again() const noexcept { return again_; } ///< heard by two lives
    /// Messages that were said and not heard yet.
    [[nodiscard]] std::size_t outstanding() const noexcept { return messages_.size() - heard_; }
    /// Those of messages.
    [[nodiscard]] std::size_t gaps() const noexcept;
    /// How many gaps have each reason.
    [[nodiscard]] std::map<std::string, std::size_t> gap_reasons() const;
    [[nodiscard]] const std::string& chat_of(const std::string& msg_id) const { return chats_.at(msg_id); }
    [[nodiscard]] const told& find(const std::string& msg_id) const { return messages_.at(msg_id); }

private:
    struct visitor;

    told& changed(const std::string& msg_id);
    void violate(std::string text);
    [[nodiscard]] bool named(const std::string& chat, std::uint64_t seq) const;
    [[nodiscard]] bool change_named(const std::string& chat, const told& t) const;
    [[nodiscard]] bool was_destroyed(const std::string& msg_id) const;
    template <class Each> void each_missing(Each each) const;

    std::unordered_map<std::string, told> messages_;
    std::unordered_map<std::string, std::string> chats_; ///< of messages
    std::map<std::string, std::uint64_t> last_;          ///< number per chat, in this life
    std::vector<gap_event> gaps_;
    std::unordered_map<std::string, std::size_t> last_gap_; ///< of a chat: its place among all
    std::vector<std::string> violations_;
    mutable std::mutex mutex_;
    std::vector<std::string> destroyed_; ///< nothing tells of a change that is not pushed
    std::size_t life_ = 1;
    std::size_t events_ = 0;
    std::size_t again_ = 0;
    std::size_t heard_ = 0; ///< messages
};

} // namespace yunhu::inbox_soak
