// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "support/memory_meter.hpp"
#include "wire_text.hpp"

#include <yunhu/buttons.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// The memory of a body and of what is decoded from it is bounded by the body's size, for any bytes.
namespace yunhu::test {
namespace {

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;
constexpr std::size_t largest = 8 * mebibyte; // the default limit of a body

struct outcome {
    error_code ec;
    std::string detail;
    std::size_t items = 0;
    std::size_t peak = 0; ///< of the decoder
};

// On a thread of its own: no memory is kept from an earlier decode.
template <class Result, class Items>
outcome decoded(std::string_view body, error_code (*decode)(std::string_view, Result&), Items items) {
    outcome made;
    std::thread([&] {
        const memory_meter meter;
        Result into;
        made.ec = decode(body, into);
        made.peak = meter.peak();
        made.items = items(into);
        made.detail = std::move(into.detail);
    }).join();
    return made;
}

outcome page_of(std::string_view body) {
    return decoded<message_page>(body, &codec::decode_page, [](const message_page& p) { return p.messages.size(); });
}

outcome records_of(std::string_view body) {
    return decoded<edit_record_page>(body, &codec::decode_edit_records,
                                     [](const edit_record_page& p) { return p.records.size(); });
}

outcome status_of(std::string_view body) {
    return decoded<call_info>(body, &codec::decode_status, [](const call_info&) { return std::size_t{0}; });
}

outcome json_status_of(std::string_view body) {
    return decoded<call_info>(body, &codec::decode_json_status, [](const call_info&) { return std::size_t{0}; });
}

void expect_bounded(std::string_view body, const outcome& seen, std::string_view what) {
    EXPECT_LE(body.size() + seen.peak, 12 * body.size() + mebibyte)
        << what << ": a body of " << body.size() << " bytes";
}

std::string repeated(std::string_view item, std::size_t bytes) {
    std::string made;
    made.reserve(bytes);
    while (made.size() + item.size() <= bytes) {
        made += item;
    }
    return made;
}

constexpr std::size_t sizes[] = {40, 2000, 4096, 40'000, mebibyte}; // the bound of a large one is the tightest

// --- protobuf --------------------------------------------------------------------------------------------------------

std::string message_with(const std::string& fields) {
    return field(2, fields);
}

std::string sender_with(const std::string& fields) {
    return field(2, fields);
}

std::string content_with(const std::string& fields) {
    return field(5, fields);
}

// Texts of that size in all fields of a content that are below 14.
std::string texts_of(std::size_t size) {
    std::string made;
    for (unsigned number = 1; number < 14; ++number) {
        made += field(number, std::string(size, 'x'));
    }
    return made;
}

std::string growing_texts(std::size_t bytes) {
    std::string made;
    for (std::size_t size = 16; made.size() + size + 8 < bytes; size += size / 2) {
        made += field(1, std::string(size, 'x'));
    }
    return made;
}

struct hostile_body {
    std::string name;
    std::function<std::string(std::size_t bytes)> make; ///< behind a status of success
};

std::vector<hostile_body> hostile_pages() {
    const auto all = [](std::string item) { return [item](std::size_t bytes) { return repeated(item, bytes); }; };
    const auto one = [](auto wrap, std::string item) {
        return [wrap, item](std::size_t bytes) { return message_with(wrap(repeated(item, bytes))); };
    };
    const std::string unknown = "\x78\x01"; // field 15
    return {
        {"empty messages", all(message_with(""))},
        {"messages of one unknown field", all(message_with(unknown))},
        {"messages with a command", all(message_with(field(7, "")))},
        {"messages of empty parts", all(message_with(sender_with("") + content_with("") + field(7, "")))},
        {"messages with unknown fields in all parts",
         all(message_with(unknown + sender_with(unknown) + content_with("\xf8\x03\x01") + field(7, unknown)))},
        {"messages with a tag", all(message_with(sender_with(field(7, ""))))},
        {"messages with a mention", all(message_with(content_with(field(6, ""))))},
        {"messages that can't be read", all(message_with("\xff"))},
        {"messages with a field of another type", all(message_with("\x08\x01"))},
        {"messages with texts of 16 bytes", all(message_with(content_with(texts_of(16))))},
        {"empty tags", one(sender_with, field(7, ""))},
        {"tags of a number", one(sender_with, field(7, "\x08\x01"))},
        {"tags of short texts", one(sender_with, field(7, field(2, "a") + field(3, "b") + field(4, "c")))},
        {"tags of texts of 16 bytes", one(sender_with, field(7, field(3, std::string(16, 'x'))))},
        {"tags with unknown fields", one(sender_with, field(7, unknown))},
        {"empty old tags", one(sender_with, field(6, ""))},
        {"old tags of 16 bytes", one(sender_with, field(6, std::string(16, 'x')))},
        {"empty mentions", one(content_with, field(6, ""))},
        {"mentions of 7 bytes", one(content_with, field(6, "1234567"))},
        {"mentions of 16 bytes", one(content_with, field(6, std::string(16, 'x')))},
        {"unknown fields in a content", one(content_with, "\xf8\x03\x01")},
        {"unknown groups", one(content_with, "\x7b\x7c")},
        {"deep unknown groups", one(content_with, "\x7b")},
        {"a sender again and again", one([](const std::string& s) { return s; }, sender_with(field(3, "x")))},
        {"one long text",
         [](std::size_t bytes) { return message_with(content_with(field(1, std::string(bytes, 'x')))); }},
        {"one text that grows", [](std::size_t bytes) { return message_with(content_with(growing_texts(bytes))); }},
        {"status again and again", all(field(1, "\x10\x01"))},
        {"unknown fields of the reply", all(unknown)},
        {"unknown fields of the status",
         [=](std::size_t bytes) { return field(1, "\x10\x01" + repeated(unknown, bytes)); }},
        {"a long text of the status",
         [](std::size_t bytes) { return field(1, "\x10\x01" + field(3, std::string(bytes, 'x'))); }},
    };
}

TEST(decode_memory, of_a_hostile_page_is_bounded) {
    for (const hostile_body& each : hostile_pages()) {
        for (const std::size_t size : sizes) {
            const std::string body = field(1, "\x10\x01") + each.make(std::max<std::size_t>(size, 60) - 40);
            expect_bounded(body, page_of(body), each.name);
            expect_bounded(body, status_of(body), each.name + ", as a status");
        }
    }
}

TEST(decode_memory, is_refused_before_anything_is_built) {
    const std::string status = field(1, "\x10\x01");
    for (const std::string& items :
         {repeated(message_with(""), largest - 100), message_with(sender_with(repeated(field(7, ""), largest - 100))),
          message_with(content_with(repeated(field(6, ""), largest - 100)))}) {
        const outcome seen = page_of(status + items);
        EXPECT_EQ(seen.ec, errc::bad_response);
        EXPECT_EQ(seen.detail, "the body has too many parts for its size: decoded it would take too much memory");
        EXPECT_LE(seen.peak, 4096U);
        EXPECT_EQ(seen.items, 0U);
    }
}

// A message as the service sends it, about as short as one can be.
std::string short_message() {
    return message_with(field(1, "0123456789abcdef0123456789abcdef") +
                        sender_with(field(1, "7356666") + "\x10\x01" + field(3, "a")) + field(3, "left") + "\x20\x01" +
                        content_with(field(1, "ok")) + std::string("\x30\xfb\xd0\x95\xff\xbc\x31\x50\x8a\x34"));
}

TEST(decode_memory, suffices_for_real_pages) {
    const std::string status = field(1, "\x10\x01");
    for (const std::size_t count : {std::size_t{1}, std::size_t{100}, std::size_t{1500}}) {
        std::string body = status;
        for (std::size_t i = 0; i < count; ++i) {
            body += short_message();
        }
        const outcome seen = page_of(body);
        EXPECT_FALSE(seen.ec) << seen.detail;
        EXPECT_EQ(seen.items, count);
    }
    const std::string usual = message_with(
        field(1, "0123456789abcdef0123456789abcdef") +
        sender_with(field(1, "7356666") + "\x10\x01" + field(3, "some name") +
                    field(4, "https://chat-img.example.com/avatars/0123456789abcdef.png") +
                    field(7, "\x08\x01" + field(3, "tag") + field(4, "#FF112233"))) +
        field(3, "left") + "\x20\x01" + content_with(field(1, "some words, and a mention") + field(6, "1234567")) +
        std::string("\x30\xfb\xd0\x95\xff\xbc\x31\x50\x8a\x34"));
    const std::string body = status + repeated(usual, largest - 100);
    const outcome seen = page_of(body);
    EXPECT_FALSE(seen.ec) << seen.detail;
    EXPECT_EQ(seen.items, (body.size() - status.size()) / usual.size());
    expect_bounded(body, seen, "usual messages");
}

// --- JSON ------------------------------------------------------------------------------------------------------------

std::string list_of(std::string_view item, std::size_t bytes, std::string_view before, std::string_view after) {
    std::string made(before);
    made += item;
    while (made.size() + 1 + item.size() + after.size() <= bytes) {
        made += ',';
        made += item;
    }
    return made.append(after);
}

std::vector<std::string> hostile_lists(std::size_t bytes) {
    std::vector<std::string> made;
    for (const std::string_view item :
         {"{}", "[]", "0", "1.5", "null", R"("")", R"("x")", R"("0123456789abcdef")", R"({"a":0})", R"({"":{}})",
          "[[]]", "[0]", R"({"id":1})", R"({"contentOld":"{}"})", R"({"contentOld":"[0,0,0]"})", R"({"id":null})",
          R"({"contentOld":"{\"text\":\"0123456789abcdef\"}"})", R"({"contentOld":"{\"at\":[\"\",\"\"]}"})"}) {
        made.push_back(list_of(item, bytes, R"({"code":1,"data":{"list":[)", "]}}"));
        made.push_back(list_of(item, bytes, R"({"code":1,"x":[)", "]}"));
    }
    for (const std::string_view item : {R"("":0)", R"("a":{})", R"("a":"")"}) {
        made.push_back(list_of(item, bytes, R"({"code":1,"x":{)", "}}"));
    }
    // In the content of a record, which is JSON in a text.
    for (const std::string_view item : {"{}", "[]", "0", R"(\"\")", R"(\"0123456789abcdef\")", R"({\"a\":1e9})"}) {
        for (const std::string_view name : {"at", "buttons", "form", "new"}) {
            made.push_back(list_of(item, bytes,
                                   R"({"code":1,"data":{"list":[{"contentOld":"{\")" + std::string(name) + R"(\":[)",
                                   R"(]}"}]}})"));
        }
    }
    made.push_back(list_of(R"(\"at\":[\"\"])", bytes, R"({"code":1,"data":{"list":[{"contentOld":"{)", R"(}"}]}})"));
    made.push_back(list_of(R"(\"form\":{})", bytes, R"({"code":1,"data":{"list":[{"contentOld":"{)", R"(}"}]}})"));
    const std::string text(bytes > 100 ? bytes - 100 : 1, 'x');
    made.push_back(R"({"code":1,"msg":")" + text + R"("})");
    made.push_back(R"({"code":1,"data":{"list":[{"contentOld":")" + text + R"("}]}})");
    made.push_back(R"({"code":1,"data":{"list":[{"contentOld":"{\"text\":\")" + text + R"(\"}"}]}})");
    made.push_back(R"({"code":1,"data":{"list":[{"msgId":")" + text + R"("}]}})");
    made.push_back(std::string(bytes, '['));
    made.push_back(repeated(R"({"x":)", bytes));
    made.push_back(R"({"code":1,"x":)" + repeated("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]],", bytes));
    made.push_back(R"({"code":1,"x":[)" + repeated("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]],", bytes) + "0]}");
    return made;
}

TEST(decode_memory, of_hostile_json_is_bounded) {
    for (const std::size_t size : sizes) {
        for (const std::string& body : hostile_lists(size)) {
            const std::string what = body.substr(0, 80);
            expect_bounded(body, json_status_of(body), what);
            expect_bounded(body, status_of(body), what + ", where protobuf was expected");
            expect_bounded(body, records_of(body), what + ", as edit records");
        }
    }
}

TEST(decode_memory, suffices_for_real_edit_records) {
    constexpr std::string_view shortest =
        R"({"id":1018684,"msgId":"0123456789abcdef0123456789abcdef","contentType":1,)"
        R"("contentOld":"{\"text\":\"ok\"}","createTime":1231231231230,"msgTime":1231231231231})";
    for (const std::size_t size : {std::size_t{200}, std::size_t{40'000}, largest}) {
        const std::string body = list_of(shortest, size, R"({"code":1,"data":{"list":[)", R"(],"total":1}})");
        const outcome seen = records_of(body);
        EXPECT_FALSE(seen.ec) << size << ": " << seen.detail;
        EXPECT_GE(seen.items, size / (shortest.size() + 1) - 1);
    }
}

TEST(decode_memory, of_hostile_buttons_is_bounded) {
    for (const std::size_t size : sizes) {
        for (const std::string_view item : {"{}", "[]", "0", R"({"text":"0123456789abcdef"})", R"({"url":null})"}) {
            for (const std::string& body : {list_of(item, size, "[[", "]]"), list_of(item, size, "[", "]"),
                                            list_of("[" + std::string(item) + "]", size, "[", "]")}) {
                std::size_t peak = 0;
                {
                    const memory_meter meter;
                    const auto rows = parse_buttons(body);
                    peak = meter.peak();
                }
                EXPECT_LE(body.size() + peak, 12 * body.size() + mebibyte) << body.substr(0, 40) << ": " << size;
            }
        }
    }
}

} // namespace
} // namespace yunhu::test
