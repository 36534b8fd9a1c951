// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// fleet_child BASE_URL GATEWAY_URL CA_FILE STORE_FILE LOG_FILE NAME LEASE_MS ACCOUNTS STOP_AT: a worker of a fleet,
// until SIGTERM. Appends a line for each message that it handles: account, chat, text, "again" or "first", its name. At
// the message number STOP_AT (0: none) it stops itself with SIGSTOP, after it got the message and before it handles it.

#include <yunhu/client.hpp>
#include <yunhu/fleet.hpp>
#include <yunhu/sqlite_outbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// Knows whether an operation runs: a process that is stopped within one keeps the file locked for the others.
class counted_store final : public yunhu::lease_store {
public:
    explicit counted_store(std::shared_ptr<yunhu::lease_store> of) : of_(std::move(of)) {}
    [[nodiscard]] bool is_idle() const noexcept { return running_ == 0; }

    operation<void> prepare() override { return counted(of_->prepare()); }
    operation<yunhu::lease_view> look(std::string worker, std::vector<std::string> accounts,
                                      milliseconds lease) override {
        return counted(of_->look(std::move(worker), std::move(accounts), lease));
    }
    operation<std::vector<yunhu::lease_ticket>> change(std::string worker, std::vector<yunhu::lease_change> changes,
                                                       milliseconds lease) override {
        return counted(of_->change(std::move(worker), std::move(changes), lease));
    }
    operation<void> leave(std::string worker) override { return counted(of_->leave(std::move(worker))); }
    operation<std::optional<yunhu::inbox_cursors>> load_cursors(std::string account) override {
        return counted(of_->load_cursors(std::move(account)));
    }
    operation<bool> save_cursors(yunhu::lease_ticket ticket, yunhu::cursor_change change) override {
        return counted(of_->save_cursors(std::move(ticket), std::move(change)));
    }

private:
    template <class T> operation<T> counted(operation<T> work) {
        ++running_;
        auto done = co_await std::move(work);
        --running_;
        co_return done;
    }

    std::shared_ptr<yunhu::lease_store> of_;
    std::size_t running_ = 0; ///< all on the one thread
};

/// What the handlers share.
struct log_file {
    log_file(const std::string& path, std::string worker, std::size_t stop_at_message)
        : file(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)), // NOLINT
          name(std::move(worker)), stop_at(stop_at_message) {}

    int file;
    std::string name;
    std::size_t stop_at;
    std::size_t handled = 0;
    std::shared_ptr<counted_store> store;
};

asio::awaitable<void> hear(yunhu::held_inbox in, std::shared_ptr<log_file> log) {
    for (;;) {
        auto heard = co_await in.next();
        if (!heard) {
            co_return;
        }
        const auto* const said = std::get_if<yunhu::message_event>(&heard->what);
        if (said == nullptr) {
            if (std::holds_alternative<yunhu::gap_event>(heard->what)) {
                std::cout << "gap" << std::endl;
            }
            continue;
        }
        if (++log->handled == log->stop_at) {
            asio::steady_timer pause(co_await asio::this_coro::executor);
            while (!log->store->is_idle()) {
                pause.expires_after(milliseconds(1));
                co_await pause.async_wait(asio::use_awaitable);
            }
            std::cout << "stops" << std::endl;
            kill(getpid(), SIGSTOP);
        }
        const std::string line = in.name() + ' ' + said->chat.id + ' ' + said->message.content->text + ' ' +
                                 (heard->maybe_repeated ? "again" : "first") + ' ' + log->name + '\n';
        if (write(log->file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
            std::abort();
        }
    }
}

int run(const std::vector<std::string>& arguments) {
    asio::io_context io;
    yunhu::client_config config(yunhu::secret("token-1"));
    config.base_url = arguments.at(0);
    config.tls.ca_file = arguments.at(2);
    yunhu::client client(io, config);
    yunhu::sqlite_outbox_options place(arguments.at(3));
    place.durability = yunhu::outbox_durability::process_crash;
    const auto store = std::make_shared<counted_store>(std::make_shared<yunhu::sqlite_outbox_store>(place));
    const auto log = std::make_shared<log_file>(arguments.at(4), arguments.at(5), std::stoul(arguments.at(8)));
    log->store = store;
    yunhu::fleet_options options;
    options.lease = milliseconds(std::stoul(arguments.at(6)));
    options.clock_tolerance = milliseconds(0);
    for (std::size_t i = 1; i <= std::stoul(arguments.at(7)); ++i) {
        const std::string id = std::to_string(i);
        const yunhu::secret token("token-" + id);
        yunhu::inbox_options heard_by(id, token);
        heard_by.gateway_url = arguments.at(1);
        heard_by.backoff_base = milliseconds(10);
        options.accounts.emplace_back("account-" + id, client.with_token(token), heard_by);
    }
    options.handler = [log](yunhu::held_inbox in) { return hear(std::move(in), log); };
    options.on_trouble = [](const yunhu::failure& f) { std::cerr << f << '\n'; };
    yunhu::fleet worker(io.get_executor(), store, options);
    asio::signal_set stop(io, SIGTERM);
    stop.async_wait([&worker](const boost::system::error_code& ec, int) {
        if (!ec) {
            worker.stop();
        }
    });
    int status = EXIT_FAILURE;
    bool ended = false;
    worker.run([&](yunhu::error_code ec, const yunhu::fleet_summary& s) {
        ended = true;
        if (ec) {
            std::cerr << yunhu::failure(ec, s) << '\n';
            return;
        }
        std::cout << s.events << " events, " << s.acquired << " acquired, " << s.taken_over << " taken over, "
                  << s.fenced_saves << " fenced saves" << std::endl;
        status = EXIT_SUCCESS;
    });
    while (!ended && io.run_one() > 0) {}
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
