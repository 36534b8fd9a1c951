// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/state.hpp"

#include "testing/wire_types.hpp"

#include <boost/algorithm/hex.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

constexpr std::size_t max_by_seq = 31;

std::uint64_t number(content_type type) {
    return static_cast<std::uint64_t>(type);
}

bool is_text_type(std::uint64_t type) {
    return type == number(content_type::text) || type == number(content_type::markdown) ||
           type == number(content_type::html);
}

// The field that each content type requires. The server checks neither sizes nor lengths nor ids of stickers.
bool has_required_content(const wire::SendMessageRequest& request) {
    const wire::Content& content = request.content();
    switch (static_cast<content_type>(request.content_type())) {
    case content_type::text:
    case content_type::markdown:
    case content_type::html:
        return !content.text().empty();
    case content_type::image:
        return !content.image().empty() || !content.image_url().empty();
    case content_type::file:
        return !content.file_url().empty();
    case content_type::form:
        return !content.form().empty();
    case content_type::sticker:
        return !content.image().empty();
    case content_type::video:
        return !content.video_url().empty();
    case content_type::audio:
        return !content.audio_url().empty();
    default:
        return request.content_type() != 0;
    }
}

void clear_quote(wire::Message& message) {
    message.clear_quote_msg_id();
    wire::Content& content = *message.mutable_content();
    content.clear_quote_msg_text();
    content.clear_quote_image_url();
    content.clear_quote_image_name();
    content.clear_quote_video_url();
    content.clear_quote_video_time();
}

} // namespace

state::state(std::string user_id, std::string user_name, std::uint64_t seed)
    : user_id_(std::move(user_id)), user_name_(std::move(user_name)), random_(seed) {}

api_status state::send(const wire::SendMessageRequest& request, std::uint64_t now, bool& duplicate) {
    const chat to(static_cast<chat_type>(request.chat_type()), request.chat_id());
    if (request.msg_id().empty() || to.id.empty() || request.chat_type() == 0 || !has_required_content(request)) {
        return bad_parameters;
    }
    if (find(request.msg_id()) != nullptr) {
        duplicate = true;
        return success;
    }
    wire::Message message;
    message.set_msg_id(request.msg_id());
    message.set_content_type(request.content_type());
    *message.mutable_content() = request.content();
    message.set_send_time(now);
    if (request.command_id() != 0) {
        message.mutable_cmd()->set_cmd_id(request.command_id());
        message.mutable_cmd()->set_type(static_cast<std::uint64_t>(cmd_type::normal));
    }
    // The server ignores a quoted id that it does not know, and all of a quote in a voice message.
    if (find(to, request.quote_msg_id()) != nullptr) {
        message.set_quote_msg_id(request.quote_msg_id());
    }
    if (request.content_type() == number(content_type::audio)) {
        clear_quote(message);
    }
    set_own_sender(message);
    append(to, std::move(message));
    return success;
}

api_status state::edit(const wire::SendMessageRequest& request, std::uint64_t now) {
    const chat in(static_cast<chat_type>(request.chat_type()), request.chat_id());
    if (request.msg_id().empty() || !is_text_type(request.content_type()) || request.content().text().empty()) {
        return bad_parameters;
    }
    const position* at = find(in, request.msg_id());
    if (at == nullptr) {
        return no_such_message;
    }
    wire::Message& message = at->get().message;
    if (message.direction() != "right") {
        return not_yours;
    }
    if (message.msg_delete_time() != 0) {
        return recalled;
    }
    if (!is_text_type(message.content_type())) {
        return not_editable;
    }
    edits_[request.msg_id()].push_back(
        {++last_edit_id_, message.content_type(), content_json(message.content()), message.send_time(), now});
    message.set_content_type(request.content_type());
    *message.mutable_content() = request.content();
    message.clear_quote_msg_id(); // an edit without a quote removes it
    if (find(in, request.quote_msg_id()) != nullptr) {
        message.set_quote_msg_id(request.quote_msg_id());
    }
    message.set_edit_time(now);
    return success;
}

api_status state::recall(const chat& in, std::span<const std::string* const> msg_ids, std::uint64_t now) {
    if (msg_ids.empty()) {
        return bad_parameters;
    }
    for (const std::string* msg_id : msg_ids) {
        const position* at = find(in, *msg_id);
        if (at == nullptr) {
            return no_such_message;
        }
        if (at->get().message.direction() != "right") {
            return not_yours;
        }
    }
    for (const std::string* msg_id : msg_ids) {
        wire::Message& message = find(in, *msg_id)->get().message;
        if (message.msg_delete_time() == 0) { // repeating a recall is no error
            message.set_msg_delete_time(now);
            message.clear_content();
        }
    }
    return success;
}

api_status state::remove(const chat& in, const std::string& msg_id) {
    const position* at = find(in, msg_id);
    if (at == nullptr) {
        return no_such_message;
    }
    at->get().deleted = true;
    return success;
}

api_status state::forward(chat_type from, const std::string& msg_id, std::span<const chat> receive, std::uint64_t now) {
    const auto unusable = [](const chat& to) { return to.id.empty() || to.type == chat_type{}; };
    if (msg_id.empty() || receive.empty() || std::any_of(receive.begin(), receive.end(), unusable)) {
        return bad_parameters;
    }
    const position* at = find(msg_id);
    if (at == nullptr || at->in->type != from || at->get().deleted) {
        return no_such_message;
    }
    if (at->get().message.msg_delete_time() != 0) {
        return recalled;
    }
    const wire::Message original = at->get().message; // a copy: appending reallocates the messages
    for (const chat& to : receive) {
        wire::Message copy;
        copy.set_msg_id(new_id());
        copy.set_content_type(original.content_type());
        *copy.mutable_content() = original.content();
        copy.set_send_time(now);
        clear_quote(copy);
        set_own_sender(copy);
        append(to, std::move(copy));
    }
    return success;
}

api_status state::report_button(button_press press) {
    const position* at = find(press.in, press.msg_id);
    if (at == nullptr || at->get().deleted) {
        return no_such_message;
    }
    if (at->get().message.msg_delete_time() != 0) {
        return recalled;
    }
    presses_.push_back(std::move(press));
    return success;
}

api_status state::record_download(download done) {
    const position* at = find(done.msg_id);
    if (at == nullptr || at->get().deleted) {
        return no_such_message;
    }
    if (at->get().message.msg_delete_time() != 0) {
        return recalled;
    }
    if (at->get().message.content_type() != number(content_type::file)) {
        return not_a_file;
    }
    downloads_.push_back(std::move(done));
    return success;
}

listing state::before(const chat& in, const std::string& cursor, std::uint64_t count) const {
    if (count == 0) {
        return {bad_parameters, {}};
    }
    const chat_log* found = find(in);
    std::size_t end = found == nullptr ? 0 : found->messages.size();
    if (!cursor.empty()) {
        const position* at = find(in, cursor); // also of a message that the account deleted
        if (at == nullptr) {
            return {no_such_message, {}};
        }
        end = at->index;
    }
    listing page;
    for (std::size_t i = end; i > 0 && page.messages.size() < count; --i) {
        if (const stored_message& each = found->messages[i - 1]; !each.deleted) {
            page.messages.push_back(&each.message);
        }
    }
    return page;
}

listing state::since(const chat& in, std::uint64_t seq) const {
    listing page;
    if (const chat_log* found = find(in); found != nullptr) {
        for (std::size_t i = found->messages.size(); i > seq && page.messages.size() < max_by_seq; --i) {
            if (const stored_message& each = found->messages[i - 1]; !each.deleted) {
                page.messages.push_back(&each.message);
            }
        }
    }
    return page;
}

listing state::around(const chat& in, const std::string& msg_id, std::uint64_t count) const {
    if (count == 0) {
        return {bad_parameters, {}};
    }
    const position* at = find(in, msg_id);
    if (at == nullptr || at->get().deleted) {
        return {};
    }
    return around(*at->in, at->index, count);
}

listing state::around(const chat& in, std::uint64_t seq, std::uint64_t count) const {
    if (count == 0) {
        return {bad_parameters, {}};
    }
    const chat_log* found = find(in);
    if (found == nullptr) {
        return {};
    }
    const auto nearest = std::clamp<std::uint64_t>(seq, 1, found->messages.size());
    return around(*found, static_cast<std::size_t>(nearest - 1), count);
}

listing state::around(const chat_log& in, std::size_t target, std::uint64_t count) {
    std::vector<const wire::Message*> newer; // the nearest first
    for (std::size_t i = target + 1; i < in.messages.size() && newer.size() < count; ++i) {
        if (!in.messages[i].deleted) {
            newer.push_back(&in.messages[i].message);
        }
    }
    std::vector<const wire::Message*> older;
    for (std::size_t i = target; i > 0 && older.size() < count; --i) {
        if (!in.messages[i - 1].deleted) {
            older.push_back(&in.messages[i - 1].message);
        }
    }
    // Clients must not rely on the position of the target: with an even index it is the newest of the page, else in
    // the middle.
    std::uint64_t older_wanted = target % 2 == 0 ? count : count / 2;
    older_wanted = std::min<std::uint64_t>(older_wanted, older.size());
    newer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(newer.size(), count - older_wanted)));
    older.resize(static_cast<std::size_t>(std::min<std::uint64_t>(older.size(), count - newer.size())));

    listing page;
    page.messages.assign(newer.rbegin(), newer.rend());
    if (!in.messages[target].deleted) {
        page.messages.push_back(&in.messages[target].message);
    }
    page.messages.insert(page.messages.end(), older.begin(), older.end());
    return page;
}

listing state::pictures(const chat& in, std::uint64_t seq, std::uint64_t earlier, std::uint64_t later) const {
    const chat_log* found = find(in);
    if (found == nullptr) {
        return {};
    }
    const auto message_at = [found](std::size_t index) -> const wire::Message* {
        const stored_message& each = found->messages[index];
        return each.deleted || each.message.msg_delete_time() != 0 ? nullptr : &each.message;
    };
    const auto& all = found->pictures;
    const auto target = std::lower_bound(all.begin(), all.end(), seq,
                                         [](std::size_t index, std::uint64_t wanted) { return index + 1 < wanted; });
    std::vector<const wire::Message*> upwards; // the picture itself and later ones
    const bool there = target != all.end() && *target + 1 == seq && message_at(*target) != nullptr;
    const std::uint64_t max_upwards =
        there ? (later == std::numeric_limits<std::uint64_t>::max() ? later : later + 1) : later;
    for (auto at = target; at != all.end() && upwards.size() < max_upwards; ++at) {
        if (const wire::Message* message = message_at(*at); message != nullptr) {
            upwards.push_back(message);
        }
    }
    listing page;
    page.messages.assign(upwards.rbegin(), upwards.rend());
    for (auto at = target; at != all.begin() && page.messages.size() - upwards.size() < earlier; --at) {
        if (const wire::Message* message = message_at(*std::prev(at)); message != nullptr) {
            page.messages.push_back(message);
        }
    }
    return page;
}

edit_listing state::edits(const std::string& msg_id, std::uint64_t size, std::uint64_t page) const {
    if (msg_id.empty() || size == 0 || page == 0) {
        return {bad_parameters, 0, {}};
    }
    const position* at = find(msg_id);
    if (at == nullptr || at->get().deleted) {
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

const wire::Message& state::deliver(const chat& in, wire::Message message, std::uint64_t now) {
    if (message.msg_id().empty()) {
        message.set_msg_id(new_id());
    }
    if (find(message.msg_id()) != nullptr) {
        throw std::invalid_argument("deliver: the msg_id is already in use");
    }
    if (message.send_time() == 0) {
        message.set_send_time(now);
    }
    if (message.direction().empty()) {
        message.set_direction("left");
    }
    return append(in, std::move(message));
}

void state::erase(const chat& in, const std::string& msg_id) {
    const position* at = find(in, msg_id);
    if (at == nullptr) {
        throw std::invalid_argument("erase: the chat has no such message");
    }
    at->get().deleted = at->get().erased = true; // its msg_seq is not reused
    edits_.erase(msg_id);
    positions_.erase(msg_id);
}

std::vector<const wire::Message*> state::all(const chat& in) const {
    std::vector<const wire::Message*> messages;
    if (const chat_log* found = find(in); found != nullptr) {
        for (const stored_message& each : found->messages) {
            if (!each.erased) {
                messages.push_back(&each.message);
            }
        }
    }
    return messages;
}

const state::chat_log* state::find(const chat& in) const {
    const auto found = chats_.find(in);
    return found == chats_.end() ? nullptr : &found->second;
}

const state::position* state::find(const std::string& msg_id) const {
    const auto found = positions_.find(msg_id);
    return found == positions_.end() ? nullptr : &found->second;
}

const state::position* state::find(const chat& in, const std::string& msg_id) const {
    const position* at = find(msg_id);
    return at != nullptr && at->in == find(in) ? at : nullptr;
}

wire::Message& state::append(const chat& to, wire::Message message) {
    chat_log& in = chats_[to]; // a reference that stays valid when chats are added
    in.type = to.type;
    const std::size_t index = in.messages.size();
    if (message.content_type() == number(content_type::image)) {
        in.pictures.push_back(index);
    }
    message.set_msg_seq(index + 1);
    positions_.emplace(message.msg_id(), position{&in, index});
    stored_message& added = in.messages.emplace_back();
    added.message = std::move(message);
    return added.message;
}

std::string state::new_id() {
    const std::uint64_t high = (random_() & 0xFFFFFFFFFFFF0FFFU) | 0x4000U; // version 4
    const std::uint64_t low = (random_() & 0x3FFFFFFFFFFFFFFFU) | 0x8000000000000000U;
    std::string text;
    boost::algorithm::hex_lower(std::array{high, low}, std::back_inserter(text)); // 16 digits a number
    return text;
}

void state::set_own_sender(wire::Message& message) const {
    message.set_direction("right");
    message.mutable_sender()->set_chat_id(user_id_);
    message.mutable_sender()->set_chat_type(static_cast<std::uint64_t>(chat_type::user));
    message.mutable_sender()->set_name(user_name_);
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
