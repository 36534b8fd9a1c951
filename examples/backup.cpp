// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A chat with its media in a folder:
//
//     backup FOLDER
//
// messages.txt has a line for each message, media the files. Killed at any point and started again it goes on: a
// message has its line when its media are there. A later run appends what is new. With YUNHU_TOKEN the chat is
// YUNHU_GROUP of Yunhu; without it one of an emulator in this process, and the backup is stopped once in between.
#include "example_env.hpp"

#include <yunhu/client.hpp>
#include <yunhu/download.hpp>
#include <yunhu/history.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace fs = std::filesystem;

// The lines. Each begins with the cursor after which the next run goes on.
class message_file {
public:
    explicit message_file(const fs::path& file) : file_(file) {
        std::ifstream in(file, std::ios::binary);
        std::string text(std::istreambuf_iterator<char>(in), {});
        const std::size_t whole = text.rfind('\n') + 1; // npos + 1 is 0
        if (whole != text.size()) {
            fs::resize_file(file, whole); // a line that was being written when the program was killed
            text.resize(whole);
        }
        if (whole > 0) {
            const std::size_t previous = text.rfind('\n', whole - 2) + 1;
            cursor_ = yunhu::history_cursor::from_string(text.substr(previous, text.find('\t', previous) - previous))
                          .value_or(yunhu::history_cursor());
        }
    }
    [[nodiscard]] const yunhu::history_cursor& cursor() const { return cursor_; }

    void add(const yunhu::message& m, const yunhu::history_cursor& at) {
        std::string line = to_string(at) + '\t' + m.sender.name + '\t' + m.content->text;
        std::ranges::replace(line, '\n', ' '); // what others wrote must not look like further lines
        std::ofstream out(file_, std::ios::binary | std::ios::app);
        out << line << '\n';
        if (!out.flush()) {
            throw std::runtime_error("messages.txt can't be written");
        }
    }

private:
    fs::path file_;
    yunhu::history_cursor cursor_;
};

// The media of a message, if they are not there: named by the message, and by what the sender called them.
asio::awaitable<void> save_media(yunhu::client client, yunhu::message m, fs::path folder) {
    yunhu::media_source what(m);
    const fs::path to = folder / (std::to_string(m.msg_seq) + "-" + yunhu::file_name_of(what));
    if (what.url.empty() || fs::exists(to)) {
        co_return;
    }
    auto done = co_await yunhu::download(client, std::move(what), to, yunhu::as_result); // goes on with a part
    if (done.has_error()) {
        if (done.error().code != yunhu::errc::refused) {
            throw yunhu::error(done.error()); // the network's: the next run goes on here
        }
        std::cerr << m.msg_id << ": " << done.error() << '\n'; // gone from the service
    }
}

// At most that many messages. Returns how many there were.
asio::awaitable<std::size_t> backup(yunhu::client client, yunhu::chat chat, fs::path folder, std::size_t most) {
    fs::create_directories(folder / "media");
    message_file lines(folder / "messages.txt");
    yunhu::history_options options;
    options.order = yunhu::history_order::oldest_first;
    options.cursor = lines.cursor();
    yunhu::history messages(client, chat, options);
    std::size_t saved = 0;
    while (saved < most) {
        const auto m = co_await messages.next();
        if (!m) {
            break;
        }
        co_await save_media(client, *m, folder / "media");
        lines.add(*m, messages.cursor());
        ++saved;
    }
    co_return saved;
}

std::size_t run(const yunhu::client_config& config, const yunhu::chat& chat, const fs::path& folder,
                std::size_t most = static_cast<std::size_t>(-1)) {
    asio::io_context io;
    std::size_t saved = 0;
    asio::co_spawn(io, backup(yunhu::client(io, config), chat, folder, most),
                   [&saved](std::exception_ptr thrown, std::size_t count) {
                       if (thrown) {
                           std::rethrow_exception(thrown);
                       }
                       saved = count;
                   });
    io.run();
    std::cout << saved << " messages" << std::endl;
    return saved;
}

// Of the emulator: a text, a picture and a file.
void fill(yunhu::testing::emulator& server, const yunhu::chat& chat) {
    yunhu::message m;
    m.sender.name = "Ada";
    m.content_type = yunhu::content_type::text;
    m.content->text = "hello";
    server.deliver(chat, m);
    m.content->text.clear();
    m.content_type = yunhu::content_type::image;
    m.content->image = "cat.png";
    server.store_media("chat68", "cat.png", "a picture", "image/png");
    server.deliver(chat, m);
    m.content_type = yunhu::content_type::file;
    m.content->file_url = "disk/k.txt";
    m.content->file_name = "../list.txt"; // names come from strangers
    server.store_media("chat68-file", "disk/k.txt", "a list", "text/plain");
    server.deliver(chat, m);
}

int main(int argc, char** argv) {
    try {
        example_env env;
        if (env.emulator() == nullptr) {
            if (argc != 2) {
                std::cerr << "usage: backup FOLDER\n";
                return 2;
            }
            run(env.config(), env.group(), argv[1]);
            return 0;
        }
        yunhu::client_config config = env.config();
        config.connect_to = env.emulator()->connect_to(); // it plays the media hosts, too
        fill(*env.emulator(), env.group());
        std::string pattern = (fs::temp_directory_path() / "backup-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        const fs::path folder = pattern;
        const std::size_t first = run(config, env.group(), folder, 2);
        const std::size_t second = run(config, env.group(), folder);
        const bool good = first == 2 && second == 1 && fs::file_size(folder / "media" / "2-cat.png") == 9 &&
                          fs::file_size(folder / "media" / "3-list.txt") == 6;
        fs::remove_all(folder);
        return good ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
