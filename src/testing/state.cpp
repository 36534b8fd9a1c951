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

// Clients show the picture of a message by its URL, also when it was sent by its key.
void set_image_url(wire::Content& content) {
    constexpr std::string_view host = "https://chat-img.jwznb.com/";
    const std::string& key = content.image();
    if (content.image_url().empty() && !key.empty()) {
        const bool is_url = key.starts_with("http://") || key.starts_with("https://");
        content.set_image_url(is_url ? key : std::string(host) + key);
    }
}

// A conversation has one key, whichever of its accounts looks at it.
std::string key_of(chat_type type, const std::string& first, const std::string& second) {
    return std::to_string(static_cast<std::uint64_t>(type)) + '\n' + first + '\n' + second;
}

struct ends {
    chat_type type;
    std::string first;
    std::string second;
};

// The two ends of a chat as the user or the bot `viewer` sees it.
ends ends_of(const directory& people, const std::string& viewer, const chat& in) {
    if (in.type == chat_type::group) {
        return {in.type, in.id, {}};
    }
    if (in.type == chat_type::user && people.is_bot(viewer)) {
        return {chat_type::bot, in.id, viewer};
    }
    if (in.type == chat_type::user && in.id < viewer) {
        return {in.type, in.id, viewer};
    }
    return {in.type, viewer, in.id};
}

// Of a chat that is given without its type by some clients of the service.
bool is_chat(const chat& in, const chat& wanted) {
    return in.id == wanted.id && (wanted.type == chat_type{} || in.type == wanted.type);
}

} // namespace

api_status state::send(account_index account, const wire::SendMessageRequest& request, std::uint64_t now,
                       bool& duplicate) {
    const chat to(static_cast<chat_type>(request.chat_type()), request.chat_id());
    if (request.msg_id().empty() || to.id.empty() || request.chat_type() == 0 || !has_required_content(request)) {
        return bad_parameters;
    }
    if (to.type == chat_type::group && !people_.is_member(to.id, id_of(account))) {
        return not_a_member;
    }
    if (find(request.msg_id()) != nullptr) {
        duplicate = true;
        return success;
    }
    conversation& in = open(id_of(account), to);
    stored_message added;
    wire::Message& message = added.message;
    message.set_msg_id(request.msg_id());
    message.set_content_type(request.content_type());
    *message.mutable_content() = request.content();
    message.set_send_time(now);
    if (request.command_id() != 0) {
        message.mutable_cmd()->set_cmd_id(request.command_id());
        message.mutable_cmd()->set_type(static_cast<std::uint64_t>(cmd_type::normal));
    }
    // The server ignores a quoted id that it does not know, and all of a quote in a voice message.
    if (find(account, to, request.quote_msg_id()) != nullptr) {
        message.set_quote_msg_id(request.quote_msg_id());
    }
    if (request.content_type() == number(content_type::audio)) {
        clear_quote(message);
    }
    if (request.content_type() == number(content_type::image)) {
        set_image_url(*message.mutable_content());
    }
    set_sender(added, account);
    append(in, std::move(added));
    return success;
}

api_status state::edit(account_index account, const wire::SendMessageRequest& request, std::uint64_t now) {
    const chat in(static_cast<chat_type>(request.chat_type()), request.chat_id());
    if (request.msg_id().empty() || !is_text_type(request.content_type()) || request.content().text().empty()) {
        return bad_parameters;
    }
    const position* at = find(account, in, request.msg_id());
    if (at == nullptr) {
        return no_such_message;
    }
    wire::Message& message = at->get().message;
    if (at->get().author != account) {
        return not_yours;
    }
    if (message.msg_delete_time() != 0) {
        return already_recalled;
    }
    if (!is_text_type(message.content_type())) {
        return not_editable;
    }
    edits_[request.msg_id()].push_back(
        {++last_edit_id_, message.content_type(), content_json(message.content()), message.send_time(), now});
    message.set_content_type(request.content_type());
    *message.mutable_content() = request.content();
    message.clear_quote_msg_id(); // an edit without a quote removes it
    if (find(account, in, request.quote_msg_id()) != nullptr) {
        message.set_quote_msg_id(request.quote_msg_id());
    }
    message.set_edit_time(now);
    add_change(change::kind::edited, *at);
    return success;
}

api_status state::recall(account_index account, const chat& in, std::span<const std::string* const> msg_ids,
                         std::uint64_t now) {
    if (msg_ids.empty()) {
        return bad_parameters;
    }
    const bool may_recall_all = in.type == chat_type::group && people_.is_admin(in.id, id_of(account));
    for (const std::string* msg_id : msg_ids) {
        const position* at = find(account, in, *msg_id);
        if (at == nullptr) {
            return no_such_message;
        }
        if (at->get().author != account && !may_recall_all) {
            return not_yours;
        }
    }
    for (const std::string* msg_id : msg_ids) {
        mark_recalled(*find(account, in, *msg_id), sender_of(chat_type::user, id_of(account)), now);
    }
    return success;
}

api_status state::remove(account_index account, const chat& in, const std::string& msg_id) {
    const position* at = find(account, in, msg_id);
    if (at == nullptr) {
        return no_such_message;
    }
    if (at->get().visible_to(account)) {
        at->get().hidden_from.push_back(account);
        add_change(change::kind::hidden, *at);
    }
    return success;
}

api_status state::forward(account_index account, chat_type from, const std::string& msg_id,
                          std::span<const chat> receive, std::uint64_t now) {
    const auto unusable = [](const chat& to) { return to.id.empty() || to.type == chat_type{}; };
    if (msg_id.empty() || receive.empty() || std::any_of(receive.begin(), receive.end(), unusable)) {
        return bad_parameters;
    }
    const position* at = find(msg_id);
    if (at == nullptr || !has(account, *at->in) || at->in->seen_by(id_of(account)).type != from ||
        !at->get().visible_to(account)) {
        return no_such_message;
    }
    if (at->get().message.msg_delete_time() != 0) {
        return already_recalled;
    }
    const wire::Message original = at->get().message; // a copy: appending reallocates the messages
    for (const chat& to : receive) {
        stored_message copy;
        copy.message.set_msg_id(new_id());
        copy.message.set_content_type(original.content_type());
        *copy.message.mutable_content() = original.content();
        copy.message.set_send_time(now);
        clear_quote(copy.message);
        set_sender(copy, account);
        append(open(id_of(account), to), std::move(copy));
    }
    return success;
}

api_status state::report_button(account_index account, button_press press) {
    const position* at = find(account, press.in, press.msg_id);
    if (at == nullptr || !at->get().visible_to(account)) {
        return no_such_message;
    }
    if (at->get().message.msg_delete_time() != 0) {
        return already_recalled;
    }
    presses_.push_back(std::move(press));
    return success;
}

api_status state::record_download(account_index account, download done) {
    const position* at = find(done.msg_id);
    if (at == nullptr || !has(account, *at->in) || !at->get().visible_to(account)) {
        return no_such_message;
    }
    if (at->get().message.msg_delete_time() != 0) {
        return already_recalled;
    }
    if (at->get().message.content_type() != number(content_type::file)) {
        return not_a_file;
    }
    downloads_.push_back(std::move(done));
    return success;
}

const stored_message& state::deliver(account_index viewer, const chat& in, wire::Message message, std::uint64_t now) {
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
    stored_message added;
    const bool own = message.direction() == "right";
    if (own) {
        added.author = viewer;
    }
    if (message.sender().chat_id().empty() &&
        (own || in.type != chat_type::group)) { // else its account would be ambiguous
        message.mutable_sender()->set_chat_id(own ? id_of(viewer) : in.id);
        message.mutable_sender()->set_chat_type(static_cast<std::uint64_t>(own ? chat_type::user : in.type));
    }
    added.message = std::move(message);
    return append(open(id_of(viewer), in), std::move(added));
}

const stored_message& state::say(const std::string& speaker, const chat& to, std::string text, const std::string& quote,
                                 std::uint64_t now) {
    if (speaker.empty() || to.id.empty()) {
        throw std::invalid_argument("say: speaker and chat must not be empty");
    }
    const chat_type type = people_.is_bot(speaker) ? chat_type::bot : chat_type::user;
    conversation& in = open(speaker, to);
    stored_message added;
    added.author = type == chat_type::user ? people_.with_id(speaker).value_or(no_account) : no_account;
    wire::Message& message = added.message;
    message.set_msg_id(new_id());
    message.set_direction("left");
    *message.mutable_sender() = sender_of(type, speaker);
    message.set_content_type(number(content_type::text));
    message.mutable_content()->set_text(std::move(text));
    message.set_send_time(now);
    if (const position* quoted = find(quote); quoted != nullptr && quoted->in == &in) {
        const wire::Message& of = quoted->get().message;
        message.set_quote_msg_id(quote);
        message.mutable_content()->set_quote_msg_text(of.sender().name() + ": " + of.content().text());
    }
    return append(in, std::move(added));
}

void state::erase(account_index viewer, const chat& in, const std::string& msg_id) {
    const position* at = find(viewer, in, msg_id);
    if (at == nullptr) {
        throw std::invalid_argument("erase: the chat has no such message");
    }
    const position erased = *at;
    erased.get().erased = true; // its msg_seq is not reused
    edits_.erase(msg_id);
    positions_.erase(msg_id);
    add_change(change::kind::erased, erased);
}

void state::rewrite(const std::string& msg_id, std::string text, std::uint64_t now) {
    const position& at = existing(msg_id, "edit");
    wire::Message& message = at.get().message;
    edits_[msg_id].push_back(
        {++last_edit_id_, message.content_type(), content_json(message.content()), message.send_time(), now});
    message.mutable_content()->set_text(std::move(text));
    message.set_edit_time(now);
    add_change(change::kind::edited, at);
}

void state::recall_as(const std::string& by, const std::string& msg_id, std::uint64_t now) {
    const position& at = existing(msg_id, "recall");
    mark_recalled(at,
                  by.empty() ? at.get().message.sender()
                             : sender_of(people_.is_bot(by) ? chat_type::bot : chat_type::user, by),
                  now);
}

void state::block(const std::string& msg_id, std::uint64_t now) {
    const position& at = existing(msg_id, "block");
    at.get().message.set_msg_delete_time(now);
    at.get().message.clear_content();
    add_change(change::kind::blocked, at);
}

void state::stream(const std::string& msg_id, const std::string& text) {
    const position& at = existing(msg_id, "stream");
    at.get().message.mutable_content()->mutable_text()->append(text);
    add_change(change::kind::streamed, at);
    changes_.back().text = text;
}

bool state::has(account_index account, const conversation& it) const {
    const std::string& id = id_of(account);
    return it.type == chat_type::group ? people_.is_member(it.first, id)
                                       : it.first == id || (it.type == chat_type::user && it.second == id);
}

void state::restore(chat_type type, std::string first, std::string second, stored_message message) {
    conversation& in = open(type, std::move(first), std::move(second));
    const std::string& msg_id = message.message.msg_id();
    if (const position* at = find(msg_id); at != nullptr) {
        at->get() = std::move(message);
        touch(*at->in, at->index);
        if (at->get().erased) {
            positions_.erase(at->get().message.msg_id());
        }
    } else {
        const stored_message& added = append(in, std::move(message));
        if (added.erased) {
            positions_.erase(added.message.msg_id());
        }
    }
    changes_.clear();
}

void state::restore_edit(const std::string& msg_id, old_version version) {
    last_edit_id_ = std::max(last_edit_id_, version.id);
    edits_[msg_id].push_back(std::move(version));
}

const std::vector<old_version>* state::edits_of(const std::string& msg_id) const {
    const auto found = edits_.find(msg_id);
    return found == edits_.end() ? nullptr : &found->second;
}

const conversation* state::find(const std::string& viewer, const chat& in) const {
    const ends of = ends_of(people_, viewer, in);
    const auto found = conversations_.find(key_of(of.type, of.first, of.second));
    return found == conversations_.end() ? nullptr : &found->second;
}

conversation& state::open(const std::string& viewer, const chat& in) {
    ends of = ends_of(people_, viewer, in);
    return open(of.type, std::move(of.first), std::move(of.second));
}

// Returns a reference that stays valid when conversations are added.
conversation& state::open(chat_type type, std::string first, std::string second) {
    conversation& in = conversations_[key_of(type, first, second)];
    in.type = type;
    in.first = std::move(first);
    in.second = std::move(second);
    return in;
}

const state::position* state::find(const std::string& msg_id) const {
    const auto found = positions_.find(msg_id);
    return found == positions_.end() ? nullptr : &found->second;
}

const state::position* state::find(account_index account, const chat& in, const std::string& msg_id) const {
    const position* at = find(msg_id);
    return at != nullptr && has(account, *at->in) && is_chat(at->in->seen_by(id_of(account)), in) ? at : nullptr;
}

const state::position& state::existing(const std::string& msg_id, std::string_view caller) const {
    const position* at = find(msg_id);
    if (at == nullptr) {
        throw std::invalid_argument(std::string(caller) + ": there is no such message");
    }
    return *at;
}

stored_message& state::append(conversation& to, stored_message added) {
    const std::size_t index = to.messages.size();
    if (added.message.content_type() == number(content_type::image)) {
        to.pictures.push_back(index);
    }
    added.message.set_msg_seq(index + 1);
    const position at{&to, index};
    positions_.emplace(added.message.msg_id(), at);
    to.messages.push_back(std::move(added));
    add_change(change::kind::sent, at);
    return at.get();
}

void state::touch(conversation& in, std::size_t index) {
    const std::size_t block = index / changes_block;
    in.last_change.resize(std::max(in.last_change.size(), block + 1));
    in.last_change[block] = std::max(in.last_change[block], in.messages[index].changed());
}

void state::add_change(change::kind what, const position& at) {
    touch(*at.in, at.index);
    change added;
    added.what = what;
    added.in = at.in;
    added.index = at.index;
    changes_.push_back(std::move(added));
}

void state::mark_recalled(const position& at, wire::Sender by, std::uint64_t now) {
    wire::Message& message = at.get().message;
    if (message.msg_delete_time() != 0) {
        return; // repeating a recall is no error
    }
    message.set_msg_delete_time(now);
    message.clear_content();
    add_change(change::kind::recalled, at);
    changes_.back().by = std::move(by);
}

std::string state::new_id() {
    const std::uint64_t high = (random_() & 0xFFFFFFFFFFFF0FFFU) | 0x4000U; // version 4
    const std::uint64_t low = (random_() & 0x3FFFFFFFFFFFFFFFU) | 0x8000000000000000U;
    std::string text;
    boost::algorithm::hex_lower(std::array{high, low}, std::back_inserter(text)); // 16 digits a number
    return find(text) == nullptr ? text : new_id(); // a stored state may have been made with the same seed
}

wire::Sender state::sender_of(chat_type type, const std::string& id) const {
    wire::Sender sender;
    sender.set_chat_id(id);
    sender.set_chat_type(static_cast<std::uint64_t>(type));
    sender.set_name(people_.name_of(type, id));
    return sender;
}

void state::set_sender(stored_message& message, account_index account) const {
    message.author = account;
    message.message.set_direction("right");
    *message.message.mutable_sender() = sender_of(chat_type::user, id_of(account));
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
