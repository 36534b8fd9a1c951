// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <yunhu/push.pb.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {

/// What a client of the gateway received.
struct received {
    enum class kind { frame, closed, cut_off, nothing };

    kind what = kind::nothing;
    bool text = false;        ///< of frame
    std::string bytes;        ///< of frame; of closed: the reason
    std::uint16_t code = 0;   ///< of closed
    wire::WsWrapper envelope; ///< of a binary frame, as far as it can be parsed

    [[nodiscard]] std::string cmd() const { return envelope.info().cmd(); }
    /// The payload; empty unless it can be parsed.
    template <class Message> [[nodiscard]] Message payload() const {
        Message message;
        return message.ParseFromString(envelope.data().value()) ? message : Message();
    }
};

/// A blocking WebSocket connection to `/ws`. The constructor throws `boost::system::system_error` if the upgrade fails.
class gateway_client {
public:
    gateway_client(std::uint16_t port, const std::string& ca_pem);
    gateway_client(const gateway_client&) = delete;
    gateway_client& operator=(const gateway_client&) = delete;
    ~gateway_client();

    void send(std::string_view text);
    void send_binary(std::string_view bytes);
    void log_in(const std::string& user_id, const std::string& token, const std::string& platform = "linux");
    void heartbeat();
    /// The next frame, or the end of the connection; nothing if the time is up.
    received next(std::chrono::milliseconds limit = std::chrono::minutes(1));
    void close();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace testing::test
YUNHU_NAMESPACE_END
