// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "exit_code.hpp"
#include "fields.hpp"
#include "lines.hpp"
#include "message.hpp"
#include "outbox_command.hpp"
#include "print.hpp"
#include "run.hpp"
#include "standard_streams.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text_input.hpp"
#include "to_json.hpp"

#include <yunhu/outbox_worker.hpp>
#include <yunhu/sqlite_outbox.hpp>
#ifdef YUNHU_OUTBOX_POSTGRES
#include <yunhu/postgres_outbox.hpp>
#endif

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include <unistd.h>

namespace cli {
namespace {

using std::chrono::milliseconds;

template <class T> asio::awaitable<int> report_or(bool in_json, asio::awaitable<yunhu::result<T>> work,
                                                  std::function<int(const T&)> then) {
    auto done = co_await std::move(work);
    co_return done.has_error() ? report_failure(in_json, done.error()) : then(*done);
}

/// Runs an operation of the store and prints its result.
template <class T> int run_store(bool in_json, asio::io_context& io, asio::awaitable<yunhu::result<T>> work,
                                 std::function<int(const T&)> then) {
    return run_to_end(io, report_or<T>(in_json, std::move(work), std::move(then)));
}

json::object counts_json(const yunhu::outbox_counts& c) {
    return {{"queued", c.queued},
            {"claimed", c.claimed},
            {"sending", c.sending},
            {"sent", c.sent},
            {"failed", c.failed},
            {"unknown", c.unknown},
            {"oldest_queued_ms", c.oldest_queued.count()},
            {"oldest_unknown_ms", c.oldest_unknown.count()}};
}

json::object record_json(const yunhu::outbox_record& r) {
    return {{"id", r.id},
            {"key", tools::as_utf8(r.key)},
            {"msg_id", tools::as_utf8(r.msg_id)},
            {"account", tools::as_utf8(r.account)},
            {"chat", chat_name(r.to)},
            {"state", yunhu::to_string(r.state)},
            {"reason", tools::as_utf8(r.reason)},
            {"created", r.created},
            {"settled", r.settled},
            {"resent", r.resent}};
}

void print_records(const std::vector<yunhu::outbox_record>& records, bool with_heading) {
    if (!is_terminal(STDOUT_FILENO)) {
        for (const yunhu::outbox_record& r : records) {
            std::cout << yunhu::to_string(r.state) << "  " << tools::on_one_line(r.key) << "  "
                      << tools::on_one_line(chat_name(r.to)) << "  " << tools::on_one_line(r.msg_id)
                      << (r.reason.empty() ? "" : "  ") << tools::on_one_line(r.reason) << '\n';
        }
        return;
    }
    table t({message("STATE").translated(), message("KEY").translated(), message("CHAT").translated(),
             message("MESSAGE ID").translated(), message("REASON").translated()});
    for (const yunhu::outbox_record& r : records) {
        t.add({std::string(yunhu::to_string(r.state)), tools::on_one_line(r.key), tools::on_one_line(chat_name(r.to)),
               tools::on_one_line(r.msg_id), tools::on_one_line(r.reason)});
    }
    t.print(std::cout, terminal_columns(STDOUT_FILENO), with_heading);
}

/// Reads lines, and stores them a group at a time: each group is one transaction.
class enqueuer {
public:
    enqueuer(bool json, yunhu::outbox box, std::istream& in, std::string account)
        : json_(json), box_(std::move(box)), lines_(in), account_(std::move(account)) {}

    asio::awaitable<int> run() {
        constexpr std::size_t group = 500;
        std::vector<yunhu::outbox_message> messages;
        bool more = true;
        while (more) {
            auto next = co_await lines_.next();
            more = next.has_value();
            if (more) {
                add(*next, messages);
            }
            if (messages.size() >= group || (!more && !messages.empty())) {
                auto stored = co_await box_.enqueue(std::exchange(messages, {}), yunhu::as_result);
                if (stored.has_error()) {
                    co_return report_failure(json_, stored.error());
                }
                count(*stored);
            }
        }
        const int lost = report_lost_input(lines_);
        print();
        co_return lost != fine ? lost : conflicts_ + invalid_ > 0 ? usage : fine;
    }

private:
    void add(line& from, std::vector<yunhu::outbox_message>& to) {
        if (from.number == 1) {
            remove_byte_order_mark(from.text);
        }
        if (from.text.find_first_not_of(" \t\r") == std::string::npos) {
            return;
        }
        try {
            yunhu::outbox_message m = read_outbox_line(from.text);
            if (m.account.empty()) {
                m.account = account_;
            }
            to.push_back(std::move(m));
            return;
        } catch (const bad_field& e) {
            std::cerr << "yunhu: " << translated("line {0}", {std::to_string(from.number)}) << ": "
                      << tools::on_one_line(e.what()) << std::endl;
        }
        ++invalid_;
    }

    void count(const yunhu::enqueue_result& stored) {
        for (const yunhu::enqueued_item& each : stored.items) {
            created_ += each.outcome == yunhu::enqueue_outcome::created ? 1 : 0;
            known_ += each.outcome == yunhu::enqueue_outcome::known ? 1 : 0;
            conflicts_ += each.outcome == yunhu::enqueue_outcome::conflict ? 1 : 0;
        }
    }

    void print() const {
        if (json_) {
            std::cout << tools::json_line(json::object{{"created", created_},
                                                       {"known", known_},
                                                       {"conflicts", conflicts_},
                                                       {"invalid", invalid_}})
                      << std::endl;
            return;
        }
        std::cout << translated("{0} stored, {1} known, {2} conflicts, {3} invalid",
                                {std::to_string(created_), std::to_string(known_), std::to_string(conflicts_),
                                 std::to_string(invalid_)})
                  << std::endl;
    }

    bool json_;
    yunhu::outbox box_;
    line_reader lines_;
    std::string account_;
    std::uint64_t created_ = 0;
    std::uint64_t known_ = 0;
    std::uint64_t conflicts_ = 0;
    std::uint64_t invalid_ = 0;
};

asio::awaitable<int> enqueue_lines(std::unique_ptr<enqueuer> from) {
    co_return co_await from->run();
}

asio::awaitable<int> list_all(bool in_json, std::shared_ptr<yunhu::outbox_store> store, yunhu::outbox_filter which) {
    bool first = true;
    for (;;) {
        auto page = co_await store->list(which);
        if (page.has_error()) {
            co_return report_failure(in_json, page.error());
        }
        if (page->empty()) {
            co_return fine;
        }
        if (in_json) {
            for (const yunhu::outbox_record& r : *page) {
                std::cout << tools::json_line(record_json(r)) << '\n';
            }
        } else {
            print_records(*page, std::exchange(first, false));
        }
        std::cout.flush();
        which.after = page->back().id;
    }
}

asio::awaitable<int> resend_all(bool in_json, std::shared_ptr<yunhu::outbox_store> store, outbox_settings how) {
    int code = fine;
    for (const std::string& key : how.keys) {
        auto done = co_await store->resend(key, milliseconds(how.quarantine_ms));
        if (done.has_error()) {
            co_return report_failure(in_json, done.error());
        }
        if (in_json) {
            std::cout << tools::json_line(json::object{{"key", key}, {"outcome", yunhu::to_string(*done)}})
                      << std::endl;
        } else {
            std::cout << tools::on_one_line(key) << "  " << yunhu::to_string(*done) << std::endl;
        }
        code = *done == yunhu::resend_outcome::queued ? code : usage;
    }
    co_return code;
}

asio::awaitable<int> prepare_store(bool in_json, std::shared_ptr<yunhu::outbox_store> store, outbox_settings how) {
    auto prepared = co_await store->prepare();
    if (prepared.has_error()) {
        co_return report_failure(in_json, prepared.error());
    }
    if (how.rate >= 0) {
        auto set = co_await store->set_lane(yunhu::outbox_lane(how.account, how.rate, how.burst));
        if (set.has_error()) {
            co_return report_failure(in_json, set.error());
        }
    }
    co_return fine;
}

/// Stops a worker when the outbox holds nothing that could be sent now or later.
asio::awaitable<void> stop_when_empty(yunhu::outbox_worker worker, std::shared_ptr<yunhu::outbox_store> store) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (;;) {
        auto now = co_await store->counts();
        if (now.has_error() || now->queued + now->claimed + now->sending == 0) {
            worker.stop();
            co_return;
        }
        pause.expires_after(milliseconds(100));
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<int> work(bool in_json, yunhu::client client, yunhu::outbox_worker worker) {
    auto end = co_await worker.run(yunhu::as_result);
    client.async_shutdown(std::chrono::seconds(0), asio::detached); // idle connections keep run() busy
    const yunhu::outbox_worker_stats s = worker.stats();
    if (in_json) {
        std::cout << tools::json_line(json::object{{"sent", s.sent},
                                                   {"failed", s.failed},
                                                   {"unknown", s.unknown},
                                                   {"released", s.released},
                                                   {"requests", s.requests},
                                                   {"lookups", s.lookups},
                                                   {"fenced", s.fenced}})
                  << std::endl;
    } else {
        std::cout << translated("{0} sent, {1} failed, {2} unknown, {3} released",
                                {std::to_string(s.sent), std::to_string(s.failed), std::to_string(s.unknown),
                                 std::to_string(s.released)})
                  << std::endl;
    }
    co_return end.has_error() ? report_failure(in_json, end.error(), yunhu::retry_class::safe) : fine;
}

} // namespace

std::shared_ptr<yunhu::outbox_store> open_outbox_store([[maybe_unused]] asio::io_context& io, std::string_view name) {
#ifdef YUNHU_OUTBOX_POSTGRES
    if (constexpr std::string_view postgres = "postgres:"; name.starts_with(postgres)) {
        const std::string_view rest = name.substr(postgres.size()); // a URI, perhaps with libpq's own scheme
        return std::make_shared<yunhu::postgres_outbox_store>(
            io.get_executor(),
            yunhu::postgres_outbox_options(rest.starts_with("//") ? std::string(name) : std::string(rest)));
    }
#endif
    constexpr std::string_view sqlite = "sqlite:";
    if (!name.starts_with(sqlite) || name.size() == sqlite.size()) {
        throw bad_field("store", "must be sqlite:FILE or postgres:URI");
    }
    return std::make_shared<yunhu::sqlite_outbox_store>(
        yunhu::sqlite_outbox_options(std::string(name.substr(sqlite.size()))));
}

int outbox_init(const settings& common, const outbox_settings& how) {
    asio::io_context io;
    return run_to_end(io, prepare_store(common.json, open_outbox_store(io, how.store), how));
}

int outbox_enqueue(const settings& common, const outbox_settings& how) {
    asio::io_context io;
    yunhu::outbox box(io.get_executor(), open_outbox_store(io, how.store));
    std::ifstream file;
    if (how.jsonl != "-") {
        file.open(how.jsonl);
        if (!file) {
            throw bad_field("jsonl", "the file can't be opened");
        }
    }
    std::istream& in = how.jsonl == "-" ? std::cin : file;
    return run_to_end(io, enqueue_lines(std::make_unique<enqueuer>(common.json, std::move(box), in, how.account)));
}

int outbox_worker(const settings& common, const outbox_settings& how) {
    asio::io_context io;
    const auto store = open_outbox_store(io, how.store);
    yunhu::outbox_worker_options options;
    options.accounts.emplace_back(how.account);
    options.concurrency = how.concurrency;
    options.lease = milliseconds(how.lease_ms);
    options.call = common.call_options();
    const bool in_json = common.json;
    options.on_pause = [](const yunhu::failure& why, milliseconds pause) {
        print_failure(std::cerr, why);
        std::cerr << translated("yunhu: pauses for {0} s, then goes on",
                                {std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count())})
                  << std::endl;
    };
    yunhu::client_config config = common.config();
    config.pool.max_connections = std::max(config.pool.max_connections, how.concurrency);
    yunhu::client client(io, std::move(config));
    yunhu::outbox_worker worker(client, store, std::move(options));
    if (how.until_empty) {
        asio::co_spawn(io, stop_when_empty(worker, store), asio::detached);
    }
    return run_to_end(io, work(in_json, client, worker), [worker]() mutable { worker.stop(); });
}

int outbox_status(const settings& common, const outbox_settings& how) {
    asio::io_context io;
    const auto store = open_outbox_store(io, how.store);
    return run_store<yunhu::outbox_counts>(common.json, io, store->counts(), [&common](const yunhu::outbox_counts& c) {
        if (common.json) {
            std::cout << tools::json_line(counts_json(c)) << std::endl;
        } else {
            std::cout << translated("{0} queued, {1} claimed, {2} sending, {3} sent, {4} failed, {5} unknown",
                                    {std::to_string(c.queued), std::to_string(c.claimed), std::to_string(c.sending),
                                     std::to_string(c.sent), std::to_string(c.failed), std::to_string(c.unknown)})
                      << std::endl;
        }
        return static_cast<int>(fine);
    });
}

int outbox_list(const settings& common, const outbox_settings& how) {
    asio::io_context io;
    yunhu::outbox_filter which;
    if (!how.state.empty()) {
        which.state = yunhu::outbox_state_of(how.state);
    }
    return run_to_end(io, list_all(common.json, open_outbox_store(io, how.store), which));
}

int outbox_resend(const settings& common, const outbox_settings& how) {
    asio::io_context io;
    return run_to_end(io, resend_all(common.json, open_outbox_store(io, how.store), how));
}

int outbox_repair(const settings& common, const outbox_settings& how) {
    asio::io_context io;
    const auto store = open_outbox_store(io, how.store);
    return run_store<std::uint64_t>(common.json, io, store->repair(), [&common](const std::uint64_t& changed) {
        if (common.json) {
            std::cout << tools::json_line(json::object{{"unknown", changed}}) << std::endl;
        } else {
            std::cout << translated("{0} messages are now unknown, and will be looked up", {std::to_string(changed)})
                      << std::endl;
        }
        return static_cast<int>(fine);
    });
}

} // namespace cli
