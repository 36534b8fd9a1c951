// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "talk.hpp"

#include <yunhu/types.hpp>

#include <array>

namespace yunhu::inbox_soak {

void talk::act() {
    constexpr std::size_t percent = 100;
    constexpr std::size_t edits = 6;
    constexpr std::size_t recalls = 3;
    const std::size_t what = number(percent);
    if (recent_.empty() || what >= edits + recalls) {
        say();
    } else if (what < edits) {
        edit();
    } else {
        recall();
    }
}

void talk::say() {
    static constexpr std::array<const char*, 4> speakers{"1", "2", "3", "99"};
    const std::string who = speakers.at(number(speakers.size()));
    const chat where = group("chat-" + std::to_string(number(chats_)));
    const message m = server_.say(who, where, "text");
    record_.said(where.id, m, who == "1");
    constexpr std::size_t changeable = 500;
    if (recent_.size() < changeable) {
        recent_.push_back(m.msg_id);
    } else {
        recent_[next_recent_++ % changeable] = m.msg_id;
    }
}

void talk::edit() {
    const std::string id = any_message();
    // A second edit within the same millisecond could not be told from the first.
    if (record_.find(id).edited || record_.find(id).recalled) {
        return;
    }
    record_.edited(id);
    server_.edit(id, "edited");
}

void talk::recall() {
    const std::string id = any_message();
    if (!record_.find(id).recalled) {
        record_.recalled(id);
        server_.recall(id);
    }
}

void inject_faults(testing::emulator& into, double probability) {
    using action = testing::gateway_fault::action;
    for (const action what :
         {action::drop, action::duplicate, action::swap, action::truncate, action::as_text, action::insert}) {
        testing::gateway_fault f;
        f.what = what;
        f.on = "push_message";
        f.probability = probability;
        f.body = "garbage";
        into.inject(f);
    }
    constexpr double rare = 0.05; // each costs a connection
    for (const action what : {action::disconnect, action::reset, action::close, action::half_open, action::silence}) {
        testing::gateway_fault f;
        f.what = what;
        f.on = "push_message";
        f.probability = probability * rare;
        f.close_code = 1012;
        into.inject(f);
    }
    testing::gateway_fault refused;
    refused.on = "connect";
    refused.probability = probability * 10;
    into.inject(refused);
    using http = testing::fault::action;
    for (const http what : {http::response, http::close_before, http::close_after, http::close_in_response}) {
        testing::fault f;
        f.what = what;
        f.status = 503;
        f.probability = probability;
        into.inject(f);
    }
}

} // namespace yunhu::inbox_soak
