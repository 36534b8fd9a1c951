// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/media_type.hpp"

#include <algorithm>
#include <array>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

using namespace std::string_view_literals;

std::uint64_t byte_at(std::string_view bytes, std::size_t at) noexcept {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8U | byte_at(bytes, at + i);
    }
    return value;
}

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = value << 8U | byte_at(bytes, at + i - 1);
    }
    return value;
}

bool has(std::string_view bytes, std::size_t at, std::string_view mark) noexcept {
    return bytes.size() >= at + mark.size() && bytes.substr(at, mark.size()) == mark;
}

// The size is in the first segment that begins a frame.
void measure_jpeg(std::string_view bytes, media_type& into) noexcept {
    std::size_t at = 2;
    while (at + 9 < bytes.size() && byte_at(bytes, at) == 0xFF) {
        const std::uint64_t marker = byte_at(bytes, at + 1);
        if (marker == 0xFF) { // padding
            ++at;
            continue;
        }
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            into.height = big_endian(bytes, at + 5, 2);
            into.width = big_endian(bytes, at + 7, 2);
            return;
        }
        at += 2 + static_cast<std::size_t>(std::max<std::uint64_t>(big_endian(bytes, at + 2, 2), 2));
    }
}

void measure_webp(std::string_view bytes, media_type& into) noexcept {
    constexpr std::uint64_t mask = 0x3FFF;
    if (has(bytes, 12, "VP8X")) {
        into.width = little_endian(bytes, 24, 3) + 1;
        into.height = little_endian(bytes, 27, 3) + 1;
    } else if (has(bytes, 12, "VP8L")) {
        const std::uint64_t sizes = little_endian(bytes, 21, 4);
        into.width = (sizes & mask) + 1;
        into.height = (sizes >> 14U & mask) + 1;
    } else if (has(bytes, 12, "VP8 ")) {
        into.width = little_endian(bytes, 26, 2) & mask;
        into.height = little_endian(bytes, 28, 2) & mask;
    }
}

media_type made(content_family family, std::string_view mime, std::string_view suffix) noexcept {
    media_type type;
    type.family = family;
    type.mime = mime;
    type.suffix = suffix;
    return type;
}

media_type sniff_image(std::string_view bytes) noexcept {
    media_type type;
    if (has(bytes, 0, "\x89PNG\r\n\x1A\n"sv)) {
        type = made(content_family::image, "image/png", "png");
        type.width = big_endian(bytes, 16, 4);
        type.height = big_endian(bytes, 20, 4);
    } else if (has(bytes, 0, "\xFF\xD8\xFF"sv)) {
        type = made(content_family::image, "image/jpeg", "jpg");
        measure_jpeg(bytes, type);
    } else if (has(bytes, 0, "GIF87a") || has(bytes, 0, "GIF89a")) {
        type = made(content_family::image, "image/gif", "gif");
        type.width = little_endian(bytes, 6, 2);
        type.height = little_endian(bytes, 8, 2);
    } else if (has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP")) {
        type = made(content_family::image, "image/webp", "webp");
        measure_webp(bytes, type);
    } else if (has(bytes, 0, "BM") && bytes.size() >= 26 && little_endian(bytes, 6, 4) == 0) {
        type = made(content_family::image, "image/bmp", "bmp");
        constexpr std::uint64_t sign = 1ULL << 31U; // rows from top to bottom
        const std::uint64_t height = little_endian(bytes, 22, 4);
        type.width = little_endian(bytes, 18, 4);
        type.height = (height & sign) != 0 ? (1ULL << 32U) - height : height;
    }
    return type;
}

} // namespace

media_type sniff_media_type(std::string_view bytes) {
    if (const media_type image = sniff_image(bytes); image.family != content_family::other) {
        return image;
    }
    if (has(bytes, 4, "ftyp")) {
        if (has(bytes, 8, "M4A") || has(bytes, 8, "M4B")) {
            return made(content_family::audio, "audio/mp4", "m4a");
        }
        return has(bytes, 8, "qt  ") ? made(content_family::video, "video/quicktime", "mov")
                                     : made(content_family::video, "video/mp4", "mp4");
    }
    if (has(bytes, 0, "\x1A\x45\xDF\xA3"sv)) {
        return bytes.substr(0, 64).find("webm") != bytes.npos ? made(content_family::video, "video/webm", "webm")
                                                              : made(content_family::video, "video/x-matroska", "mkv");
    }
    if (has(bytes, 0, "ID3") || (byte_at(bytes, 0) == 0xFF && (byte_at(bytes, 1) & 0xE6U) == 0xE2U)) {
        return made(content_family::audio, "audio/mpeg", "mp3");
    }
    if (byte_at(bytes, 0) == 0xFF && (byte_at(bytes, 1) & 0xF6U) == 0xF0U) {
        return made(content_family::audio, "audio/aac", "aac");
    }
    if (has(bytes, 0, "OggS")) {
        return made(content_family::audio, "audio/ogg", "ogg");
    }
    if (has(bytes, 0, "fLaC")) {
        return made(content_family::audio, "audio/flac", "flac");
    }
    if (has(bytes, 0, "RIFF") && has(bytes, 8, "WAVE")) {
        return made(content_family::audio, "audio/wav", "wav");
    }
    if (has(bytes, 0, "#!AMR")) {
        return made(content_family::audio, "audio/amr", "amr");
    }
    return {};
}

media_type media_type_of_suffix(std::string_view suffix) {
    struct known {
        std::string_view suffix;
        content_family family;
        std::string_view mime;
    };
    static constexpr std::array<known, 10> table{{
        {"txt", content_family::other, "text/plain"},
        {"pdf", content_family::other, "application/pdf"},
        {"zip", content_family::other, "application/zip"},
        {"json", content_family::other, "application/json"},
        {"csv", content_family::other, "text/csv"},
        {"avi", content_family::video, "video/x-msvideo"},
        {"flv", content_family::video, "video/x-flv"},
        {"m4a", content_family::audio, "audio/mp4"},
        {"opus", content_family::audio, "audio/ogg"},
        {"mp4", content_family::video, "video/mp4"},
    }};
    const auto* const found = std::ranges::find(table, suffix, &known::suffix);
    media_type type;
    if (found != table.end()) {
        type.family = found->family;
        type.mime = found->mime;
        type.suffix = found->suffix;
    }
    return type;
}

} // namespace storage
YUNHU_NAMESPACE_END
