// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client_config.hpp>
#include <yunhu/inbox.hpp>
#include <yunhu/testing/emulator.hpp>
#include <yunhu/types.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// The value of an environment variable, or `fallback`.
inline std::string environment_variable(const char* name, std::string fallback = {}) {
    const char* value = std::getenv(name);
    return value != nullptr ? std::string(value) : std::move(fallback);
}

/// The server of an example: Yunhu, with the account of YUNHU_TOKEN and the group YUNHU_GROUP; without a token an
/// emulator in this process. YUNHU_BASE_URL and YUNHU_CA_FILE select another server. Bots also need YUNHU_USER_ID, and
/// take YUNHU_GATEWAY_URL; without it the gateway of another server is at /ws.
class example_env {
public:
    example_env()
        : config_(environment_variable("YUNHU_TOKEN")),
          group_(yunhu::group(environment_variable("YUNHU_GROUP", "big"))) {
        if (!config_.token.empty()) {
            config_.base_url = environment_variable("YUNHU_BASE_URL", config_.base_url);
            config_.tls.ca_file = environment_variable("YUNHU_CA_FILE");
            return;
        }
        emulator_.emplace();
        config_.token = emulator_->options().token;
        config_.base_url = emulator_->base_url();
        config_.tls.ca_pem = emulator_->ca_pem();
    }
    example_env(const example_env&) = delete;
    example_env& operator=(const example_env&) = delete;
    ~example_env() {
        if (people_.joinable()) {
            leaving_ = true;
            people_.join();
        }
    }

    [[nodiscard]] const yunhu::client_config& config() const { return config_; }
    [[nodiscard]] const yunhu::chat& group() const { return group_; }
    /// The emulator in this process; null with a token.
    [[nodiscard]] yunhu::testing::emulator* emulator() { return emulator_ ? &*emulator_ : nullptr; }

    /// The account of a bot.
    [[nodiscard]] yunhu::inbox_options account() const {
        yunhu::inbox_options made;
        made.token = config_.token;
        if (emulator_) {
            made.user_id = emulator_->options().user_id;
            made.gateway_url = emulator_->gateway_url();
            return made;
        }
        made.user_id = environment_variable("YUNHU_USER_ID");
        const std::string base = environment_variable("YUNHU_BASE_URL");
        const std::string beside = base.starts_with("https://") ? "wss" + base.substr(5) + "/ws" : made.gateway_url;
        made.gateway_url = environment_variable("YUNHU_GATEWAY_URL", beside);
        return made;
    }

    /// A user of the emulator says these lines to a bot, and waits for that many answers. Then the program is stopped
    /// as by a signal, unless it stops by itself. Does nothing with a token.
    void converse(std::vector<std::string> lines, std::size_t answers, bool stops_by_itself = false) {
        if (emulator_) {
            exit_code_ = 1;
            people_ = std::thread([this, lines = std::move(lines), answers, stops_by_itself] {
                talk(lines, answers);
                if (!leaving_ && !stops_by_itself) {
                    std::raise(SIGTERM);
                }
            });
        }
    }
    /// 0, unless an answer is missing in the conversation.
    [[nodiscard]] int exit_code() {
        if (people_.joinable()) {
            people_.join();
        }
        return exit_code_;
    }

    /// Throws why a bot has ended: it leaves `run()`.
    static constexpr auto throw_failure = [](yunhu::error_code ec, const yunhu::acknowledged& details) {
        if (ec) {
            throw yunhu::error(yunhu::failure(ec, details));
        }
    };

    /// Adds a user's message to the group of the emulator. Does nothing with a token.
    void inject_message(std::string text) {
        if (emulator_) {
            yunhu::message m;
            m.sender.chat_id = "123";
            m.sender.chat_type = yunhu::chat_type::user;
            m.content_type = yunhu::content_type::text;
            m.content->text = std::move(text);
            emulator_->deliver(group_, m);
        }
    }

private:
    void talk(const std::vector<std::string>& lines, std::size_t answers) {
        const auto wait_for = [&](const auto& condition) {
            const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
            while (!emulator_->wait_until(condition, std::chrono::milliseconds(100)) && !leaving_) {
                if (std::chrono::steady_clock::now() > end) {
                    break;
                }
            }
        };
        wait_for([&] { return emulator_->sessions() == 1; });
        for (const std::string& line : lines) {
            emulator_->say("123", group_, line);
        }
        const auto done = [&] { return emulator_->messages(group_).size() == lines.size() + answers; };
        wait_for(done);
        exit_code_ = done() ? 0 : 1;
    }

    yunhu::client_config config_;
    yunhu::chat group_;
    std::optional<yunhu::testing::emulator> emulator_;
    std::thread people_;
    std::atomic<bool> leaving_{false};
    std::atomic<int> exit_code_{0};
};
