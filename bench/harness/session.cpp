// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "session.hpp"

#include "host_info.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <functional>
#include <string_view>
#include <utility>

namespace bench {
namespace {

namespace asio = boost::asio;

// Initial interval of a series; the recorder doubles it for long runs.
constexpr nanoseconds first_interval = std::chrono::milliseconds(100);
// Upper bound of waiting calls in a saturated open loop: some hundred MB.
constexpr std::size_t most_queued = 100'000;

std::string some_text(std::size_t bytes) {
    static constexpr std::string_view words = "the quick brown fox jumps over the lazy dog ";
    std::string text;
    while (text.size() < bytes) {
        text += words.substr(0, bytes - text.size());
    }
    return text;
}

} // namespace

session::session(const options& with, const emulator_process* server, view& shown_on)
    : options_(with), server_(server), view_(shown_on) {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    wait_for_interrupt();
    fill_stock();
    start_threads();
}

session::~session() {
    target_.reset();
    client_.reset();
    stop_threads();
}

yunhu::client_config session::config() const {
    yunhu::client_config c(options_.token);
    c.base_url = server_ != nullptr ? server_->base_url() : options_.base_url;
    if (server_ != nullptr) {
        c.tls.ca_pem = server_->ca_pem();
    } else {
        c.tls.ca_file = options_.ca_file;
    }
    c.allow_plain_http_to_loopback = options_.allow_plain_http;
    c.user_agent = "yunhu-bench";
    c.shards = options_.shards;
    c.pool.max_connections = options_.connections;
    c.pool.max_queued = std::max(most_queued, options_.load.concurrency);
    c.retry.max_attempts = options_.attempts;
    return c;
}

// A separate client, so that the measured one starts without connections.
void session::fill_stock() {
    std::exception_ptr failed;
    message_fixtures made;
    std::optional<yunhu::client> sender(std::in_place, io_, config());
    asio::co_spawn(io_, prepare(*sender, options_.load.calls_of, options_.chat, some_text(options_.text_bytes)),
                   [&](std::exception_ptr why, message_fixtures ready) {
                       failed = std::move(why);
                       made = std::move(ready);
                       sender.reset(); // the last handle: run() returns
                   });
    while (!io_.stopped()) {
        io_.run_for(std::chrono::milliseconds(100));
        ui_.poll(); // interrupts
        if (interrupts_ > 0 && sender) {
            sender->async_shutdown(nanoseconds(0), asio::detached);
        }
    }
    io_.restart();
    if (failed) {
        std::rethrow_exception(failed);
    }
    client_.emplace(io_, config());
    target_ = std::make_unique<client_target>(*client_, options_.chat, std::move(made), some_text(options_.text_bytes),
                                              options_.page, yunhu::call_options(options_.timeout));
}

void session::start_threads() {
    work_.emplace(asio::make_work_guard(io_));
    for (std::size_t i = 0; i < options_.threads; ++i) {
        threads_.emplace_back([this] { io_.run(); });
    }
}

void session::stop_threads() {
    work_.reset();
    for (std::thread& t : threads_) {
        t.join();
    }
}

void session::wait_for_interrupt() {
    signals_.async_wait([this](const boost::system::error_code& ec, int /*number*/) {
        if (!ec) {
            on_interrupt();
            wait_for_interrupt();
        }
    });
}

void session::on_interrupt() {
    ++interrupts_;
    if (running_) {
        running_->stop();
    }
    if (interrupts_ == 2 && client_) {
        client_->async_shutdown(nanoseconds(0), asio::detached);
    }
}

session::numbers session::numbers_now() const {
    numbers n;
    n.stats = client_->stats();
    n.client_cpu = own_cpu();
    n.server_cpu = server_ != nullptr ? server_->cpu() : std::nullopt;
    return n;
}

run_result session::measure(const load_settings& load, const std::string& title) {
    bool finished = false;
    const std::string started = now_utc();
    running_ = std::make_shared<driver>(io_, *target_, load, first_interval,
                                        [&] { asio::post(ui_, [&finished] { finished = true; }); });
    numbers before = numbers_now();
    if (interrupts_ > 0) {
        running_->stop();
    }
    running_->start();
    watch(*running_, title, finished, before);
    run_result result = result_of(*running_, load, before);
    result.started = started;
    running_.reset();
    return result;
}

// Until the run has finished: draws, takes a snapshot at the end of the warm-up, handles interrupts.
void session::watch(driver& d, const std::string& title, const bool& finished, numbers& at_start) {
    const time_point begin = clock::now();
    time_point last = begin;
    asio::steady_timer warm(ui_, d.measured_from());
    warm.async_wait([&, warms_up = d.measured_from() > begin](const boost::system::error_code& ec) {
        if (!ec && warms_up) { // otherwise the snapshot before the first call is used
            const numbers now = numbers_now();
            at_start.client_cpu = now.client_cpu; // not the counters of connections: most dials are in the warm-up
            at_start.server_cpu = now.server_cpu;
        }
    });
    asio::steady_timer tick(ui_);
    std::function<void()> draw = [&] {
        tick.expires_after(view_.period());
        tick.async_wait([&](const boost::system::error_code& ec) {
            if (ec) {
                return;
            }
            const time_point now = clock::now();
            view_.show({title, d.take_snapshot(), client_->stats(), now - last, now - begin});
            last = now;
            draw();
        });
    };
    draw();
    ui_.restart();
    while (!finished) {
        ui_.run_one();
    }
    warm.cancel();
    tick.cancel();
    while (ui_.poll() > 0) { // the handlers refer to local variables
    }
}

run_result session::result_of(const driver& d, const load_settings& load, const numbers& before) const {
    const numbers after = numbers_now();
    const recorder& r = d.recorded();
    run_result result;
    result.interrupted = interrupted();
    result.flags = options_.flags();
    result.versions = describe_versions();
    result.machine = describe_host();
    nanoseconds measured = r.measured_time();
    if (load.duration && !load.calls && !interrupted()) {
        measured = std::max(measured, *load.duration); // the last call may have ended earlier
    }
    result.seconds = std::chrono::duration<double>(measured).count();
    result.sections = r.endpoints();
    result.sections.insert(result.sections.begin(), r.all());
    result.series = points_of(r);
    const yunhu::client_stats& a = before.stats;
    const yunhu::client_stats& b = after.stats;
    result.transport = {b.connections,
                        b.connects_started - a.connects_started,
                        b.connects_failed - a.connects_failed,
                        b.handshakes - a.handshakes,
                        b.resumed - a.resumed,
                        b.evicted - a.evicted};
    result.cost.client_cpu = after.client_cpu - before.client_cpu;
    if (before.server_cpu && after.server_cpu) {
        result.cost.server_cpu = *after.server_cpu - *before.server_cpu;
    }
    result.cost.peak_memory = peak_memory();
    return result;
}

} // namespace bench
