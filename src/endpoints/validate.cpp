// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/validate.hpp"
#include "endpoints/fields.hpp"

#include <boost/locale/utf.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace codec {

namespace {

// Without a branch in the loop, so that the compiler can look at many characters at a time.
bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) {
        all |= static_cast<unsigned char>(c);
    }
    return all < 0x80;
}

bool is_utf8(std::string_view text) {
    if (is_ascii(text)) {
        return true;
    }
    using utf8 = boost::locale::utf::utf_traits<char>;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        if (static_cast<unsigned char>(*at) < 0x80) {
            ++at;
        } else if (!boost::locale::utf::is_valid_codepoint(utf8::decode(at, end))) {
            return false;
        }
    }
    return true;
}

bool has_control_character(std::string_view text) {
    bool any = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        any |= byte < 0x20 || byte == 0x7F; // no branch either
    }
    return any;
}

std::string indexed(std::string_view name, std::size_t index) {
    return std::string(name) + '[' + std::to_string(index) + ']';
}

/// Holds the first rule that a request breaks.
class checks {
public:
    checks& require(bool fulfilled, std::string_view otherwise) {
        if (!fulfilled) {
            fail({}, otherwise, {});
        }
        return *this;
    }

    checks& id(std::string_view name, std::string_view value) { return id({}, name, value); }

    checks& id(std::string_view prefix, std::string_view name, std::string_view value) {
        if (value.empty()) {
            fail(prefix, name, " is empty");
        }
        return optional_id(prefix, name, value);
    }

    checks& optional_id(std::string_view name, std::string_view value) { return optional_id({}, name, value); }

    checks& optional_id(std::string_view prefix, std::string_view name, std::string_view value) {
        if (has_control_character(value)) {
            fail(prefix, name, " has a control character");
        }
        return text(prefix, name, value);
    }

    checks& text(std::string_view prefix, std::string_view name, std::string_view value) {
        if (!value.empty() && !is_utf8(value)) {
            fail(prefix, name, " is not UTF-8");
        }
        return *this;
    }

    checks& not_zero(std::string_view name, std::uint64_t value) { return not_zero({}, name, value); }

    checks& not_zero(std::string_view prefix, std::string_view name, std::uint64_t value) {
        if (value == 0) {
            fail(prefix, name, " is 0");
        }
        return *this;
    }

    checks& kind(std::string_view prefix, std::string_view name, chat_type value) {
        return not_zero(prefix, name, static_cast<std::uint64_t>(value));
    }

    checks& chat(const yunhu::chat& value, std::string_view prefix = {}) {
        return id(prefix, "chat_id", value.id).kind(prefix, "chat_type", value.type);
    }

    /// Every text in a content or media is UTF-8.
    template <class Value> checks& texts(std::string_view prefix, const Value& value) {
        for_each_field<Value>([&](auto field) {
            const auto& held = field.of(value);
            using type = std::remove_cvref_t<decltype(held)>;
            if constexpr (std::same_as<type, std::string>) {
                text(prefix, field.name, held);
            } else if constexpr (std::same_as<type, std::vector<std::string>>) {
                for (std::size_t i = 0; i < held.size(); ++i) {
                    if (!is_utf8(held[i])) {
                        fail(prefix, indexed(field.name, i), " is not UTF-8");
                    }
                }
            }
        });
        return *this;
    }

    [[nodiscard]] std::optional<validation_error> retry_decision() { return std::move(first_); }

private:
    void fail(std::string_view prefix, std::string_view name, std::string_view what) {
        if (!first_) {
            first_.emplace().detail.append(prefix).append(name).append(what);
        }
    }

    std::optional<validation_error> first_;
};

/// What the API's guide requires of each kind of message; kinds that it leaves out pass.
void check_kind(checks& c, const send_message_request& request) {
    const content& body = *request.content;
    switch (request.content_type) {
    case content_type::text:
    case content_type::markdown:
    case content_type::html:
        c.require(!body.text.empty(), "content.text is empty");
        break;
    case content_type::image:
        c.require(!body.image.empty() || !body.image_url.empty() || request.media,
                  "content.image, content.image_url and media are empty");
        break;
    case content_type::file:
        c.require(!body.file_url.empty(), "content.file_url is empty");
        break;
    case content_type::article:
        c.require(!body.post_id.empty(), "content.post_id is empty");
        break;
    case content_type::form:
        c.require(!body.form.empty(), "content.form is empty");
        break;
    case content_type::sticker:
        c.require(!body.image.empty(), "content.image is empty");
        c.require(!body.expression_id.empty() || (body.sticker_item_id != 0 && body.sticker_pack_id != 0),
                  "content.expression_id is empty, and content.sticker_item_id or content.sticker_pack_id is 0");
        break;
    case content_type::video:
        c.require(!body.video_url.empty(), "content.video_url is empty");
        break;
    case content_type::audio:
        c.require(!body.audio_url.empty(), "content.audio_url is empty");
        break;
    default:
        break;
    }
}

/// What send and edit share.
template <class Request> checks check_message(const Request& request) {
    checks c;
    c.id("msg_id", request.msg_id)
        .chat(request.chat)
        .not_zero("content_type", static_cast<std::uint64_t>(request.content_type))
        .optional_id("quote_msg_id", request.quote_msg_id)
        .texts("content.", *request.content);
    if (request.media) {
        c.texts("media.", *request.media);
    }
    return c;
}

} // namespace

std::optional<validation_error> check(const send_message_request& request) {
    checks c = check_message(request);
    check_kind(c, request);
    return c.retry_decision();
}

// Which kinds can be edited, and into what, is the server's to say.
std::optional<validation_error> check(const edit_message_request& request) {
    return check_message(request).retry_decision();
}

std::optional<validation_error> check(const list_message_by_seq_request& request) {
    return checks().chat(request.chat).retry_decision();
}

std::optional<validation_error> check(const list_message_request& request) {
    return checks()
        .chat(request.chat)
        .not_zero("msg_count", request.msg_count)
        .optional_id("msg_id", request.msg_id)
        .retry_decision();
}

std::optional<validation_error> check(const list_message_by_mid_seq_request& request) {
    checks c;
    c.chat(request.chat).not_zero("msg_count", request.msg_count);
    if (request.msg_seq == -1) {
        c.id("msg_id", request.msg_id);
    } else {
        c.optional_id("msg_id", request.msg_id);
    }
    return c.retry_decision();
}

std::optional<validation_error> check(const list_message_edit_record_request& request) {
    return checks()
        .id("msg_id", request.msg_id)
        .not_zero("size", request.size)
        .not_zero("page", request.page)
        .retry_decision();
}

std::optional<validation_error> check(const button_report_request& request) {
    return checks()
        .chat(request.chat)
        .id("msg_id", request.msg_id)
        .id("user_id", request.user_id)
        .text({}, "button_value", request.button_value)
        .retry_decision();
}

std::optional<validation_error> check(const recall_msg_request& request) {
    return checks().chat(request.chat).id("msg_id", request.msg_id).retry_decision();
}

std::optional<validation_error> check(const recall_msg_batch_request& request) {
    checks c;
    c.chat(request.chat).require(!request.msg_id.empty(), "msg_id is a list of nothing");
    for (std::size_t i = 0; i < request.msg_id.size(); ++i) {
        c.id(indexed("msg_id", i), request.msg_id[i]);
    }
    return c.retry_decision();
}

std::optional<validation_error> check(const file_download_record_request& request) {
    return checks().id("msg_id", request.msg_id).text({}, "download_path", request.download_path).retry_decision();
}

std::optional<validation_error> check(const msg_forward_request& request) {
    checks c;
    c.id("msg_id", request.msg_id)
        .kind({}, "chat_type", request.chat_type)
        .require(!request.receive.empty(), "receive is a list of nothing");
    for (std::size_t i = 0; i < request.receive.size(); ++i) {
        c.chat(request.receive[i], indexed("receive", i) + '.');
    }
    return c.retry_decision();
}

std::optional<validation_error> check(const pic_list_message_by_mid_seq_request& request) {
    return checks()
        .chat(request.chat)
        .require(request.earlier_count != 0 || request.later_count != 0, "earlier_count and later_count are both 0")
        .retry_decision();
}

std::optional<validation_error> check(const delete_msg_request& request) {
    return checks().chat(request.chat).id("msg_id", request.msg_id).retry_decision();
}

} // namespace codec
YUNHU_NAMESPACE_END
