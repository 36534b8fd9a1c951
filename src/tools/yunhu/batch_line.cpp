// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "batch_line.hpp"

#include "fields.hpp"
#include "settings.hpp"
#include "text_input.hpp"

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cli {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

// Goes over JSON text without making values of it: those of Boost.JSON have 64 bits and whole characters.
class json_scanner {
public:
    explicit json_scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] std::size_t position() const { return at_; }

    bool skip(char c) {
        skip_blanks();
        if (at_ >= text_.size() || text_[at_] != c) {
            return false;
        }
        ++at_;
        return true;
    }

    // The string's text between its quotes, with its escapes.
    std::optional<std::string_view> string() {
        if (!skip('"')) {
            return std::nullopt;
        }
        const std::size_t begin = at_;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
            } else if (text_[at_] == '"') {
                return text_.substr(begin, at_++ - begin);
            }
        }
        return std::nullopt;
    }

    std::optional<std::string_view> value() {
        skip_blanks();
        const std::size_t begin = at_;
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                if (!string()) {
                    return std::nullopt;
                }
                continue;
            }
            const bool ends = c == '}' || c == ']';
            if (depth == 0 && (ends || c == ',' || is_blank(c))) {
                break;
            }
            depth += c == '{' || c == '[' ? 1 : 0;
            depth -= ends ? 1 : 0;
            ++at_;
        }
        return at_ == begin ? std::nullopt : std::optional(text_.substr(begin, at_ - begin));
    }

private:
    static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) {
            ++at_;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// The value of the object's last member of that name, as it is written; nothing if it has none, or is no object.
std::optional<std::string_view> written_value(std::string_view object, std::string_view name) {
    std::optional<std::string_view> found;
    json_scanner scan(object);
    for (bool more = scan.skip('{'); more; more = scan.skip(',')) {
        const auto key = scan.string();
        const auto value = key && scan.skip(':') ? scan.value() : std::nullopt;
        if (!value) {
            break;
        }
        if (*key == name) {
            found = value;
        }
    }
    return found;
}

// Whether the text is JSON, with anything in the place of a surrogate and any exponent.
bool is_json(std::string text) {
    for (std::size_t at = text.find('\\'); at != std::string::npos && at + 2 < text.size();
         at = text.find('\\', at + 2)) {
        if (text[at + 1] == 'u' && (text[at + 2] == 'd' || text[at + 2] == 'D')) {
            text[at + 2] = '0'; // U+0xxx
        }
    }
    error_code ec;
    json::parse(text, ec);
    return !ec || ec == json::error::exponent_overflow;
}

} // namespace

void batch_line::parse(std::string_view text) {
    if (is_not_utf8(text)) {
        throw bad_field("line", "must be UTF-8; it is UTF-16 or binary");
    }
    std::string left(text);
    const auto written = written_value(text, "tag");
    if (written && is_json(std::string(*written))) {
        tag = *written;
        left.replace(static_cast<std::size_t>(written->data() - text.data()), written->size(), "null");
    }
    error_code ec;
    json::value parsed = json::parse(left, ec);
    if (ec && is_json(std::move(left))) {
        throw bad_field("line", "must not contain a lone surrogate");
    }
    if (ec || !parsed.is_object()) {
        throw bad_field("line", ec ? message("must be JSON") : message("must be a JSON object"));
    }
    fields = std::move(parsed.get_object());
    if (const auto found = fields.find("tag"); found != fields.end()) {
        tag = written ? tag : json::serialize(found->value()); // its name is written with escapes
        fields.erase(found);
    }
    const auto name = fields.find("call");
    if (name == fields.end() || !name->value().is_string()) {
        throw bad_field("call", "must be the name of an endpoint");
    }
    what = find_call(std::string_view(name->value().get_string()));
    if (what == nullptr) {
        throw bad_field("call", "is not an endpoint");
    }
    fields.erase(name);
    pause = milliseconds(take_number(fields, "wait_ms", 0, longest_ms).value_or(0));
    if (const auto ms = take_number(fields, "timeout_ms", 0, longest_ms)) {
        timeout = milliseconds(*ms);
    }
}

} // namespace cli
