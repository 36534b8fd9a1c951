// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/metrics.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <numeric>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace {

using number = std::atomic<std::uint64_t>;

void add(number& to, std::uint64_t n = 1) noexcept {
    to.fetch_add(n, std::memory_order_relaxed);
}

std::uint64_t get(const number& of) noexcept {
    return of.load(std::memory_order_relaxed);
}

// The error codes of the library, by value, followed by two additional ones.
constexpr auto known_codes = static_cast<std::size_t>(errc::bad_response) + 1;
constexpr std::size_t cancelled = known_codes;
constexpr std::size_t other = known_codes + 1;
constexpr std::size_t all_codes = known_codes + 2;
constexpr std::size_t deliveries = 3;

std::size_t index_of(const error_code& code) noexcept {
    if (!code) {
        return 0;
    }
    if (code == boost::asio::error::operation_aborted) {
        return cancelled;
    }
    const auto value = static_cast<std::size_t>(code.value());
    return code.category() == category() && value < known_codes ? value : other;
}

std::string_view name_of(std::size_t index) {
    switch (index) {
    case cancelled:
        return "cancelled";
    case other:
        return "other";
    default:
        return yunhu::name(static_cast<errc>(index));
    }
}

class live_histogram {
public:
    void add(std::chrono::nanoseconds elapsed) noexcept {
        const auto* const bound = std::ranges::lower_bound(histogram::bounds, elapsed, {},
                                                           [](auto b) { return std::chrono::nanoseconds(b); });
        yunhu::add(counts_[static_cast<std::size_t>(bound - histogram::bounds.begin())]);
        yunhu::add(sum_, static_cast<std::uint64_t>(std::max<std::int64_t>(elapsed.count(), 0)));
    }
    [[nodiscard]] histogram read() const noexcept {
        histogram h;
        std::ranges::transform(counts_, h.counts.begin(), get);
        h.sum = std::chrono::nanoseconds(get(sum_));
        return h;
    }

private:
    std::array<number, histogram::bounds.size() + 1> counts_{};
    number sum_{0};
};

using by_code = std::array<number, all_codes>;

std::vector<reason_count> read(const by_code& counts, bool with_success) {
    std::vector<reason_count> some;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        reason_count c;
        c.code = name_of(i);
        c.count = get(counts[i]);
        if (c.count > 0 || (with_success && i == 0)) {
            some.push_back(c);
        }
    }
    return some;
}

struct endpoint_counters {
    explicit endpoint_counters(std::string_view called) : name(called) {}

    std::string name;
    number begun{0};
    number attempts{0};
    std::array<std::array<number, deliveries>, all_codes> ended{};
    by_code retries{};
    live_histogram duration;
    live_histogram queue;
    live_histogram first_byte;

    [[nodiscard]] endpoint_metrics read() const;
};

endpoint_metrics endpoint_counters::read() const {
    endpoint_metrics m;
    m.endpoint = name;
    for (std::size_t code = 0; code < all_codes; ++code) {
        for (std::size_t how = 0; how < deliveries; ++how) {
            outcome_count c;
            c.code = name_of(code);
            c.delivery = static_cast<delivery>(how);
            c.count = get(ended[code][how]);
            if (c.count > 0 || (code == 0 && c.delivery == delivery::answered)) {
                m.calls.push_back(c);
            }
        }
    }
    m.calls_started = get(begun);
    m.attempts = get(attempts);
    m.retries = yunhu::read(retries, false);
    m.duration = duration.read();
    m.queue = queue.read();
    m.first_byte = first_byte.read();
    return m;
}

} // namespace

// A hash table of endpoints without removal: lock-free lookup, insertion under a lock.
struct metrics::state {
    static constexpr std::size_t places = 2 * max_endpoints;

    state() : rest("other") {}
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() {
        for (auto& place : table) {
            delete place.load(std::memory_order_relaxed);
        }
    }

    endpoint_counters& of(std::string_view endpoint) noexcept {
        const std::size_t start = std::hash<std::string_view>()(endpoint);
        for (std::size_t i = 0; i < places; ++i) {
            auto& place = table[(start + i) % places];
            endpoint_counters* there = place.load(std::memory_order_acquire);
            if (there == nullptr) {
                there = add_at(place, endpoint);
            }
            if (there == nullptr) {
                break;
            }
            if (there->name == endpoint) {
                return *there;
            }
        }
        return rest;
    }

    // The endpoint in that slot, which another thread may have inserted first; null if the table is full.
    endpoint_counters* add_at(std::atomic<endpoint_counters*>& place, std::string_view endpoint) noexcept {
        const std::lock_guard lock(adding);
        endpoint_counters* there = place.load(std::memory_order_relaxed);
        if (there == nullptr && endpoints < max_endpoints && endpoint != rest.name) {
            try {
                there = new endpoint_counters(endpoint);
            } catch (const std::bad_alloc&) {
                return nullptr;
            }
            ++endpoints;
            place.store(there, std::memory_order_release);
        }
        return there;
    }

    std::array<std::atomic<endpoint_counters*>, places> table{};
    std::mutex adding;
    std::size_t endpoints = 0;
    endpoint_counters rest;
    by_code connects{};
    by_code handshakes{};
    number resumed{0};
    number opened{0};
    number closed{0};
    number evicted{0};
    live_histogram connect;
    live_histogram tls;
};

metrics::metrics() : state_(std::make_unique<state>()) {}

metrics::~metrics() = default;

metrics_snapshot metrics::snapshot() const {
    metrics_snapshot s;
    for (const auto& place : state_->table) {
        if (const endpoint_counters* const there = place.load(std::memory_order_acquire)) {
            s.endpoints.push_back(there->read());
        }
    }
    if (get(state_->rest.begun) > 0) {
        s.endpoints.push_back(state_->rest.read());
    }
    std::ranges::sort(s.endpoints, {}, &endpoint_metrics::endpoint);
    s.connects = read(state_->connects, true);
    s.handshakes = read(state_->handshakes, true);
    s.resumed = get(state_->resumed);
    s.evicted = get(state_->evicted);
    s.closed = get(state_->closed);
    s.opened = get(state_->opened);
    s.connect = state_->connect.read();
    s.tls = state_->tls.read();
    return s;
}

// --- the hooks -------------------------------------------------------------------------------------------------------

void metrics::on_call_start(const call_event& e) noexcept {
    add(state_->of(e.endpoint).begun);
}

void metrics::on_call_end(const call_end_event& e) noexcept {
    endpoint_counters& of = state_->of(e.endpoint);
    add(of.ended[index_of(e.code)][static_cast<std::size_t>(e.delivery)]);
    of.duration.add(e.elapsed);
}

void metrics::on_queue_end(const queue_end_event& e) noexcept {
    state_->of(e.endpoint).queue.add(e.waited);
}

void metrics::on_attempt_start(const attempt_event& e) noexcept {
    add(state_->of(e.endpoint).attempts);
}

void metrics::on_first_byte(const first_byte_event& e) noexcept {
    state_->of(e.endpoint).first_byte.add(e.elapsed);
}

void metrics::on_retry(const retry_event& e) noexcept {
    add(state_->of(e.endpoint).retries[index_of(e.why)]);
}

void metrics::on_connect_end(const connect_end_event& e) noexcept {
    add(state_->connects[index_of(e.code)]);
    if (!e.code) {
        state_->connect.add(e.elapsed);
    }
}

void metrics::on_tls_end(const tls_end_event& e) noexcept {
    add(state_->handshakes[index_of(e.code)]);
    if (!e.code) {
        state_->tls.add(e.elapsed);
    }
    if (e.resumed) {
        add(state_->resumed);
    }
}

void metrics::on_connection_open(const connection_event& /*e*/) noexcept {
    add(state_->opened);
}

void metrics::on_connection_close(const connection_end_event& e) noexcept {
    add(state_->closed);
    if (e.evicted) {
        add(state_->evicted);
    }
}

// --- values ----------------------------------------------------------------------------------------------------------

std::uint64_t histogram::count() const noexcept {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t endpoint_metrics::calls_ended() const noexcept {
    return std::accumulate(calls.begin(), calls.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const outcome_count& c) { return sum + c.count; });
}

const endpoint_metrics* metrics_snapshot::find(std::string_view endpoint) const noexcept {
    const auto found = std::ranges::find(endpoints, endpoint, &endpoint_metrics::endpoint);
    return found == endpoints.end() ? nullptr : &*found;
}

YUNHU_NAMESPACE_END
