// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client_config.hpp>
#include <yunhu/testing/emulator.hpp>
#include <yunhu/types.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

/// The value of an environment variable, or `fallback`.
inline std::string environment_variable(const char* name, std::string fallback = {}) {
    const char* value = std::getenv(name);
    return value != nullptr ? std::string(value) : std::move(fallback);
}

/// The server of an example: Yunhu, with the account of YUNHU_TOKEN and the group YUNHU_GROUP; without a token an
/// emulator in this process. YUNHU_BASE_URL and YUNHU_CA_FILE select another server.
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

    [[nodiscard]] const yunhu::client_config& config() const { return config_; }
    [[nodiscard]] const yunhu::chat& group() const { return group_; }
    /// The emulator in this process; null with a token.
    [[nodiscard]] yunhu::testing::emulator* emulator() { return emulator_ ? &*emulator_ : nullptr; }

    /// Adds a user's message to the group of the emulator. Does nothing with a token.
    void inject_message(std::string text) {
        if (emulator_) {
            yunhu::message m;
            m.sender.chat_id = "123";
            m.sender.chat_type = yunhu::chat_type::user;
            m.content_type = yunhu::content_type::text;
            m.content.text = std::move(text);
            emulator_->deliver(group_, m);
        }
    }

private:
    yunhu::client_config config_;
    yunhu::chat group_;
    std::optional<yunhu::testing::emulator> emulator_;
};
