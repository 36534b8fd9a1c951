// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/storage_reply.hpp"

#include "media/json_reading.hpp"
#include "media/storage_hosts.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr int ok = 200;
constexpr int bad_request = 400;
constexpr int unauthorized = 401;
constexpr int too_many_requests = 429;
constexpr int server_error = 500;
constexpr int too_frequent = 573;
constexpr int callback_failed = 579;
constexpr int no_such_upload = 612;
constexpr int file_exists = 614;
constexpr int no_such_upload_id = 701;
// Final although they are above 500.
constexpr std::array<int, 12> never_repeated{501, 509, 579, 608, 612, 614, 616, 618, 630, 631, 632, 640};

// A text that the server chooses is kept short.
constexpr std::size_t max_text = 256;

} // namespace

storage_decision decide(int status, std::string_view body, bool in_parts) {
    storage_decision made;
    const auto answer = parse_object(body);
    if (answer) {
        made.text = text_in(*answer, "error").substr(0, max_text);
    }
    if (status == ok) {
        if (answer && made.text.empty()) {
            made.step = storage_step::done;
        } else if (!answer) {
            made.detail = "the storage answered with something else than JSON";
        }
        return made;
    }
    if (status == bad_request && made.text.find("incorrect region") != std::string::npos) {
        made.host = host_in_text(made.text);
        made.step = made.host.empty() ? storage_step::fail : storage_step::use_host;
        made.detail = made.host.empty() ? "the storage named a host that is not one of its own" : "";
    } else if (status == unauthorized) {
        made.step = storage_step::renew_token;
    } else if (status == callback_failed) {
        made.step = storage_step::done_unseen;
    } else if (status == file_exists) {
        made.step = storage_step::exists;
    } else if (status == too_frequent || status == too_many_requests) {
        made.step = storage_step::wait;
    } else if (in_parts && (status == no_such_upload || status == no_such_upload_id)) {
        made.step = storage_step::restart_parts;
    } else if ((status == bad_request && made.text.find("no such domain") != std::string::npos) ||
               (status >= server_error && status != no_such_upload_id &&
                std::ranges::find(never_repeated, status) == never_repeated.end())) {
        made.step = storage_step::next_host;
    }
    return made;
}

std::optional<stored_object> parse_stored_object(std::string_view body) {
    const auto answer = parse_object(body);
    if (!answer) {
        return std::nullopt;
    }
    stored_object made;
    made.key = text_in(*answer, "key");
    made.hash = text_in(*answer, "hash");
    made.size = number_in(*answer, "fsize");
    const boost::json::object* const about = object_in(*answer, "avinfo");
    if (const boost::json::object* const video = about != nullptr ? object_in(*about, "video") : nullptr;
        video != nullptr) {
        made.width = number_in(*video, "width");
        made.height = number_in(*video, "height");
    }
    if (made.key.empty()) {
        return std::nullopt;
    }
    return made;
}

bool is_upload_id(std::string_view text) noexcept {
    constexpr std::size_t max_id = 1024;
    return !text.empty() && text.size() <= max_id && std::ranges::all_of(text, [](char c) {
        return c > ' ' && c < '\x7f' && c != '/' && c != '?' && c != '#' && c != '%';
    });
}

std::optional<parts_session> parse_parts_session(std::string_view body) {
    const auto answer = parse_object(body);
    if (!answer) {
        return std::nullopt;
    }
    parts_session made;
    made.upload_id = text_in(*answer, "uploadId");
    made.expires = number_in(*answer, "expireAt");
    return is_upload_id(made.upload_id) ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<stored_part> parse_stored_part(std::string_view body, std::uint64_t number) {
    const auto answer = parse_object(body);
    stored_part made;
    made.number = number;
    if (answer) {
        made.etag = text_in(*answer, "etag");
        made.md5 = text_in(*answer, "md5");
    }
    return made.etag.empty() ? std::nullopt : std::optional(std::move(made));
}

std::optional<part_list> parse_part_list(std::string_view body) {
    const auto answer = parse_object(body);
    const boost::json::array* const parts = answer ? array_in(*answer, "parts") : nullptr;
    if (parts == nullptr) {
        return std::nullopt;
    }
    part_list made;
    made.next_marker = number_in(*answer, "partNumberMarker");
    for (const boost::json::value& each : *parts) {
        if (!each.is_object()) {
            return std::nullopt;
        }
        stored_part part;
        part.number = number_in(each.get_object(), "partNumber");
        part.etag = text_in(each.get_object(), "etag");
        part.size = number_in(each.get_object(), "size");
        if (part.number == 0 || part.etag.empty()) {
            return std::nullopt;
        }
        made.parts.push_back(std::move(part));
    }
    return made;
}

} // namespace storage
YUNHU_NAMESPACE_END
