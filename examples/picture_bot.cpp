// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot that answers a PNG with its mirror image, made by libpng. With YUNHU_TOKEN and YUNHU_USER_ID against Yunhu;
// without them against an emulator in this process, where it is sent a picture.
#include "example_env.hpp"

#include <yunhu/bot.hpp>
#include <yunhu/download.hpp>
#include <yunhu/upload.hpp>

#include <boost/asio/io_context.hpp>

#include <png.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace fs = std::filesystem;

// A PNG in memory.
struct picture {
    picture() = default;
    picture(std::uint32_t columns, std::vector<std::uint32_t> all) : width(columns), pixels(std::move(all)) {}

    std::uint32_t width = 0;
    std::vector<std::uint32_t> pixels; // rows from top to bottom
};

picture read_png(const fs::path& file) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&image, file.c_str()) == 0) {
        throw std::runtime_error("not a PNG");
    }
    constexpr std::uint64_t most = 20'000'000; // pixels: a small file can unfold to a large picture
    image.format = PNG_FORMAT_RGBA;
    picture p;
    p.width = image.width;
    if (std::uint64_t{image.width} * image.height > most) {
        png_image_free(&image);
        throw std::runtime_error("the picture is too large");
    }
    p.pixels.resize(std::size_t{image.width} * image.height);
    if (png_image_finish_read(&image, nullptr, p.pixels.data(), 0, nullptr) == 0) {
        throw std::runtime_error("a broken PNG");
    }
    return p;
}

void write_png(const fs::path& file, const picture& p) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.format = PNG_FORMAT_RGBA;
    image.width = p.width;
    image.height = static_cast<std::uint32_t>(p.pixels.size() / p.width);
    if (png_image_write_to_file(&image, file.c_str(), 0, p.pixels.data(), 0, nullptr) == 0) {
        throw std::runtime_error("the picture can't be written");
    }
}

void mirror(picture& p) {
    for (auto row = p.pixels.begin(); row != p.pixels.end(); row += p.width) {
        std::reverse(row, row + p.width);
    }
}

// A folder of its own for each picture: names come from strangers, and two may be the same.
class work_folder {
public:
    work_folder() {
        std::string name = (fs::temp_directory_path() / "picture_bot-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        path_ = name;
    }
    work_folder(const work_folder&) = delete;
    work_folder& operator=(const work_folder&) = delete;
    ~work_folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

asio::awaitable<void> answer_with_mirror(yunhu::bot_message m) {
    const work_folder folder;
    const auto received = co_await yunhu::download(m.client(), m.message(), folder.path());
    picture p = read_png(received.path);
    mirror(p); // a bot with large pictures does this in a thread pool
    const fs::path mirrored = folder.path() / "mirrored.png";
    write_png(mirrored, p);
    const auto uploaded = co_await yunhu::upload(m.client(), mirrored);
    co_await m.quote(yunhu::image(uploaded));
}

const picture sample{2, {0xff0000ff, 0xff00ff00}}; // a red pixel and a green one

// Of the emulator: a user sends a picture when the bot listens.
asio::awaitable<void> send_sample(yunhu::client client, example_env* env) {
    const work_folder folder;
    write_png(folder.path() / "sample.png", sample);
    const auto uploaded = co_await yunhu::upload(client, folder.path() / "sample.png");
    yunhu::message m;
    m.sender.chat_id = "123";
    m.sender.chat_type = yunhu::chat_type::user;
    m.content_type = yunhu::content_type::image;
    m.content->image = uploaded.key;
    env->emulator()->deliver(env->group(), m);
}

// Whether the emulator has the mirror image as the answer.
bool is_answered(example_env& env) {
    const auto messages = env.emulator()->messages(env.group());
    const auto bytes =
        messages.empty() ? std::nullopt : env.emulator()->stored_media("chat68", messages.back().content->image);
    if (messages.size() != 2 || !bytes) {
        return false;
    }
    const work_folder folder;
    std::ofstream(folder.path() / "answer.png", std::ios::binary) << *bytes;
    const picture answer = read_png(folder.path() / "answer.png");
    return answer.pixels == std::vector<std::uint32_t>(sample.pixels.rbegin(), sample.pixels.rend());
}

int main() {
    try {
        example_env env;
        yunhu::client_config config = env.config();
        if (env.emulator() != nullptr) {
            config.connect_to = env.emulator()->connect_to(); // it plays the storage and the media hosts, too
        }
        asio::io_context io;
        const yunhu::client client(io, config);
        yunhu::bot_options options;
        options.require_first_session = true; // else it is tried again for ever
        options.on_error = [](std::exception_ptr thrown, const yunhu::event&) {
            try {
                std::rethrow_exception(thrown);
            } catch (const std::exception& e) {
                std::cerr << e.what() << '\n'; // no PNG, a link that has expired, ...
            }
        };
        yunhu::bot bot(client, env.account(), options);
        bot.on_content(yunhu::content_type::image, [&](yunhu::bot_message m) -> asio::awaitable<void> {
            co_await answer_with_mirror(m);
            if (env.emulator() != nullptr) {
                bot.stop(); // there is one picture only
            }
        });
        bot.on<yunhu::session_event>([&](yunhu::session_event e) -> asio::awaitable<void> {
            if (env.emulator() != nullptr && e.state == yunhu::session_state::connected) {
                co_await send_sample(client, &env);
            }
        });
        bot.async_run_until_signal(example_env::throw_failure);
        io.run();
        return env.emulator() == nullptr || is_answered(env) ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
