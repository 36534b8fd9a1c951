// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/wire_reader.hpp"
#include "gateway/frame_codec.hpp"
#include "gateway/push_fields.hpp"
#include "model/ascii.hpp"
#include "model/memory_budget.hpp"

#include <yunhu/push.pb.h>

#include <boost/json.hpp>

#include <array>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace gateway {
namespace {

namespace json = boost::json;
using decoded = boost::system::result<frame, frame_error>;

constexpr std::string_view invalid_data = "数据不合法";
constexpr std::int64_t code_success = 1;
constexpr std::int64_t code_not_authenticated = -101;

constexpr frame_error too_large{"the frame exceeds the limit"};
constexpr frame_error not_a_frame{"the frame is neither protobuf nor JSON nor a known text"};
constexpr frame_error bad_payload{"the payload of the command is not protobuf"};
constexpr frame_error too_many_items{"the payload has too many mentions or tags"};

/// The bytes of a frame, without the white space around a text.
std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// A frame and its command, while it is decoded.
struct envelope {
    std::string_view bytes;   ///< the whole frame
    std::string_view cmd;     ///< as received
    std::string_view payload; ///< of a binary frame; empty if it has none
};

unknown_event unknown(const envelope& e) {
    unknown_event made;
    made.cmd = e.cmd;
    made.frame = e.bytes;
    return made;
}

bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= max_id_size;
}

/// Decodes a payload. `usable`: has what identifies it. A payload with a field of another type can't be used either.
template <class Value, class Usable, class Finish>
decoded decode_payload(const envelope& e, Usable usable, Finish finish) {
    Value made;
    try {
        codec::memory_budget budget(detail::max_decoded(e.payload.size()));
        switch (codec::read_message(e.payload, made, budget)) {
        case codec::readability::readable:
            break;
        case codec::readability::malformed:
            return bad_payload;
        case codec::readability::mistyped:
            return frame(unknown(e));
        }
    } catch (const detail::over_budget&) {
        return too_many_items;
    }
    if (!usable(made)) {
        return frame(unknown(e));
    }
    return finish(made);
}

template <class Value, class Usable> decoded decode_payload(const envelope& e, Usable usable) {
    return decode_payload<Value>(e, usable, [](Value& made) { return decoded(frame(std::move(made))); });
}

bool within_limits(const message& m) {
    return m.content->mentioned_id.size() <= max_frame_items && m.sender.tag.size() <= max_frame_items &&
           m.sender.tag_old.size() <= max_frame_items;
}

decoded decode_message(const envelope& e, pushed_message::kind what) {
    const auto usable = [](const push_record& r) {
        return is_id(r.msg_id) && r.chat_id.size() <= max_id_size && r.sender.chat_id.size() <= max_id_size &&
               r.recv_id.size() <= max_id_size;
    };
    return decode_payload<push_record>(e, usable, [what](push_record& r) -> decoded {
        if (!within_limits(r)) {
            return too_many_items;
        }
        decoded result(boost::system::in_place_value, std::in_place_type<pushed_message>); // large: not moved about
        auto& made = std::get<pushed_message>(*result);
        const bool recalled = what != pushed_message::kind::blocked && r.msg_delete_time != 0;
        made.what = recalled ? pushed_message::kind::recall : what;
        made.recv_id = std::move(r.recv_id);
        made.chat = chat(r.chat_type, std::move(r.chat_id));
        made.message = static_cast<message&&>(r);
        return result;
    });
}

decoded decode_board(const envelope& e) {
    const auto usable = [](const board_record& r) { return is_id(r.bot_id) && r.chat_id.size() <= max_id_size; };
    return decode_payload<board_record>(e, usable, [](board_record& r) {
        r.chat = chat(r.chat_type, std::move(r.chat_id));
        return decoded(frame(static_cast<board_event&&>(r)));
    });
}

using decoder = decoded (*)(const envelope&);
struct command {
    std::string_view name;
    decoder decode;
};

constexpr std::array<command, 10> commands{{
    {"push_message", [](const envelope& e) { return decode_message(e, pushed_message::kind::message); }},
    {"heartbeat_ack", [](const envelope&) { return decoded(frame(heartbeat_ack())); }},
    {"edit_message", [](const envelope& e) { return decode_message(e, pushed_message::kind::edit); }},
    {"stream_message",
     [](const envelope& e) {
         return decode_payload<pushed_delta>(
             e, [](const pushed_delta& d) { return is_id(d.msg_id) && d.chat_id.size() <= max_id_size; });
     }},
    {"blocked_message", [](const envelope& e) { return decode_message(e, pushed_message::kind::blocked); }},
    {"draft_input",
     [](const envelope& e) {
         return decode_payload<pushed_draft>(e, [](const pushed_draft& d) { return is_id(d.chat_id); });
     }},
    {"bot_board_message", decode_board},
    {"invite_apply", [](const envelope&) { return decoded(frame(request_event())); }},
    {"file_send_message",
     [](const envelope& e) {
         return decode_payload<file_event>(e, [](const file_event& f) { return !(f == file_event()); });
     }},
    {"live_video_user_hang_up",
     [](const envelope& e) {
         return decode_payload<hang_up_event>(e, [](const hang_up_event& h) { return is_id(h.msg_id); });
     }},
}};

decoded dispatch(const envelope& e) {
    constexpr std::size_t longest = 64; // no command is longer: a hostile one is not copied
    if (e.cmd.size() <= longest) {
        const std::string cmd = detail::lower_case(e.cmd);
        for (const command& known : commands) {
            if (known.name == cmd) {
                return known.decode(e);
            }
        }
    }
    return frame(unknown(e));
}

/// An object `{cmd}`, `{code, msg}`; none: the text is not a JSON object.
std::optional<decoded> decode_json(std::string_view bytes) {
    const std::string_view text = trimmed(bytes);
    if (text.empty() || text.front() != '{') {
        return std::nullopt;
    }
    json::parse_options lenient;
    lenient.allow_invalid_utf8 = true;
    boost::system::error_code ec;
    const json::value parsed = json::parse(text, ec, {}, lenient);
    const json::object* const object = parsed.if_object();
    if (ec || object == nullptr) {
        return std::nullopt;
    }
    if (const json::value* const member = object->if_contains("code"); member != nullptr && member->is_int64()) {
        if (const std::int64_t code = member->get_int64(); code != code_success) {
            rejection made;
            made.code = code;
            made.authentication = code == code_not_authenticated;
            if (const json::value* const msg = object->if_contains("msg"); msg != nullptr && msg->is_string()) {
                made.text = std::string_view(msg->get_string());
                made.authentication = made.authentication || trimmed(made.text) == invalid_data;
            }
            return decoded(frame(std::move(made)));
        }
    }
    envelope e;
    e.bytes = bytes;
    if (const json::value* const cmd = object->if_contains("cmd"); cmd != nullptr && cmd->is_string()) {
        e.cmd = std::string_view(cmd->get_string());
    }
    // Of the known commands only those without a payload are sent as JSON.
    const std::string known = detail::lower_case(e.cmd.substr(0, std::string_view("heartbeat_ack").size() + 1));
    if (known == "heartbeat_ack" || known == "invite_apply") {
        return dispatch(e);
    }
    return decoded(frame(unknown(e)));
}

/// The sized field with that number, the last one; false if the bytes are no message. An empty text without it.
bool read_sized(std::string_view bytes, std::uint32_t number, std::string_view& into) {
    codec::wire_reader reader(bytes);
    codec::wire_field field;
    while (reader.next(field)) {
        if (field.number == number && field.type == codec::wire_type::sized) {
            into = field.payload;
        }
    }
    return reader.at_end();
}

std::optional<decoded> decode_protobuf(std::string_view bytes, bool text) {
    envelope e;
    e.bytes = bytes;
    codec::wire_reader reader(bytes);
    codec::wire_field field;
    while (reader.next(field)) { // parts of a repeated `info` or `data` are merged
        if (field.type != codec::wire_type::sized) {
            continue;
        }
        if ((field.number == wire::WsWrapper::kInfoFieldNumber &&
             !read_sized(field.payload, wire::WsInfo::kCmdFieldNumber, e.cmd)) ||
            (field.number == wire::WsWrapper::kDataFieldNumber &&
             !read_sized(field.payload, wire::Any::kValueFieldNumber, e.payload))) {
            return std::nullopt;
        }
    }
    // Short texts may be valid protobuf by chance: they have no command.
    if (!reader.at_end() || (text && e.cmd.empty())) {
        return std::nullopt;
    }
    return dispatch(e);
}

} // namespace

decoded decode_frame(std::span<const std::byte> bytes, bool text, std::size_t max_size) {
    if (bytes.size() > max_size) {
        return too_large;
    }
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (trimmed(all) == invalid_data) {
        rejection made;
        made.text = invalid_data;
        made.authentication = true;
        return frame(std::move(made));
    }
    // No wrapper begins with '{': it would be the group 15.
    if (std::optional<decoded> made = decode_json(all)) {
        return *std::move(made);
    }
    if (std::optional<decoded> made = decode_protobuf(all, text)) {
        return *std::move(made);
    }
    return not_a_frame;
}

} // namespace gateway
YUNHU_NAMESPACE_END
