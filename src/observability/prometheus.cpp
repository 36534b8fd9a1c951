// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/metrics.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <utility>

// The Prometheus text format.
YUNHU_NAMESPACE_BEGIN
namespace {

using label = std::pair<std::string_view, std::string_view>;

// Escapes the value of a label.
void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
        case '\\':
            out += "\\\\";
            break;
        case '"':
            out += "\\\"";
            break;
        case '\n':
            out += "\\n";
            break;
        default:
            out += c;
        }
    }
}

std::string seconds(std::chrono::nanoseconds time) {
    std::array<char, 32> text{};
    const double value = std::chrono::duration<double>(time).count();
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

class page {
public:
    // Header of a metric family; samples follow.
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        (((text_ += "# HELP yunhu_") += name) += ' ') += help;
        ((((text_ += "\n# TYPE yunhu_") += name) += ' ') += type) += '\n';
    }

    void sample(std::initializer_list<label> labels, std::uint64_t value) { line("", labels, std::to_string(value)); }
    void sample(std::initializer_list<label> labels, std::chrono::nanoseconds time) { line("", labels, seconds(time)); }

    void samples(std::initializer_list<label> labels, const histogram& h) {
        std::uint64_t so_far = 0;
        for (std::size_t i = 0; i < h.counts.size(); ++i) {
            so_far += h.counts[i];
            const std::string bound = i < histogram::bounds.size() ? seconds(histogram::bounds[i]) : "+Inf";
            line("_bucket", labels, std::to_string(so_far), bound);
        }
        line("_sum", labels, seconds(h.sum));
        line("_count", labels, std::to_string(so_far));
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void line(std::string_view suffix, std::initializer_list<label> labels, std::string_view value,
              std::string_view bound = {}) {
        ((text_ += "yunhu_") += name_) += suffix;
        char before = '{';
        const auto add = [&](const label& l) {
            ((text_ += std::exchange(before, ',')) += l.first) += "=\"";
            append_escaped(text_, l.second);
            text_ += '"';
        };
        std::ranges::for_each(labels, add);
        if (!bound.empty()) {
            add({"le", bound});
        }
        if (before == ',') {
            text_ += '}';
        }
        ((text_ += ' ') += value) += '\n';
    }

    std::string text_;
    std::string_view name_;
};

void append_calls(page& out, const std::vector<endpoint_metrics>& endpoints) {
    out.family("calls_started_total", "counter", "Calls that were started.");
    for (const endpoint_metrics& e : endpoints) {
        out.sample({{"endpoint", e.endpoint}}, e.calls_started);
    }
    out.family("calls_total", "counter", "Calls that have ended, by error code and by how far they got.");
    for (const endpoint_metrics& e : endpoints) {
        for (const outcome_count& c : e.calls) {
            out.sample({{"endpoint", e.endpoint}, {"code", c.code}, {"delivery", to_string(c.delivery)}}, c.count);
        }
    }
    out.family("attempts_total", "counter", "Times that a call was handed to a connection.");
    for (const endpoint_metrics& e : endpoints) {
        out.sample({{"endpoint", e.endpoint}}, e.attempts);
    }
    out.family("retries_total", "counter", "Decisions to try a call again, by what had gone wrong.");
    for (const endpoint_metrics& e : endpoints) {
        for (const reason_count& r : e.retries) {
            out.sample({{"endpoint", e.endpoint}, {"reason", r.code}}, r.count);
        }
    }
}

void append_times(page& out, const std::vector<endpoint_metrics>& endpoints) {
    out.family("call_duration_seconds", "histogram", "From a call's start until its handler was called.");
    for (const endpoint_metrics& e : endpoints) {
        out.samples({{"endpoint", e.endpoint}}, e.duration);
    }
    out.family("queue_duration_seconds", "histogram", "How long calls waited for a connection, of those that did.");
    for (const endpoint_metrics& e : endpoints) {
        out.samples({{"endpoint", e.endpoint}}, e.queue);
    }
    out.family("first_byte_duration_seconds", "histogram", "From writing a request to the first byte of its response.");
    for (const endpoint_metrics& e : endpoints) {
        out.samples({{"endpoint", e.endpoint}}, e.first_byte);
    }
}

void append_connections(page& out, const metrics_snapshot& of) {
    out.family("dials_total", "counter", "Times that a name was resolved and connected to, by how that ended.");
    for (const reason_count& r : of.connects) {
        out.sample({{"code", r.code}}, r.count);
    }
    out.family("tls_handshakes_total", "counter", "TLS handshakes, by how they ended.");
    for (const reason_count& r : of.handshakes) {
        out.sample({{"code", r.code}}, r.count);
    }
    out.family("tls_resumed_total", "counter", "TLS handshakes that went on with an earlier session.");
    out.sample({}, of.resumed);
    out.family("connections_opened_total", "counter", "Connections that were opened.");
    out.sample({}, of.opened);
    out.family("connections_closed_total", "counter", "Connections that were open and were closed.");
    out.sample({}, of.closed);
    out.family("connections_evicted_total", "counter", "Idle connections closed by the server or for stray bytes.");
    out.sample({}, of.evicted);
    out.family("dial_duration_seconds", "histogram", "Resolving and connecting, where it succeeded.");
    out.samples({}, of.connect);
    out.family("tls_duration_seconds", "histogram", "TLS handshakes, where they succeeded.");
    out.samples({}, of.tls);
}

void append_pool(page& out, const client_stats& now) {
    out.family("connections", "gauge", "Open connections, busy or idle.");
    out.sample({}, now.connections);
    out.family("connections_idle", "gauge", "Connections that wait for a call.");
    out.sample({}, now.idle);
    out.family("connections_dialing", "gauge", "Connections being opened.");
    out.sample({}, now.connecting);
    out.family("calls_queued", "gauge", "Calls that wait for a connection.");
    out.sample({}, now.queued);
    out.family("calls_limited", "gauge", "Calls that wait for a permit of a rate limit.");
    out.sample({}, now.limited);
    out.family("calls_running", "gauge", "Calls that have not ended.");
    out.sample({}, now.calls);
}

void append_all(page& out, const metrics_snapshot& since_start) {
    append_calls(out, since_start.endpoints);
    append_times(out, since_start.endpoints);
    append_connections(out, since_start);
}

/// A number of an inbox or a bot.
template <class Stats> struct family {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::uint64_t (*value)(const Stats& s);
};
using inbox_family = family<inbox_stats>;
using bot_family = family<bot_stats>;

// Everything but the lag, which is a time.
constexpr inbox_family inbox_families[] = {
    {"inboxes", "gauge", "Inboxes.", [](const inbox_stats&) -> std::uint64_t { return 1; }},
    {"inbox_logged_in", "gauge", "Inboxes whose session with the gateway is established.",
     [](const inbox_stats& s) -> std::uint64_t { return s.logged_in ? 1 : 0; }},
    {"inbox_queued", "gauge", "Events that wait to be taken.", [](const inbox_stats& s) { return s.queued; }},
    {"inbox_held", "gauge", "Messages that wait for earlier ones.", [](const inbox_stats& s) { return s.held; }},
    {"inbox_chats", "gauge", "Chats whose position is known.", [](const inbox_stats& s) { return s.chats; }},
    {"inbox_requests", "gauge", "Requests for missed messages that are running.",
     [](const inbox_stats& s) { return s.requests; }},
    {"inbox_connects_total", "counter", "Connections to the gateway that were begun.",
     [](const inbox_stats& s) { return s.connects; }},
    {"inbox_logins_total", "counter", "Sessions that were established.", [](const inbox_stats& s) { return s.logins; }},
    {"inbox_losses_total", "counter", "Connections to the gateway that ended or failed.",
     [](const inbox_stats& s) { return s.losses; }},
    {"inbox_refusals_total", "counter", "Logins that were refused.", [](const inbox_stats& s) { return s.refusals; }},
    {"inbox_tls_resumed_total", "counter", "TLS handshakes with the gateway that went on with an earlier session.",
     [](const inbox_stats& s) { return s.resumed; }},
    {"inbox_frames_total", "counter", "Frames of the gateway.", [](const inbox_stats& s) { return s.frames; }},
    {"inbox_ignored_total", "counter", "Frames that can't be read.", [](const inbox_stats& s) { return s.ignored; }},
    {"inbox_events_total", "counter", "Events that were taken.", [](const inbox_stats& s) { return s.events; }},
    {"inbox_duplicates_total", "counter", "Events that had been received before.",
     [](const inbox_stats& s) { return s.duplicates; }},
    {"inbox_dropped_total", "counter", "Stream deltas and drafts that were dropped because the queue was half full.",
     [](const inbox_stats& s) { return s.dropped; }},
    {"inbox_gaps_total", "counter", "Gap events: messages or changes that were not delivered.",
     [](const inbox_stats& s) { return s.gaps; }},
    {"inbox_catch_up_requests_total", "counter", "Requests for what was missed.",
     [](const inbox_stats& s) { return s.catch_up_requests; }},
    {"inbox_saves_total", "counter", "Saves of the cursors.", [](const inbox_stats& s) { return s.saves; }},
    {"inbox_failed_saves_total", "counter", "Saves of the cursors that failed.",
     [](const inbox_stats& s) { return s.failed_saves; }},
};

// Everything but the times.
constexpr bot_family bot_families[] = {
    {"bots", "gauge", "Bots.", [](const bot_stats&) -> std::uint64_t { return 1; }},
    {"bot_running", "gauge", "Handlers that run.", [](const bot_stats& s) { return s.running; }},
    {"bot_waiting", "gauge", "Handlers that wait for a message.", [](const bot_stats& s) { return s.waiting; }},
    {"bot_queued", "gauge", "Events that wait for a handler.", [](const bot_stats& s) { return s.queued; }},
    {"bot_handled_total", "counter", "Handlers that ended without an exception.",
     [](const bot_stats& s) { return s.handled; }},
    {"bot_failed_total", "counter", "Handlers that ended with an exception.",
     [](const bot_stats& s) { return s.failed; }},
    {"bot_timed_out_total", "counter", "Handlers that were cancelled after their time limit.",
     [](const bot_stats& s) { return s.timed_out; }},
    {"bot_abandoned_total", "counter", "Handlers that did not end after that.",
     [](const bot_stats& s) { return s.abandoned; }},
    {"bot_unmatched_total", "counter", "Events without a handler.", [](const bot_stats& s) { return s.unmatched; }},
    {"bot_ignored_total", "counter", "Messages of the account itself and of other bots.",
     [](const bot_stats& s) { return s.ignored; }},
};

template <class Stats>
void append_sums(page& out, std::span<const family<Stats>> families, std::span<const Stats> all) {
    for (const family<Stats>& f : families) {
        std::uint64_t sum = 0;
        for (const Stats& s : all) {
            sum += f.value(s);
        }
        out.family(f.name, f.type, f.help);
        out.sample({}, sum);
    }
}

void lag_family(page& out) {
    out.family("inbox_lag_seconds", "gauge", "Age of the event that was taken last, from its frame on.");
}

} // namespace

std::string to_prometheus(std::span<const inbox_stats> inboxes) {
    page out;
    append_sums<inbox_stats>(out, inbox_families, inboxes);
    std::chrono::nanoseconds longest{};
    for (const inbox_stats& s : inboxes) {
        longest = std::max(longest, s.lag);
    }
    lag_family(out);
    out.sample({}, longest);
    return out.take();
}

std::string to_prometheus(std::span<const account_inbox> inboxes) {
    page out;
    for (const inbox_family& f : inbox_families) {
        out.family(f.name, f.type, f.help);
        for (const account_inbox& one : inboxes) {
            out.sample({{"user_id", one.user_id}}, f.value(one.stats));
        }
    }
    lag_family(out);
    for (const account_inbox& one : inboxes) {
        out.sample({{"user_id", one.user_id}}, one.stats.lag);
    }
    return out.take();
}

std::string to_prometheus(std::span<const bot_stats> bots) {
    page out;
    append_sums<bot_stats>(out, bot_families, bots);
    std::chrono::nanoseconds sum{};
    std::chrono::nanoseconds longest{};
    for (const bot_stats& s : bots) {
        sum += s.handler_time;
        longest = std::max(longest, s.max_handler_time);
    }
    out.family("bot_handler_seconds_total", "counter", "Time in handlers, without waits for a message.");
    out.sample({}, sum);
    out.family("bot_handler_max_seconds", "gauge", "The longest handler since the start.");
    out.sample({}, longest);
    return out.take();
}

std::string to_prometheus(const metrics_snapshot& since_start) {
    page out;
    append_all(out, since_start);
    return out.take();
}

std::string to_prometheus(const metrics_snapshot& since_start, const client_stats& now) {
    page out;
    append_all(out, since_start);
    append_pool(out, now);
    return out.take();
}

YUNHU_NAMESPACE_END
