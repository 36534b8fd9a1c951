// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/service.hpp"

#include "testing/http_text.hpp"
#include "testing/wire_types.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

using action = fault::action;

std::uint64_t now_ms() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

bool acts_first(const fault& f) {
    switch (f.what) {
    case action::close_after:
    case action::close_in_response:
    case action::stall:
    case action::delay:
        return true;
    case action::close_before:
        return false;
    default:
        return f.act;
    }
}

// A content-type without its parameters.
std::string_view media_type_of(const header_list& headers) {
    std::string_view value = find_header(headers, "content-type");
    value = value.substr(0, value.find(';'));
    return value.substr(0, value.find_last_not_of(" \t") + 1);
}

// What is wrong with the headers of a request to that endpoint (null: one of the user's own). Empty: nothing.
std::string problem_of_headers(const header_list& headers, const endpoint* to) {
    for (const std::string_view name : {"host", "content-length", "content-type"}) {
        if (count_header(headers, name) != 1) {
            return "headers: not exactly one " + std::string(name);
        }
    }
    for (const std::string_view name : {"accept-encoding", "transfer-encoding"}) {
        if (count_header(headers, name) != 0) {
            return "headers: " + std::string(name);
        }
    }
    if (count_header(headers, "token") > 1) {
        return "headers: more than one token";
    }
    const auto is = [&](format f) { return equal_ignoring_case(media_type_of(headers), media_type(f)); };
    const bool fits = to != nullptr ? is(to->body) : is(format::protobuf) || is(format::json);
    return fits ? "" : "headers: content-type does not fit the endpoint";
}

reply not_found() {
    reply made;
    made.status = 404;
    made.content_type = "text/plain";
    made.body = "404 page not found";
    return made;
}

reply bad_request(std::string problem) {
    reply made = refuse(400, bad_parameters);
    made.problem = std::move(problem);
    return made;
}

// What the request says about the form of its response.
struct response_form {
    bool closes = false;
    body_presence body = body_presence::sent;
};

std::string text_of(const reply& said, response_form form) {
    header_list headers{{"content-type", std::string(said.content_type)}};
    if (form.closes) {
        headers.emplace_back("connection", "close");
    }
    return http_response(said.status, std::move(headers), said.body, form.body);
}

outgoing without_fault(const reply& said, response_form form) {
    outgoing out;
    out.bytes = text_of(said, form);
    out.after = form.closes ? outgoing::then::close : outgoing::then::next;
    return out;
}

outgoing with_fault(const fault& f, const reply& said, response_form form) {
    outgoing out;
    switch (f.what) {
    case action::response:
        out.bytes = http_response(f.status, f.headers, f.body, form.body);
        out.after = form.closes || wants_close(f.headers) ? outgoing::then::close : outgoing::then::next;
        break;
    case action::raw_bytes:
        out.bytes = f.body;
        break;
    case action::close_in_response:
        out.bytes = text_of(said, form);
        out.bytes.resize(out.bytes.size() / 2);
        out.after = outgoing::then::cut;
        break;
    case action::close_before:
    case action::close_after:
    case action::refuse_tls: // strikes no request
        out.after = outgoing::then::cut;
        break;
    case action::reset:
        out.after = outgoing::then::reset;
        break;
    case action::stall:
        out.after = outgoing::then::stall;
        break;
    case action::delay:
        out = without_fault(said, form);
        break;
    }
    out.delay = f.delay;
    return out;
}

// The HTTP status that the client gets to see, or 0.
int status_seen(const fault* f, const reply& said) {
    if (f == nullptr || f->what == action::delay || f->what == action::close_in_response) {
        return said.status;
    }
    return f->what == action::response ? f->status : 0;
}

} // namespace

service::service(const emulator_options& options)
    : token_(options.token), state_(options.user_id, options.user_name, options.seed), faults_(options.seed),
      journal_(options.journal_limit) {}

outgoing service::process(incoming request) {
    std::unique_lock lock(mutex_);
    ++counters_.requests;
    const route to = find(request);
    std::optional<fault> struck; // a copy: a custom handler runs unlocked and may change the plan
    // Unknown paths too, so that a fault can stand in for an endpoint that is missing here.
    if (const fault* f = faults_.strike_request(request.target); f != nullptr) {
        struck = *f;
    }
    exchange e;
    reply said;
    if (!struck || acts_first(*struck)) {
        said = act(request, to, lock, e.acted);
    }
    counters_.duplicates += said.duplicate ? 1 : 0;
    response_form form;
    form.closes = wants_close(request.headers);
    form.body = request.method == "HEAD" ? body_presence::omitted : body_presence::sent;
    outgoing out = struck ? with_fault(*struck, said, form) : without_fault(said, form);
    if (journal_.keeps()) {
        e.endpoint = to.name;
        e.msg_id = std::move(said.msg_id);
        e.status = status_seen(struck ? &*struck : nullptr, said);
        e.code = said.code;
        e.duplicate = said.duplicate;
        e.problem = std::move(said.problem);
        if (struck) {
            e.struck_by = struck->what;
        }
        note(std::move(request), std::move(e));
    }
    changed();
    return out;
}

outgoing service::refuse_unreadable(std::uint64_t connection, std::uint64_t on_connection, int status,
                                    std::string problem) {
    const std::lock_guard lock(mutex_);
    ++counters_.requests;
    reply said = bad_request("HTTP: " + std::move(problem));
    said.status = status;
    incoming request;
    request.connection = connection;
    request.on_connection = on_connection;
    exchange e;
    e.status = said.status;
    e.code = said.code;
    e.problem = said.problem;
    note(std::move(request), std::move(e));
    changed();
    response_form form;
    form.closes = true;
    return without_fault(said, form);
}

service::route service::find(const incoming& request) const {
    route to;
    if (request.method != "POST") {
        return to;
    }
    to.own = find_endpoint(request.target);
    if (const auto found = customs_.find(request.target); found != customs_.end()) {
        to.own = nullptr;
        to.theirs = found->second;
    }
    if (to.own != nullptr || to.theirs != nullptr) {
        to.name = last_part(request.target);
    }
    return to;
}

void service::inject(fault f) {
    const std::lock_guard lock(mutex_);
    if (!f.endpoint.empty() && !f.endpoint.starts_with('/')) {
        f.endpoint = path_of(f.endpoint);
    }
    faults_.add(std::move(f));
}

std::string service::path_of(std::string_view name) const {
    if (const endpoint* own = find_endpoint_named(name); own != nullptr) {
        return std::string(own->path);
    }
    for (const auto& [path, handler] : customs_) {
        if (last_part(path) == name) {
            return path;
        }
    }
    throw std::invalid_argument("no endpoint is named \"" + std::string(name) +
                                "\"; an endpoint of your own is given by its path, e.g. /v1/own/call");
}

reply service::act(const incoming& request, const route& to, std::unique_lock<std::mutex>& lock, bool& acted) {
    if (to.own == nullptr && to.theirs == nullptr) {
        reply said = not_found();
        said.problem = "unknown path or method";
        return said;
    }
    std::string problem = problem_of_headers(request.headers, to.own);
    if (find_header(request.headers, "token") != token_) {
        reply said = refuse(200, not_logged_in);
        said.problem = problem.empty() ? "token missing or wrong" : std::move(problem);
        return said;
    }
    if (!problem.empty()) {
        return bad_request(std::move(problem));
    }
    if (to.theirs != nullptr) {
        acted = true;
        return act_custom(request, to.theirs, lock);
    }
    reply said = to.own->act(state_, request.body, {now_ms(), counters_.requests});
    acted = said.problem.empty();
    return said;
}

reply service::act_custom(const incoming& request, const custom& handler, std::unique_lock<std::mutex>& lock) {
    const bool is_json = equal_ignoring_case(media_type_of(request.headers), media_type(format::json));
    reply said;
    said.content_type = media_type(is_json ? format::json : format::protobuf);
    lock.unlock(); // the handler may call the emulator
    try {
        said.body = (*handler)(request.body);
    } catch (const std::exception&) {
        said.status = 500;
        said.content_type = "text/plain";
    }
    lock.lock();
    return said;
}

void service::note(incoming request, exchange e) {
    for (auto& [name, value] : request.headers) {
        if (equal_ignoring_case(name, "token")) {
            value = "***";
        }
    }
    e.connection = request.connection;
    e.on_connection = request.on_connection;
    e.method = std::move(request.method);
    e.target = std::move(request.target);
    e.headers = std::move(request.headers);
    e.body = std::move(request.body);
    journal_.add(std::move(e));
}

bool service::admit_connection() {
    return with_faults([](fault_plan& plan) { return plan.strike_connection() == nullptr; });
}

std::uint64_t service::on_connection_open(bool resumed) {
    const std::lock_guard lock(mutex_);
    ++counters_.connections_open;
    counters_.handshakes_resumed += resumed ? 1 : 0;
    changed();
    return ++counters_.connections_accepted;
}

void service::on_connection_close() {
    const std::lock_guard lock(mutex_);
    --counters_.connections_open;
    changed();
}

message service::deliver(const chat& in, const message& m) {
    const std::lock_guard lock(mutex_);
    return from_wire(state_.deliver(in, to_wire(m), now_ms()));
}

void service::erase(const chat& in, const std::string& msg_id) {
    const std::lock_guard lock(mutex_);
    state_.erase(in, msg_id);
}

std::vector<message> service::messages(const chat& in) const {
    const std::lock_guard lock(mutex_);
    std::vector<message> copies;
    for (const wire::Message* each : state_.all(in)) {
        copies.push_back(from_wire(*each));
    }
    return copies;
}

void service::serve(std::string path, emulator::handler make_reply) {
    const std::lock_guard lock(mutex_);
    customs_[std::move(path)] = std::make_shared<const emulator::handler>(std::move(make_reply));
}

service::counters service::count() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

bool service::wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::unique_lock lock(mutex_);
    for (;;) {
        const std::uint64_t seen = changes_;
        lock.unlock();
        if (condition()) {
            return true;
        }
        lock.lock();
        if (!change_.wait_until(lock, deadline, [&] { return changes_ != seen; })) {
            return false;
        }
    }
}

void service::changed() {
    ++changes_;
    change_.notify_all();
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
