// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/inbox/inbox_fixture.hpp"

#include <yunhu/bot.hpp>
#include <yunhu/draft.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace yunhu::test {

/// What handlers wait at until the test opens it.
class gate {
public:
    explicit gate(boost::asio::io_context& context) : timer_(context, boost::asio::steady_timer::time_point::max()) {}

    boost::asio::awaitable<void> pass() {
        ++waiting;
        if (!open_) {
            boost::system::error_code ec;
            co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
            if (!open_) {
                throw boost::system::system_error(ec);
            }
        }
    }
    void open() {
        open_ = true;
        timer_.cancel();
    }

    int waiting = 0;

private:
    boost::asio::steady_timer timer_;
    bool open_ = false;
};

/// The bot of ada. Handlers run on the thread of the test.
class bot_fixture : public inbox_fixture {
protected:
    bot_fixture() {
        testing::bot_profile robot;
        robot.id = "99";
        robot.name = "robot";
        server.add_bot(robot);
        settings.on_error = [this](std::exception_ptr thrown, const event& e) {
            std::string line;
            try {
                std::rethrow_exception(std::move(thrown));
            } catch (const error& failed) {
                line = name(failed.code());
            } catch (const std::exception& other) {
                line = other.what();
            }
            const auto* const m = std::get_if<message_event>(&e);
            errors.push_back(line + ": " + (m != nullptr ? m->message.content->text : std::string(name(e))));
        };
    }

    yunhu::bot& bot() {
        if (!bot_) {
            bot_.emplace(client(), options, settings);
        }
        return *bot_;
    }
    void destroy_bot() { bot_.reset(); }
    void run() {
        run_ended.reset();
        bot().async_run([this](error_code ec, const acknowledged&) { run_ended = ec; });
    }
    /// Runs the bot until it is logged in.
    void start() {
        run();
        ASSERT_TRUE(run_until([this] {
            const yunhu::inbox_stats numbers = bot().inbox_stats();
            return numbers.logged_in && numbers.requests == 0 && bot().stats().unmatched > 0;
        }));
    }
    /// Stops the bot, and waits until it has ended.
    error_code stop() {
        bot().stop();
        EXPECT_TRUE(run_until([this] { return run_ended.has_value(); }));
        return run_ended.value_or(error_code());
    }

    /// What ada has said in a chat.
    texts answers(const chat& in = big) const {
        texts made;
        for (const message& m : server.messages(in)) {
            if (m.sender.chat_id == "1") {
                made.push_back(m.content->text);
            }
        }
        return made;
    }
    bool answered(const texts& wanted, const chat& in = big) {
        return run_until([&] { return answers(in).size() >= wanted.size(); }) && answers(in) == wanted;
    }
    bool handled(std::uint64_t count) {
        return run_until([&] { return bot().stats().handled >= count; });
    }

    bot_options settings;
    texts errors;
    std::optional<error_code> run_ended;

private:
    std::optional<yunhu::bot> bot_;
};

} // namespace yunhu::test
