// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// outbox_child BASE_URL CA_FILE TOKEN STORE LEASE_MS POINT NTH SIGNAL MUTATION: a worker that ends when nothing is
// left to send. At the NTH passage of POINT (claim, mark, write, answer, settle, stored) it sends SIGNAL (kill, stop)
// to itself. A MUTATION makes it wrong, to prove that the test sees it: send_unmarked, requeue_sending.

#include "forwarding_store.hpp"

#include <yunhu/client.hpp>
#include <yunhu/observer.hpp>
#include <yunhu/outbox_worker.hpp>
#include <yunhu/sqlite_outbox.hpp>
#ifdef WITH_POSTGRES
#include <yunhu/postgres_outbox.hpp>
#endif

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <signal.h>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

class fate {
public:
    fate(std::string point, unsigned nth, bool stops) : point_(std::move(point)), left_(nth), stops_(stops) {}

    void pass(std::string_view point) {
        if (point != point_ || left_ == 0 || --left_ > 0) {
            return;
        }
        if (stops_) {
            std::cout << "stops" << std::endl;
        }
        kill(getpid(), stops_ ? SIGSTOP : SIGKILL);
    }

private:
    std::string point_;
    std::atomic<unsigned> left_;
    bool stops_;
};

class watched_store final : public yunhu::test::forwarding_store {
public:
    watched_store(std::shared_ptr<yunhu::outbox_store> of, std::shared_ptr<fate> f, std::string file,
                  std::string mutation)
        : forwarding_store(std::move(of)), fate_(std::move(f)), file_(std::move(file)), mutation_(std::move(mutation)) {
    }

    operation<yunhu::claim_batch> claim(yunhu::claim_request r) override {
        auto done = co_await of().claim(std::move(r));
        if (done.has_value() && !done->claims.empty()) {
            fate_->pass("claim");
        }
        co_return done;
    }
    operation<std::vector<yunhu::outbox_ticket>> mark_sending(std::vector<yunhu::outbox_ticket> c,
                                                              milliseconds lease) override {
        if (mutation_ == "send_unmarked") { // it is marked when it has left
            unmarked_.insert(unmarked_.end(), c.begin(), c.end());
            lease_ = lease;
            fate_->pass("mark");
            co_return c;
        }
        auto done = co_await of().mark_sending(std::move(c), lease);
        fate_->pass("mark");
        co_return done;
    }
    operation<std::size_t> settle(std::vector<yunhu::settlement> o) override {
        fate_->pass("settle");
        if (!unmarked_.empty()) {
            (void)co_await of().mark_sending(std::exchange(unmarked_, {}), lease_);
        }
        auto done = co_await of().settle(std::move(o));
        fate_->pass("stored");
        co_return done;
    }
    operation<std::vector<yunhu::outbox_claim>> take_overdue(yunhu::claim_request r) override {
        if (mutation_ == "requeue_sending") {
            requeue_sending();
        }
        return of().take_overdue(std::move(r));
    }

private:
    void requeue_sending() const {
        sqlite3* db = nullptr;
        sqlite3_open(file_.c_str(), &db);
        sqlite3_busy_timeout(db, 10'000);
        sqlite3_exec(db,
                     "update yunhu_outbox set state = 0, epoch = epoch + 1"
                     " where state = 2 and lease <= cast((julianday('now') - 2440587.5) * 86400000 as integer)",
                     nullptr, nullptr, nullptr);
        sqlite3_close(db);
    }

    std::shared_ptr<fate> fate_;
    std::string file_;
    std::string mutation_;
    std::vector<yunhu::outbox_ticket> unmarked_;
    milliseconds lease_{};
};

class watched_sends final : public yunhu::observer {
public:
    explicit watched_sends(std::shared_ptr<fate> f) : fate_(std::move(f)) {}

    void on_attempt_start(const yunhu::attempt_event& /*e*/) noexcept override { fate_->pass("write"); }
    void on_attempt_end(const yunhu::attempt_end_event& /*e*/) noexcept override { fate_->pass("answer"); }

private:
    std::shared_ptr<fate> fate_;
};

asio::awaitable<void> stop_when_empty(yunhu::outbox_worker worker, std::shared_ptr<yunhu::outbox_store> store) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (;;) {
        auto now = co_await store->counts();
        if (!now.has_error() && now->queued + now->claimed + now->sending == 0) {
            worker.stop();
            co_return;
        } // a server that has crashed comes back
        pause.expires_after(milliseconds(20));
        co_await pause.async_wait(asio::use_awaitable);
    }
}

/// A file, or with PostgreSQL a URI.
std::shared_ptr<yunhu::outbox_store> store_of([[maybe_unused]] asio::io_context& io, const std::string& where) {
#ifdef WITH_POSTGRES
    if (where.starts_with("postgres:")) {
        yunhu::postgres_outbox_options options(where);
        options.query_timeout = std::chrono::seconds(5);
        return std::make_shared<yunhu::postgres_outbox_store>(io.get_executor(), options);
    }
#endif
    yunhu::sqlite_outbox_options place(where);
    place.durability = yunhu::outbox_durability::process_crash;
    return std::make_shared<yunhu::sqlite_outbox_store>(place);
}

int run(const std::vector<std::string>& arguments) {
    const auto end = std::make_shared<fate>(arguments.at(5), static_cast<unsigned>(std::stoul(arguments.at(6))),
                                            arguments.at(7) == "stop");
    yunhu::client_config config(yunhu::secret(arguments.at(2)));
    config.base_url = arguments.at(0);
    config.tls.ca_file = arguments.at(1);
    config.observer = std::make_shared<watched_sends>(end);
    asio::io_context io;
    yunhu::client client(io, config);
    const auto store =
        std::make_shared<watched_store>(store_of(io, arguments.at(3)), end, arguments.at(3), arguments.at(8));
    yunhu::outbox_worker_options options;
    options.lease = milliseconds(std::stoul(arguments.at(4)));
    options.concurrency = 4;
    options.poll_interval = milliseconds(20);
    yunhu::outbox_worker worker(client, store, options);
    asio::co_spawn(io, stop_when_empty(worker, store), asio::detached);
    int status = EXIT_FAILURE;
    bool ended = false;
    worker.run([&](yunhu::error_code ec, const yunhu::outbox_summary& s) {
        ended = true;
        if (ec) {
            std::cerr << yunhu::failure(ec, s) << '\n';
            return;
        }
        std::cout << s.sent << " sent, " << s.unknown << " unknown, " << s.fenced << " fenced" << std::endl;
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
