// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/outbox_metrics.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

// The Prometheus text format of an outbox, its workers, and a fleet.
YUNHU_NAMESPACE_BEGIN
namespace {

struct metrics_text {
    void family(std::string_view name, std::string_view type, std::string_view help) {
        (((text += "# HELP yunhu_") += name) += ' ') += help;
        ((((text += "\n# TYPE yunhu_") += name) += ' ') += type) += '\n';
    }
    void sample(std::string_view name, std::string_view value) {
        (((text += "yunhu_") += name) += ' ') += value;
        text += '\n';
    }

    std::string text;
};

std::string in_seconds(std::chrono::milliseconds time) {
    std::array<char, 32> digits{};
    const double value = std::chrono::duration<double>(time).count();
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), end.ptr};
}

/// A number of each worker, whose sum is shown.
template <class Stats> struct worker_family {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::uint64_t Stats::*value;
};

constexpr std::array outbox_worker_families{
    worker_family<outbox_worker_stats>{"outbox_worker_in_flight", "gauge", "Messages in flight.",
                                       &outbox_worker_stats::in_flight},
    worker_family<outbox_worker_stats>{"outbox_worker_claimed_total", "counter", "Messages that were claimed.",
                                       &outbox_worker_stats::claimed},
    worker_family<outbox_worker_stats>{"outbox_worker_requests_total", "counter", "Sends.",
                                       &outbox_worker_stats::requests},
    worker_family<outbox_worker_stats>{"outbox_worker_lookups_total", "counter", "Look-ups of what may have left.",
                                       &outbox_worker_stats::lookups},
    worker_family<outbox_worker_stats>{"outbox_worker_sent_total", "counter", "Outcomes: sent, or found.",
                                       &outbox_worker_stats::sent},
    worker_family<outbox_worker_stats>{"outbox_worker_failed_total", "counter", "Outcomes: failed for good.",
                                       &outbox_worker_stats::failed},
    worker_family<outbox_worker_stats>{"outbox_worker_unknown_total", "counter", "Outcomes: maybe sent, not found.",
                                       &outbox_worker_stats::unknown},
    worker_family<outbox_worker_stats>{"outbox_worker_released_total", "counter", "Outcomes: not sent, queued again.",
                                       &outbox_worker_stats::released},
    worker_family<outbox_worker_stats>{"outbox_worker_fenced_total", "counter",
                                       "Marks and outcomes that came after another worker had taken over.",
                                       &outbox_worker_stats::fenced},
    worker_family<outbox_worker_stats>{"outbox_worker_pauses_total", "counter",
                                       "Pauses because of the store, the server or a limit.",
                                       &outbox_worker_stats::pauses},
};

constexpr std::array fleet_families{
    worker_family<fleet_stats>{"fleet_accounts", "gauge", "Accounts that are heard.", &fleet_stats::held},
    worker_family<fleet_stats>{"fleet_acquired_total", "counter", "Accounts that were acquired.",
                               &fleet_stats::acquired},
    worker_family<fleet_stats>{"fleet_taken_over_total", "counter",
                               "Of these, accounts whose worker had died or was stopped.", &fleet_stats::taken_over},
    worker_family<fleet_stats>{"fleet_given_back_total", "counter", "Accounts that were given back in order.",
                               &fleet_stats::given_back},
    worker_family<fleet_stats>{"fleet_lost_total", "counter", "Accounts whose lease was lost.", &fleet_stats::lost},
    worker_family<fleet_stats>{"fleet_events_total", "counter", "Events that were delivered.", &fleet_stats::events},
    worker_family<fleet_stats>{"fleet_maybe_repeated_total", "counter",
                               "Of these, events that another worker may have handled.", &fleet_stats::maybe_repeated},
    worker_family<fleet_stats>{"fleet_fenced_saves_total", "counter",
                               "Saves of positions after another worker had taken over.", &fleet_stats::fenced_saves},
    worker_family<fleet_stats>{"fleet_store_failures_total", "counter", "Operations of the store that failed.",
                               &fleet_stats::store_failures},
};

template <class Stats, class Families> std::string page_of(std::string_view number, std::string_view help,
                                                           const Families& families, std::span<const Stats> all) {
    metrics_text out;
    out.family(number, "gauge", help);
    out.sample(number, std::to_string(all.size()));
    for (const auto& f : families) {
        std::uint64_t sum = 0;
        for (const Stats& s : all) {
            sum += s.*f.value;
        }
        out.family(f.name, f.type, f.help);
        out.sample(f.name, std::to_string(sum));
    }
    return std::move(out.text);
}

} // namespace

std::string to_prometheus(const outbox_counts& now) {
    metrics_text out;
    out.family("outbox_messages", "gauge", "Messages by state.");
    const auto of_state = [&out](outbox_state s, std::uint64_t count) {
        out.sample("outbox_messages{state=\"" + std::string(to_string(s)) + "\"}", std::to_string(count));
    };
    of_state(outbox_state::queued, now.queued);
    of_state(outbox_state::claimed, now.claimed);
    of_state(outbox_state::sending, now.sending);
    of_state(outbox_state::sent, now.sent);
    of_state(outbox_state::failed, now.failed);
    of_state(outbox_state::unknown, now.unknown);
    out.family("outbox_oldest_queued_seconds", "gauge", "How long a message could have been sent already.");
    out.sample("outbox_oldest_queued_seconds", in_seconds(now.oldest_queued));
    out.family("outbox_oldest_unknown_seconds", "gauge", "How long a message waits for a person's decision.");
    out.sample("outbox_oldest_unknown_seconds", in_seconds(now.oldest_unknown));
    return std::move(out.text);
}

std::string to_prometheus(std::span<const outbox_worker_stats> workers) {
    return page_of<outbox_worker_stats>("outbox_workers", "Workers of an outbox.", outbox_worker_families, workers);
}

std::string to_prometheus(std::span<const fleet_stats> workers) {
    return page_of<fleet_stats>("fleet_workers", "Workers of a fleet.", fleet_families, workers);
}

YUNHU_NAMESPACE_END
