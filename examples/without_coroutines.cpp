// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The same calls with futures, for threads that may block, and with callbacks. With YUNHU_TOKEN and YUNHU_GROUP
// against Yunhu; without them against an emulator.
#include "example_env.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <exception>
#include <future>
#include <iostream>
#include <string>
#include <utility>

namespace asio = boost::asio;

// Sequential calls. `get` blocks and throws yunhu::error.
void with_futures(yunhu::client client, const yunhu::chat& chat) {
    auto sent = client.send_message({chat, yunhu::text("hello")}, asio::use_future).get();
    std::cout << "sent " << sent.msg_id << '\n';
    // A failure as a value.
    auto recalled = client.recall_msg({chat, "no-such-message"}, yunhu::as_result(asio::use_future)).get();
    if (recalled.has_error()) {
        std::cout << "not recalled: " << recalled.error() << '\n';
    }
}

// A conversation as an object: each completion starts the next call. Handlers run on the client's executor.
class conversation {
public:
    conversation(yunhu::client client, yunhu::chat chat) : client_(std::move(client)), chat_(std::move(chat)) {}

    std::future<void> run() {
        client_.send_message({chat_, yunhu::text("hello again")},
                             [this](yunhu::error_code ec, yunhu::sent_message sent) { on_sent(ec, sent); });
        return end_.get_future();
    }

private:
    // The result has endpoint, attempts, delivery class and so on, also after a failure.
    void on_sent(yunhu::error_code ec, const yunhu::sent_message& sent) {
        if (ec) {
            return fail(ec, sent);
        }
        client_.recall_msg({chat_, sent.msg_id},
                           [this](yunhu::error_code failed, yunhu::acknowledged reply) { on_recalled(failed, reply); });
    }
    void on_recalled(yunhu::error_code ec, const yunhu::acknowledged& reply) {
        if (ec) {
            return fail(ec, reply);
        }
        std::cout << "sent and recalled " << reply.msg_id << '\n';
        end_.set_value();
    }
    void fail(yunhu::error_code ec, const yunhu::call_info& info) {
        end_.set_exception(std::make_exception_ptr(yunhu::error(yunhu::failure(ec, info))));
    }

    yunhu::client client_;
    yunhu::chat chat_;
    std::promise<void> end_;
};

int main() {
    try {
        example_env env;
        asio::thread_pool pool(1);
        yunhu::client client(pool.get_executor(), env.config());
        with_futures(client, env.group());
        conversation talk(client, env.group());
        talk.run().get();
        client.async_shutdown(std::chrono::seconds(5), asio::use_future).get();
        pool.join();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
