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

} // namespace

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
