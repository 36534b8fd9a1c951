#include "print.hpp"

#include "to_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <iomanip>
#include <ostream>

namespace cli {
namespace {

std::string_view text_of(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v != nullptr && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

// All numbers of a reply are unsigned, and only to be shown here.
std::uint64_t number_of(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v != nullptr && v->is_number() ? v->to_number<std::uint64_t>() : 0;
}

std::string local_time(std::uint64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    char shown[32];
    if (ms == 0 || localtime_r(&seconds, &parts) == nullptr ||
        std::strftime(shown, sizeof shown, "%Y-%m-%d %H:%M:%S", &parts) == 0) {
        return "-";
    }
    return shown;
}

std::string_view content_type_name(std::uint64_t type) {
    constexpr std::string_view names[] = {"?",    "text", "image", "markdown", "file", "form", "article", "sticker",
                                          "html", "tip",  "video", "audio",    "?",    "call", "a2ui"};
    return type < std::size(names) ? names[type] : "?";
}

// What a message says, or else the first thing that it shows.
std::string summary_of(const json::object& content) {
    for (const std::string_view name : {"text", "post_title", "file_name", "image", "image_url", "file_url",
                                        "video_url", "audio_url", "form", "tip"}) {
        if (const std::string_view text = text_of(content, name); !text.empty()) {
            return on_one_line(text);
        }
    }
    return {};
}

void print_message(std::ostream& out, const json::object& m) {
    out << std::setw(8) << number_of(m, "msg_seq") << "  " << local_time(number_of(m, "send_time")) << "  "
        << on_one_line(text_of(m, "msg_id")) << "  " << on_one_line(text_of(m.at("sender").as_object(), "name")) << " ["
        << content_type_name(number_of(m, "content_type")) << "] " << summary_of(m.at("content").as_object());
    if (number_of(m, "edit_time") != 0) {
        out << " (edited)";
    }
    if (number_of(m, "msg_delete_time") != 0) {
        out << " (recalled)";
    }
    out << '\n';
}

void print_record(std::ostream& out, const json::object& r) {
    out << std::setw(8) << number_of(r, "id") << "  " << local_time(number_of(r, "createTime")) << "  ["
        << content_type_name(number_of(r, "contentType")) << "] " << on_one_line(text_of(r, "contentOld")) << '\n';
}

} // namespace

std::string on_one_line(std::string_view text) {
    std::string shown;
    const std::string valid = as_utf8(text);
    for (std::size_t i = 0; i < valid.size(); ++i) {
        const auto c = static_cast<unsigned char>(valid[i]);
        const bool c1 = c == 0xC2 && static_cast<unsigned char>(valid[i + 1]) < 0xA0; // U+0080 to U+009F
        i += c1 ? 1 : 0;
        shown += c < 0x20 || c == 0x7F || c1 ? ' ' : valid[i];
    }
    return shown;
}

void print_reply(std::ostream& out, const json::object& reply) {
    if (const json::value* data = reply.if_contains("data")) {
        const json::array& records = data->at("list").as_array();
        for (const json::value& r : records) {
            print_record(out, r.as_object());
        }
        out << records.size() << " of " << number_of(data->as_object(), "total") << " records\n";
    } else if (const json::value* messages = reply.if_contains("msg"); messages != nullptr && messages->is_array()) {
        for (const json::value& m : messages->get_array()) {
            print_message(out, m.as_object());
        }
        out << messages->get_array().size() << " messages\n";
    } else if (const std::string_view id = text_of(reply, "msg_id"); !id.empty()) {
        out << "sent " << on_one_line(id) << '\n';
    } else {
        out << "done\n";
    }
}

void print_failure(std::ostream& out, const yunhu::failure& f) {
    out << "yunhu: " << on_one_line(yunhu::describe(f)) << '\n';
    if (!f.api_msg.empty()) {
        out << "  the server says: " << on_one_line(f.api_msg) << '\n';
    }
    if (f.delivery == yunhu::delivery::maybe_sent && !f.msg_id.empty()) {
        out << "  it may have acted; look for " << on_one_line(f.msg_id) << " before doing it again\n";
    }
}

} // namespace cli
