// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/broadcast.hpp>
#include <yunhu/client.hpp>

#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <signal.h>
#include <unistd.h>

// broadcast_child BASE_URL CA_FILE TOKEN JOURNAL TARGETS DIE_AFTER RESEND: sends to g0, g1, ... and prints a line for
// every target that is not sent, and a summary. With DIE_AFTER > 0 it kills itself from another thread once so many
// targets are done.

namespace {

class killer {
public:
    explicit killer(std::size_t after) : left_(after) {
        if (after > 0) {
            thread_ = std::thread([this] {
                std::unique_lock lock(mutex_);
                all_done_.wait(lock, [this] { return left_ == 0; });
                kill(getpid(), SIGKILL);
            });
        }
    }
    killer(const killer&) = delete;
    killer& operator=(const killer&) = delete;
    /// Blocks until the process is killed.
    ~killer() {
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    void on_target_done() {
        const std::lock_guard lock(mutex_);
        if (left_ > 0 && --left_ == 0) {
            all_done_.notify_one();
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable all_done_;
    std::size_t left_;
    std::thread thread_;
};

int run(const std::vector<std::string>& arguments) {
    yunhu::client_config config(yunhu::secret(arguments.at(2)));
    config.base_url = arguments.at(0);
    config.tls.ca_file = arguments.at(1);
    const std::size_t count = std::stoul(arguments.at(4));
    std::vector<yunhu::chat> targets;
    for (std::size_t i = 0; i < count; ++i) {
        targets.push_back(yunhu::group("g" + std::to_string(i)));
    }

    boost::asio::io_context context;
    const yunhu::client bot(context, config);
    killer death(std::stoul(arguments.at(5)));
    yunhu::broadcast_options options;
    options.journal = arguments.at(3);
    options.resend_missing = arguments.at(6) == "1";
    options.on_outcome = [&death](const yunhu::broadcast_outcome& o) {
        if (o.state != yunhu::broadcast_state::sent) {
            std::cout << to_string(o.state) << ' ' << o.target.id << ' ' << o.msg_id << ' ' << o.reason << '\n';
        }
        if (!o.earlier) {
            death.on_target_done();
        }
    };
    int status = EXIT_FAILURE;
    yunhu::broadcast(bot, yunhu::text("to all"), targets, options,
                     [&status](yunhu::error_code ec, const yunhu::broadcast_summary& s) {
                         if (ec) {
                             std::cerr << yunhu::failure(ec, s) << '\n';
                             return;
                         }
                         std::cout << "end " << to_string(s.end) << ' ' << s.sent << ' ' << s.failed << ' ' << s.unknown
                                   << ' ' << s.requests << ' ' << s.lookups << std::endl;
                         status = EXIT_SUCCESS;
                     });
    while (status != EXIT_SUCCESS && context.run_one() > 0) {}
    return status;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return EXIT_FAILURE;
    }
}
