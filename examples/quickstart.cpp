// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot that calls all 13 endpoints of the message API against an emulator and prints each step.
// For Yunhu itself, leave out the emulator: `yunhu::client client(io, yunhu::client_config(token));`

#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;

// One line of the transcript.
void log_call(std::string_view endpoint, std::string_view text) {
    std::cout << endpoint << std::string(30 - endpoint.size(), ' ') << text << std::endl;
}

// The results are checked, so that the program also serves as a test.
void expect(bool condition, const char* what) {
    if (!condition) {
        throw std::runtime_error(std::string("unexpected: ") + what);
    }
}

// Sends, edits and lists. Returns the ids of the messages sent.
asio::awaitable<std::vector<std::string>> talk(yunhu::client client, yunhu::chat chat) {
    std::vector<std::string> ids;

    auto sent = co_await client.send_message({chat, yunhu::text("Hello, everybody!")});
    ids.push_back(sent.msg_id);
    log_call(sent.endpoint, "said hello; the message is " + sent.msg_id);

    auto edited = co_await client.edit_message({chat, sent.msg_id, yunhu::markdown("**Hello**, everybody!")});
    log_call(edited.endpoint, "made it bold; the server says \"" + edited.api_msg + "\"");

    auto records = co_await client.list_message_edit_record({sent.msg_id, 10, 1});
    expect(records.records.size() == 1 && records.records[0].content_old, "one earlier version");
    log_call(records.endpoint, "before the edit it was: " + records.records[0].content_old->text);

    yunhu::draft question = yunhu::text("Lunch?").buttons(yunhu::row(yunhu::report_button("Yes", "yes")));
    question.quote_msg_id = sent.msg_id; // all fields are plain members
    auto asked = co_await client.send_message({chat, question});
    ids.push_back(asked.msg_id);

    auto pressed = co_await client.button_report({chat, asked.msg_id, "7356666", "yes"});
    log_call(pressed.endpoint, "asked a question with a button, and pressed it");

    // The order of a list is not specified: find a message by its id.
    auto around = co_await client.list_message_by_mid_seq({chat, asked.msg_id, 1});
    const yunhu::message* found = around.find(asked.msg_id);
    expect(found != nullptr && found->quote_msg_id == sent.msg_id, "the question, with its quote");
    log_call(around.endpoint, "found the question as number " + std::to_string(found->msg_seq) + " of the chat");

    auto news = co_await client.list_message_by_seq({chat, found->msg_seq - 1});
    expect(news.messages.size() == 1, "one message since then");
    log_call(news.endpoint,
             "new since number " + std::to_string(found->msg_seq - 1) + ": " + news.messages[0].content->text);

    auto page = co_await client.list_message({chat, 30});
    expect(page.messages.size() == 2, "two messages");
    log_call(page.endpoint, "the chat holds " + std::to_string(page.messages.size()) + " messages");
    co_return ids;
}

// Pictures, files and forwarding. Returns the ids of the messages sent.
asio::awaitable<std::vector<std::string>> share(yunhu::client client, yunhu::chat chat) {
    std::vector<std::string> ids;

    auto picture = co_await client.send_message({chat, yunhu::image("cat.png")});
    ids.push_back(picture.msg_id);
    auto lookups = co_await client.list_message_by_mid_seq({chat, picture.msg_id, 1});
    const yunhu::message* found = lookups.find(picture.msg_id);
    expect(found != nullptr, "the picture");
    auto pictures = co_await client.pic_list_message_by_mid_seq({chat, found->msg_seq, 10, 0});
    expect(pictures.find(picture.msg_id) != nullptr, "the picture among the pictures");
    log_call(pictures.endpoint, "pictures: " + std::to_string(pictures.messages.size()));

    auto file = co_await client.send_message({chat, yunhu::file("notes.bin", "notes.txt", 1234)});
    ids.push_back(file.msg_id);
    auto recorded = co_await client.file_download_record({file.msg_id, "/home/me/notes.txt"});
    log_call(recorded.endpoint, "sent a file and recorded that it was saved");

    auto forwarded = co_await client.msg_forward({chat.type, file.msg_id, yunhu::user("123")});
    auto there = co_await client.list_message({yunhu::user("123"), 1});
    expect(there.messages.size() == 1 && there.messages[0].content->file_name == "notes.txt", "the file at the user's");
    log_call(forwarded.endpoint, "forwarded the file to a user, who sees " + there.messages[0].content->file_name);
    co_return ids;
}

// Recalls and deletes everything.
asio::awaitable<void> clean_up(yunhu::client client, yunhu::chat chat, std::vector<std::string> ids) {
    auto hidden = co_await client.delete_msg({chat, ids.back()});
    auto page = co_await client.list_message({chat, 30});
    expect(page.find(ids.back()) == nullptr, "the file is out of one's own view");
    log_call(hidden.endpoint, "removed the file from the bot's own view");
    ids.pop_back();

    auto recalled = co_await client.recall_msg({chat, ids.back()});
    log_call(recalled.endpoint, "recalled the picture for everybody");
    ids.pop_back();

    auto all = co_await client.recall_msg_batch({chat, ids});
    log_call(all.endpoint, "recalled the other " + std::to_string(ids.size()) + " at once");
}

asio::awaitable<void> tour(yunhu::client client) {
    auto chat = yunhu::group("big");
    auto ids = co_await talk(client, chat);
    auto shared = co_await share(client, chat);
    ids.insert(ids.end(), shared.begin(), shared.end());
    co_await clean_up(client, chat, ids);

    // Failures as values instead of exceptions: yunhu::as_result.
    auto refused = co_await client.recall_msg({chat, "no-such-message"}, yunhu::as_result);
    expect(refused.has_error() && refused.error().delivery == yunhu::delivery::answered, "a refusal");
    std::cout << "\nA failure has all details: " << refused.error() << "\n  the server's text: \""
              << refused.error().api_msg << '"' << std::endl;
}

int main() {
    try {
        yunhu::testing::emulator server;
        yunhu::client_config config{server.options().token};
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        std::cout << "Emulator: " << server.base_url() << "\n\n";

        asio::io_context io;
        // The coroutine has the only handle: when it ends, the connections close and run() returns.
        asio::co_spawn(io, tour(yunhu::client(io, std::move(config))), [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // leaves run()
            }
        });
        io.run();

        const auto journal = server.journal();
        std::cout << "\nAll 13 endpoints: " << journal.size() << " requests over " << server.connections_accepted()
                  << " connection(s).\n";
    } catch (const yunhu::error& e) {
        std::cerr << "failed: " << e.info() << '\n';
        return 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
