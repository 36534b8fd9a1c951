// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/media_type.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace yunhu::storage {
namespace {

using namespace std::string_literals;

void expect(const std::string& bytes, std::string_view mime, std::string_view suffix, std::uint64_t width = 0,
            std::uint64_t height = 0) {
    const media_type type = sniff_media_type(bytes);
    EXPECT_EQ(type.mime, mime);
    EXPECT_EQ(type.suffix, suffix);
    EXPECT_EQ(type.width, width) << mime;
    EXPECT_EQ(type.height, height) << mime;
}

TEST(media_type, images_with_their_size) {
    expect("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02"s, "image/png", "png", 3, 2);
    expect("GIF89a\x03\0\x02\0"s, "image/gif", "gif", 3, 2);
    expect("\xff\xd8\xff\xe0\0\x04JF\xff\xc0\0\x11\x08\0\x02\0\x03\x03"s, "image/jpeg", "jpg", 3, 2);
    expect("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x02\0\0\x01\0\0"s, "image/webp", "webp", 3, 2);
    expect("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x02\x40\0\0"s, "image/webp", "webp", 3, 2);
    expect("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x03\0\x02\0"s, "image/webp", "webp", 3, 2);
    expect("BM\0\0\0\0\0\0\0\0\x1a\0\0\0\x28\0\0\0\x03\0\0\0\xfe\xff\xff\xff"s, "image/bmp", "bmp", 3, 2);
}

TEST(media_type, video_and_audio) {
    expect("\0\0\0\x18"s + "ftypisom", "video/mp4", "mp4");
    expect("\0\0\0\x18"s + "ftypM4A ", "audio/mp4", "m4a");
    expect("\0\0\0\x18"s + "ftypqt  ", "video/quicktime", "mov");
    expect("\x1a\x45\xdf\xa3\0\0webm"s, "video/webm", "webm");
    expect("ID3\x03"s, "audio/mpeg", "mp3");
    expect("\xff\xfb\x90"s, "audio/mpeg", "mp3");
    expect("\xff\xf1\x50"s, "audio/aac", "aac");
    expect("OggS"s, "audio/ogg", "ogg");
    expect("fLaC"s, "audio/flac", "flac");
    expect("RIFF\0\0\0\0WAVE"s, "audio/wav", "wav");
    expect("#!AMR\n"s, "audio/amr", "amr");
}

TEST(media_type, anything_cut_short_is_other_or_without_a_size) {
    expect("", "application/octet-stream", "");
    expect("hello", "application/octet-stream", "");
    expect("\xff\xd8\xff\xe0\xff\xff"s, "image/jpeg", "jpg");
    expect("\x89PNG\r\n\x1a\n"s, "image/png", "png");
    const std::string jpeg = "\xff\xd8\xff\xe0\0\x04JF\xff\xc0\0\x11\x08\0\x02\0\x03\x03"s;
    for (std::size_t size = 0; size < jpeg.size(); ++size) {
        static_cast<void>(sniff_media_type(std::string_view(jpeg).substr(0, size)));
    }
}

TEST(media_type, suffix) {
    EXPECT_EQ(media_type_of_suffix("txt").mime, "text/plain");
    EXPECT_EQ(media_type_of_suffix("xyz").mime, "application/octet-stream");
}

} // namespace
} // namespace yunhu::storage
