// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "record.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace yunhu::inbox_soak {

struct record::visitor {
    record& r;

    void operator()(const message_event& e) const {
        told& t = r.messages_.at(e.message.msg_id);
        const std::string& where = r.chats_.at(e.message.msg_id);
        if (t.life == r.life_) {
            r.violate("twice: " + e.message.msg_id);
        }
        r.heard_ += t.life == 0 ? 1 : 0;
        r.again_ += t.life != 0 && t.life != r.life_ ? 1 : 0;
        t.life = r.life_;
        t.heard_edit = t.heard_edit || e.message.edit_time != 0;
        std::uint64_t& last = r.last_[where];
        if (e.message.msg_seq <= last) {
            r.violate("out of order: " + where + " " + std::to_string(e.message.msg_seq) + " after " +
                      std::to_string(last));
        }
        last = e.message.msg_seq;
        if (e.own != t.own) {
            r.violate("own is wrong: " + e.message.msg_id);
        }
        if (e.chat.id != where) {
            r.violate("wrong chat: " + e.message.msg_id);
        }
    }
    void operator()(const edit_event& e) const {
        told& t = r.messages_.at(e.message.msg_id);
        if (t.life == 0) {
            r.violate("an edit before its message: " + e.message.msg_id);
        }
        if (t.edit_life == r.life_) {
            r.violate("an edit twice: " + e.message.msg_id);
        }
        t.edit_life = r.life_;
        t.heard_edit = t.heard_edit || e.message.edit_time != 0;
    }
    void operator()(const recall_event& e) const {
        told& t = r.messages_.at(e.message.msg_id);
        if (t.recall_life == r.life_) {
            r.violate("a recall twice: " + e.message.msg_id);
        }
        t.recall_life = r.life_;
        t.heard_recall = true;
        if (t.life == 0) { // recalled before it was heard: it comes in the message's place
            t.life = r.life_;
            ++r.heard_;
        }
    }
    void operator()(const gap_event& e) const {
        r.gaps_.push_back(e);
        r.last_gap_[e.chat.id] = r.gaps_.size();
    }
    template <class Other> void operator()(const Other& /*other*/) const {}
};

void record::said(const std::string& chat, const message& m, bool own) {
    told t;
    t.seq = m.msg_seq;
    t.own = own;
    messages_.emplace(m.msg_id, t);
    chats_.emplace(m.msg_id, chat);
}

record::told& record::changed(const std::string& msg_id) {
    told& t = messages_.at(msg_id);
    t.changed_after = gaps_.size();
    return t;
}

void record::new_life() {
    ++life_;
    last_.clear();
}

void record::heard(const event& e) {
    ++events_;
    std::visit(visitor{*this}, e);
}

std::size_t record::gaps() const noexcept {
    return static_cast<std::size_t>(std::count_if(gaps_.begin(), gaps_.end(), [](const gap_event& g) {
        return g.reason != gap_reason::changes && !g.chat.id.empty();
    }));
}

std::map<std::string, std::size_t> record::gap_reasons() const {
    std::map<std::string, std::size_t> made;
    for (const gap_event& g : gaps_) {
        ++made[std::string(to_string(g.reason))];
    }
    return made;
}

void record::destroyed(const std::string& frame) {
    const std::lock_guard lock(mutex_);
    destroyed_.push_back(frame);
}

bool record::was_destroyed(const std::string& msg_id) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(destroyed_.begin(), destroyed_.end(),
                       [&](const std::string& frame) { return frame.find(msg_id) != std::string::npos; });
}

void record::violate(std::string text) {
    constexpr std::size_t most = 100;
    if (violations_.size() < most) {
        violations_.push_back(std::move(text));
    }
}

bool record::named(const std::string& chat, std::uint64_t seq) const {
    return std::any_of(gaps_.begin(), gaps_.end(), [&](const gap_event& g) {
        return g.chat.id == chat && g.reason != gap_reason::changes && g.from_seq <= seq &&
               (g.to_seq == 0 || seq <= g.to_seq);
    });
}

/// A gap that was told before the change does not name it.
bool record::change_named(const std::string& chat, const told& t) const {
    const auto found = last_gap_.find(chat);
    return found != last_gap_.end() && found->second > t.changed_after;
}

template <class Each> void record::each_missing(Each each) const {
    for (const auto& [id, t] : messages_) {
        const std::string& where = chats_.at(id);
        if (t.life == 0 && !named(where, t.seq)) {
            each("message " + id + " (" + where + " " + std::to_string(t.seq) + ")");
        } else if (t.recalled && !t.heard_recall && !change_named(where, t) && !was_destroyed(id)) {
            each("recall of " + id + " (" + where + " " + std::to_string(t.seq) + ")");
        } else if (t.edited && !t.recalled && !t.heard_edit && !change_named(where, t) && !was_destroyed(id)) {
            each("edit of " + id + " (" + where + " " + std::to_string(t.seq) + ")");
        }
    }
}

std::size_t record::missing() const {
    std::size_t count = 0;
    each_missing([&](const std::string&) { ++count; });
    return count;
}

std::vector<std::string> record::name_missing(std::size_t most) const {
    std::vector<std::string> made;
    each_missing([&](std::string text) {
        if (made.size() < most) {
            made.push_back(std::move(text));
        }
    });
    return made;
}

} // namespace yunhu::inbox_soak
