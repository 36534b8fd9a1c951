// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/shape.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstddef>
#include <cstdint>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using kind = message_shape::kind;

constexpr std::string_view not_a_message = "not a protobuf message";

/// A field on the wire.
struct wire_field {
    enum class kind : std::uint8_t {
        varint,
        sized, ///< a text or a message
        other,
    };

    std::uint32_t number = 0;
    kind type = kind::varint;
    std::uint64_t value = 0;
    std::string_view part;
};

/// Reads the fields of a message one by one.
class wire_reader {
public:
    enum class end : std::uint8_t { none, of_message, not_protobuf };

    explicit wire_reader(std::string_view bytes)
        : bytes_(bytes), in_(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size())) {}

    end next(wire_field& field) {
        if (position() == bytes_.size()) {
            return end::of_message;
        }
        const std::uint32_t tag = in_.ReadTag();
        field.number = static_cast<std::uint32_t>(WireFormatLite::GetTagFieldNumber(tag));
        if (field.number == 0) {
            return end::not_protobuf;
        }
        bool read = false;
        if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_VARINT) {
            field.type = wire_field::kind::varint;
            read = in_.ReadVarint64(&field.value);
        } else if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
            field.type = wire_field::kind::sized;
            std::uint32_t size = 0;
            read = in_.ReadVarint32(&size) && size <= bytes_.size() - position();
            if (read) {
                field.part = bytes_.substr(position(), size);
                in_.Skip(static_cast<int>(size));
            }
        } else {
            field.type = wire_field::kind::other;
            read = WireFormatLite::SkipField(&in_, tag);
        }
        return read ? end::none : end::not_protobuf;
    }

private:
    [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(in_.CurrentPosition()); }

    std::string_view bytes_;
    CodedInputStream in_;
};

template <class Visit> void for_each_field(std::string_view bytes, Visit visit) {
    wire_reader in(bytes);
    for (wire_field field; in.next(field) == wire_reader::end::none;) {
        visit(field);
    }
}

using shapes = std::map<std::string, message_shape, std::less<>>;

// Numbers of google/protobuf/descriptor.proto.

void read_field(std::string_view descriptor, message_shape& into, shapes& all) {
    constexpr std::uint64_t type_string = 9;
    constexpr std::uint64_t type_message = 11;
    constexpr std::uint64_t type_bytes = 12;
    message_shape::field read;
    std::uint32_t number = 0;
    for_each_field(descriptor, [&](const wire_field& field) {
        switch (field.number) {
        case 1:
            read.name = field.part;
            break;
        case 3:
            number = static_cast<std::uint32_t>(field.value);
            break;
        case 5:
            read.type = field.value == type_message                               ? kind::message
                        : field.value == type_string || field.value == type_bytes ? kind::text
                                                                                  : kind::number;
            break;
        case 6:
            read.message = &all[std::string(field.part.substr(field.part.rfind('.') + 1))];
            break;
        default:
            break;
        }
    });
    into.fields.emplace(number, std::move(read));
}

void read_message(std::string_view descriptor, const std::string& file, shapes& all) {
    message_shape* into = nullptr;
    for_each_field(descriptor, [&](const wire_field& field) {
        if (field.number == 1) {
            into = &all[std::string(field.part)];
            into->file = file;
        } else if (field.number == 2) {
            read_field(field.part, *into, all);
        }
    });
}

shapes read_descriptors() {
    shapes all;
    for_each_field(descriptors(), [&](const wire_field& file) {
        std::string name;
        for_each_field(file.part, [&](const wire_field& field) {
            if (field.number == 1) {
                name = field.part;
            } else if (field.number == 4) {
                read_message(field.part, name, all);
            }
        });
    });
    return all;
}

} // namespace

const shapes& message_shapes() {
    static const shapes& all = *new shapes(read_descriptors()); // never destroyed: an emulator may live until the exit
    return all;
}

namespace {

std::string_view find(std::string_view body, const message_shape& expected, std::string_view unknown, int depth) {
    constexpr int max_depth = 100; // of the parser
    wire_reader in(body);
    std::string_view deviation;
    for (wire_field field;;) {
        const auto end = in.next(field);
        if (end == wire_reader::end::of_message) {
            return deviation;
        }
        if (end == wire_reader::end::not_protobuf || depth > max_depth) {
            return not_a_message;
        }
        const auto known = expected.fields.find(field.number);
        const auto wanted = known == expected.fields.end()       ? wire_field::kind::other
                            : known->second.type == kind::number ? wire_field::kind::varint
                                                                 : wire_field::kind::sized;
        if (known == expected.fields.end() || field.type != wanted) {
            deviation = unknown;
            continue;
        }
        if (known->second.type == kind::text && !valid_utf8(field.part)) {
            return "text that is not UTF-8";
        }
        if (known->second.type == kind::message) {
            const auto inner = find(field.part, *known->second.message, unknown, depth + 1);
            if (!inner.empty() && inner != unknown) {
                return inner;
            }
            deviation = inner.empty() ? deviation : inner;
        }
    }
}

} // namespace

std::string_view find_problem(std::string_view body, const message_shape& expected) {
    return find(body, expected, {}, 0);
}

std::string_view find_deviation(std::string_view body, const message_shape& expected) {
    return find(body, expected, "unknown field, or a field of another type", 0);
}

std::string_view text_of(std::string_view body, const message_shape& shape, std::string_view name) {
    std::string_view text;
    for_each_field(body, [&](const wire_field& field) {
        const auto known = shape.fields.find(field.number);
        if (text.empty() && known != shape.fields.end() && known->second.type == kind::text &&
            known->second.name == name) {
            text = field.part;
        }
    });
    return text;
}

bool valid_utf8(std::string_view text) noexcept {
    struct range {
        unsigned char low, high;
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at++]);
        std::size_t more = 0;
        range second{0x80,
                     0xBF}; // narrower after some leads: no overlong forms, surrogates or code points above U+10FFFF
        if (lead < 0x80) {
            continue;
        }
        if (lead >= 0xC2 && lead <= 0xDF) {
            more = 1;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            more = 2;
            second = lead == 0xE0 ? range{0xA0, 0xBF} : lead == 0xED ? range{0x80, 0x9F} : second;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            more = 3;
            second = lead == 0xF0 ? range{0x90, 0xBF} : lead == 0xF4 ? range{0x80, 0x8F} : second;
        } else {
            return false;
        }
        if (text.size() - at < more) {
            return false;
        }
        for (std::size_t i = 0; i < more; ++i) {
            const auto next = static_cast<unsigned char>(text[at++]);
            const range allowed = i == 0 ? second : range{0x80, 0xBF};
            if (next < allowed.low || next > allowed.high) {
                return false;
            }
        }
    }
    return true;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
