// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/endpoint_table.hpp"
#include "endpoints/json_names.hpp"
#include "endpoints/message_cache.hpp"
#include "endpoints/schema.hpp"
#include "endpoints/validate.hpp"

#include <yunhu/secret.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Request -> body: walks the request's schema in its endpoint's format.
YUNHU_NAMESPACE_BEGIN
namespace codec {
namespace {

namespace json = boost::json;
using google::protobuf::io::CodedOutputStream;

template <class Member>
concept integer = std::is_integral_v<Member> || std::is_enum_v<Member>;

// --- protobuf: the size first, then the bytes, without an intermediate message ---------------------------------------

constexpr std::uint32_t varint_type = 0;
constexpr std::uint32_t sized_type = 2;
constexpr std::size_t max_message = std::numeric_limits<std::int32_t>::max(); // of protobuf

constexpr std::uint32_t tag_of(std::uint32_t number, std::uint32_t type) {
    return (number << 3U) | type;
}

template <class Value> std::size_t size_of(const Value& value);
template <class Value> std::uint8_t* write_to(std::uint8_t* out, const Value& value);

/// Adds up the bytes that `byte_writer` writes.
class byte_counter {
public:
    void number(std::uint32_t field, std::uint64_t value) {
        size_ += CodedOutputStream::VarintSize32(tag_of(field, varint_type)) + CodedOutputStream::VarintSize64(value);
    }
    void text(std::uint32_t field, std::string_view value) { sized(field, value.size()); }
    template <class Part> void message(std::uint32_t field, const Part& part) { sized(field, size_of(part)); }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    void sized(std::uint32_t field, std::size_t size) {
        size_ +=
            CodedOutputStream::VarintSize32(tag_of(field, sized_type)) + CodedOutputStream::VarintSize64(size) + size;
    }

    std::size_t size_ = 0;
};

class byte_writer {
public:
    explicit byte_writer(std::uint8_t* out) noexcept : out_(out) {}

    void number(std::uint32_t field, std::uint64_t value) {
        out_ = CodedOutputStream::WriteTagToArray(tag_of(field, varint_type), out_);
        out_ = CodedOutputStream::WriteVarint64ToArray(value, out_);
    }
    void text(std::uint32_t field, std::string_view value) {
        head(field, value.size());
        std::memcpy(out_, value.data(), value.size());
        out_ += value.size();
    }
    template <class Part> void message(std::uint32_t field, const Part& part) {
        head(field, size_of(part));
        out_ = write_to(out_, part);
    }

    [[nodiscard]] std::uint8_t* end() const noexcept { return out_; }

private:
    void head(std::uint32_t field, std::size_t size) {
        out_ = CodedOutputStream::WriteTagToArray(tag_of(field, sized_type), out_);
        out_ = CodedOutputStream::WriteVarint64ToArray(size, out_);
    }

    std::uint8_t* out_;
};

// Defaults are left out.

template <class Field, integer Member, class Sink> void put(const Field& field, Member value, Sink& sink) {
    if (value != Member{}) {
        sink.number(field.number, static_cast<std::uint64_t>(value));
    }
}

template <class Field, class Sink> void put(const Field& field, const std::string& value, Sink& sink) {
    if (!value.empty()) {
        sink.text(field.number, value);
    }
}

template <class Field, class Sink> void put(const Field& field, const std::vector<std::string>& values, Sink& sink) {
    for (const std::string& each : values) {
        sink.text(field.number, each);
    }
}

template <class Field, class Part, class Sink> void put(const Field& field, const indirect<Part>& part, Sink& sink) {
    if (Field::sent == presence::always || part) {
        sink.message(field.number, *part);
    }
}

template <class Field, class Part, class Sink>
requires requires {
    schema<Part>::fields;
}
void put(const Field& field, const Part& part, Sink& sink) {
    sink.message(field.number, part);
}

// In the order of the numbers, as protobuf writes them.
template <class Field, class Sink> void put(const Field& fields, const chat& value, Sink& sink) {
    const field<&chat::id> id{"chat_id", fields.id_number};
    const field<&chat::type> type{"chat_type", fields.type_number};
    if (fields.id_number < fields.type_number) {
        put(id, value.id, sink);
        put(type, value.type, sink);
    } else {
        put(type, value.type, sink);
        put(id, value.id, sink);
    }
}

template <class Value> consteval bool numbers_ascend() {
    std::uint32_t last = 0;
    bool ascend = true;
    for_each_field<Value>([&]<class Field>(const Field& each) {
        std::uint32_t first = 0;
        std::uint32_t end = 0;
        if constexpr (requires { each.id_number; }) {
            first = std::min(each.id_number, each.type_number);
            end = std::max(each.id_number, each.type_number);
            ascend = ascend && first != end;
        } else {
            first = end = each.number;
        }
        ascend = ascend && first > last;
        last = end;
    });
    return ascend;
}

template <class Value, class Sink> void put_fields(const Value& value, Sink& sink) {
    static_assert(numbers_ascend<Value>(), "a schema's fields must be in the order of their numbers");
    for_each_field<Value>([&]<class Field>(const Field& each) { put(each, Field::of(value), sink); });
}

template <class Value> std::size_t size_of(const Value& value) {
    byte_counter counter;
    put_fields(value, counter);
    return counter.size();
}

template <class Value> std::uint8_t* write_to(std::uint8_t* out, const Value& value) {
    byte_writer writer(out);
    put_fields(value, writer);
    return writer.end();
}

template <class Request> encoded encode_protobuf(const Request& request) {
    const std::size_t size = size_of(request);
    if (size > max_message) {
        return validation_error{"the request is larger than protobuf allows"};
    }
    std::string body = body_cache::take();
    body.resize(size);
    write_to(reinterpret_cast<std::uint8_t*>(body.data()), request);
    return encoded(encoded::in_place_value, std::move(body));
}

// --- JSON: every field, its key in camel case ------------------------------------------------------------------------

void put(json::object& to, std::string_view name, const std::string& value) {
    to[camel_case(name)] = value;
}

template <integer Member> void put(json::object& to, std::string_view name, Member value) {
    if constexpr (std::is_enum_v<Member>) {
        to[camel_case(name)] = static_cast<std::underlying_type_t<Member>>(value);
    } else if constexpr (std::is_same_v<Member, bool>) {
        to[camel_case(name)] = value ? 1 : 0;
    } else {
        to[camel_case(name)] = value;
    }
}

void put(json::object& to, std::string_view /*name*/, const chat& value) {
    put(to, "chat_id", value.id);
    put(to, "chat_type", value.type);
}

void put(json::object& to, std::string_view name, const std::vector<chat>& values) {
    json::array& items = to[camel_case(name)].emplace_array();
    for (const chat& each : values) {
        put(items.emplace_back(json::object()).get_object(), {}, each);
    }
}

// For the requests with several keys of one value.
template <class Field, class Member> void put_again(json::object& to, const Field& each, const Member& value) {
    if constexpr (requires { each.also; }) {
        if (!each.also.empty()) {
            put(to, each.also, value);
        }
    }
}

template <class Request> encoded encode_json(const Request& request) {
    json::object object;
    for_each_field<Request>([&]<class Field>(const Field& each) {
        put(object, each.name, Field::of(request));
        put_again(object, each, Field::of(request));
    });
    return encoded(encoded::in_place_value, json::serialize(object));
}

// A request with a secret is an object of texts. It is written into one block, without values that would keep a copy.

template <class Request> consteval bool has_secret() {
    bool has = false;
    for_each_field<Request>([&]<class Field>(const Field&) {
        has = has || std::is_same_v<std::remove_cvref_t<decltype(Field::of(std::declval<Request&>()))>, secret>;
    });
    return has;
}

std::string_view text_of(const std::string& value) {
    return value;
}

std::string_view text_of(const secret& value) {
    return value.reveal();
}

constexpr std::size_t longest_escape = 6; // of a byte: \u001f

void append_quoted(std::string& to, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    to += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            to += '\\';
            to += c;
        } else if (byte < 0x20) {
            to.append("\\u00").push_back(digits[byte >> 4U]);
            to += digits[byte & 0xFU];
        } else {
            to += c;
        }
    }
    to += '"';
}

template <class Request> encoded encode_texts(const Request& request) {
    std::size_t size = 2;
    for_each_field<Request>([&]<class Field>(const Field& each) {
        constexpr std::size_t punctuation = 6;
        size += each.name.size() + longest_escape * text_of(Field::of(request)).size() + punctuation;
    });
    std::string body;
    body.reserve(size);
    for_each_field<Request>([&]<class Field>(const Field& each) {
        body += body.empty() ? '{' : ',';
        append_quoted(body, camel_case(each.name));
        body += ':';
        append_quoted(body, text_of(Field::of(request)));
    });
    body += '}';
    return encoded(encoded::in_place_value, std::move(body));
}

} // namespace

template <class Request> std::optional<validation_error> validate(const Request& request) {
    validator v;
    for_each_field<Request>([&]<class Field>(const Field& each) {
        if constexpr (requires { each.must; }) {
            v.field(each.name, each.must, Field::of(request));
        } else {
            v.chat({}, Field::of(request));
        }
    });
    if constexpr (requires { schema<Request>::violation(request); }) {
        v.whole(schema<Request>::violation(request));
    }
    return v.result();
}

template <class Request> encoded encode(const Request& request) {
    if (std::optional<validation_error> violation = validate(request)) {
        return *std::move(violation);
    }
    if constexpr (endpoint_of<Request>.format == wire_format::protobuf) {
        static_assert(!has_secret<Request>());
        return encode_protobuf(request);
    } else if constexpr (has_secret<Request>()) {
        static_assert(endpoint_of<Request>.holds_secrets, "a row whose request has a secret must be made with_secrets");
        return encode_texts(request);
    } else {
        return encode_json(request);
    }
}

// Compiles both for the request of every row.
template <const auto&... Rows> constexpr auto codec_for(endpoints::row_list<Rows...> /*rows*/) {
    return std::make_tuple(std::pair(&encode<typename std::remove_cvref_t<decltype(Rows)>::request_type>,
                                     &validate<typename std::remove_cvref_t<decltype(Rows)>::request_type>)...);
}
[[gnu::used]] constexpr auto codec_of_rows = codec_for(every_row());

} // namespace codec
YUNHU_NAMESPACE_END
