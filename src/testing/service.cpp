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

std::string_view endpoint_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

bool executes_first(const fault& f) {
    switch (f.what) {
    case action::close_after:
    case action::close_in_response:
    case action::stall:
    case action::delay:
        return true;
    case action::close_before:
        return false;
    default:
        return f.execute;
    }
}

// A content-type without its parameters.
std::string_view media_type_of(const header_list& headers) {
    std::string_view value = find_header(headers, "content-type");
    value = value.substr(0, value.find(';'));
    return value.substr(0, value.find_last_not_of(" \t") + 1);
}

// Why the headers of a request are not valid. `to` is null for a custom endpoint. Empty: they are valid.
std::string header_problem(const header_list& headers, const endpoint* to) {
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
    const bool matches = to != nullptr ? is(to->body) : is(format::protobuf) || is(format::json);
    return matches ? "" : "headers: content-type does not match the endpoint";
}

response not_found() {
    response result;
    result.status = 404;
    result.content_type = "text/plain";
    result.body = "404 page not found";
    return result;
}

response bad_request(std::string problem) {
    response result = error_response(400, bad_parameters);
    result.problem = std::move(problem);
    return result;
}

// The properties of a response that its request determines.
struct response_form {
    bool close = false;
    body_presence body = body_presence::sent;
};

std::string serialize(const response& result, response_form form) {
    header_list headers{{"content-type", std::string(result.content_type)}};
    if (form.close) {
        headers.emplace_back("connection", "close");
    }
    return http_response(result.status, std::move(headers), result.body, form.body);
}

connection_action normal_action(const response& result, response_form form) {
    connection_action out;
    out.bytes = serialize(result, form);
    out.after = form.close ? connection_action::then::shut_down : connection_action::then::read_next;
    return out;
}

connection_action faulty_action(const fault& f, const response& result, response_form form) {
    connection_action out;
    switch (f.what) {
    case action::response:
        out.bytes = http_response(f.status, f.headers, f.body, form.body);
        out.after = form.close || wants_close(f.headers) ? connection_action::then::shut_down
                                                         : connection_action::then::read_next;
        break;
    case action::raw_bytes:
        out.bytes = f.body;
        break;
    case action::close_in_response:
        out.bytes = serialize(result, form);
        out.bytes.resize(out.bytes.size() / 2);
        out.after = connection_action::then::close;
        break;
    case action::close_before:
    case action::close_after:
    case action::refuse_tls: // applies to connections only
        out.after = connection_action::then::close;
        break;
    case action::reset:
        out.after = connection_action::then::reset;
        break;
    case action::stall:
        out.after = connection_action::then::stall;
        break;
    case action::delay:
        out = normal_action(result, form);
        break;
    }
    out.delay = f.delay;
    return out;
}

// The HTTP status in the response, or 0 without one.
int visible_status(const fault* f, const response& result) {
    if (f == nullptr || f->what == action::delay || f->what == action::close_in_response) {
        return result.status;
    }
    return f->what == action::response ? f->status : 0;
}

} // namespace

service::service(const emulator_options& options)
    : token_(options.token), state_(options.user_id, options.user_name, options.seed), faults_(options.seed),
      exchanges_(options.journal_limit) {}

connection_action service::process(http_request request) {
    std::unique_lock lock(mutex_);
    ++counters_.requests;
    const route to = find(request);
    std::optional<fault> applied; // a copy: a custom handler runs unlocked and may change the plan
    // For unknown paths too, so that a fault can emulate an endpoint that does not exist here.
    if (const fault* f = faults_.select_for_request(request.target); f != nullptr) {
        applied = *f;
    }
    exchange e;
    response result;
    if (!applied || executes_first(*applied)) {
        result = execute(request, to, lock, e.executed);
    }
    counters_.duplicates += result.duplicate ? 1 : 0;
    response_form form;
    form.close = wants_close(request.headers);
    form.body = request.method == "HEAD" ? body_presence::omitted : body_presence::sent;
    connection_action out = applied ? faulty_action(*applied, result, form) : normal_action(result, form);
    if (exchanges_.enabled()) {
        e.endpoint = to.name;
        e.msg_id = std::move(result.msg_id);
        e.status = visible_status(applied ? &*applied : nullptr, result);
        e.code = result.code;
        e.duplicate = result.duplicate;
        e.problem = std::move(result.problem);
        if (applied) {
            e.applied_fault = applied->what;
        }
        record(std::move(request), std::move(e));
    }
    notify_change();
    return out;
}

connection_action service::reject_malformed(std::uint64_t connection, std::uint64_t on_connection, int status,
                                            std::string problem) {
    const std::lock_guard lock(mutex_);
    ++counters_.requests;
    response result = bad_request("HTTP: " + std::move(problem));
    result.status = status;
    http_request request;
    request.connection = connection;
    request.on_connection = on_connection;
    exchange e;
    e.status = result.status;
    e.code = result.code;
    e.problem = result.problem;
    record(std::move(request), std::move(e));
    notify_change();
    response_form form;
    form.close = true;
    return normal_action(result, form);
}

service::route service::find(const http_request& request) const {
    route to;
    if (request.method != "POST") {
        return to;
    }
    to.builtin = find_endpoint(request.target);
    if (const auto found = custom_handlers_.find(request.target); found != custom_handlers_.end()) {
        to.builtin = nullptr;
        to.custom_handler = found->second;
    }
    if (to.builtin != nullptr || to.custom_handler != nullptr) {
        to.name = endpoint_name(request.target);
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
    if (const endpoint* builtin = find_endpoint_named(name); builtin != nullptr) {
        return std::string(builtin->path);
    }
    for (const auto& [path, handler] : custom_handlers_) {
        if (endpoint_name(path) == name) {
            return path;
        }
    }
    throw std::invalid_argument("no endpoint is named \"" + std::string(name) +
                                "\"; an endpoint of your own is given by its path, e.g. /v1/own/call");
}

response service::execute(const http_request& request, const route& to, std::unique_lock<std::mutex>& lock,
                          bool& executed) {
    if (to.builtin == nullptr && to.custom_handler == nullptr) {
        response result = not_found();
        result.problem = "unknown path or method";
        return result;
    }
    std::string problem = header_problem(request.headers, to.builtin);
    if (find_header(request.headers, "token") != token_.reveal()) {
        response result = error_response(200, not_logged_in);
        result.problem = problem.empty() ? "token missing or wrong" : std::move(problem);
        return result;
    }
    if (!problem.empty()) {
        return bad_request(std::move(problem));
    }
    if (to.custom_handler != nullptr) {
        executed = true;
        return call_custom(request, to.custom_handler, lock);
    }
    response result = to.builtin->handle(state_, request.body, {now_ms(), counters_.requests});
    executed = result.problem.empty();
    return result;
}

response service::call_custom(const http_request& request, const custom& handler, std::unique_lock<std::mutex>& lock) {
    const bool is_json = equal_ignoring_case(media_type_of(request.headers), media_type(format::json));
    response result;
    result.content_type = media_type(is_json ? format::json : format::protobuf);
    lock.unlock(); // the handler may call the emulator
    try {
        result.body = (*handler)(request.body);
    } catch (...) { // of the user, who may throw anything
        result.status = 500;
        result.content_type = "text/plain";
    }
    lock.lock();
    return result;
}

void service::record(http_request request, exchange e) {
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
    exchanges_.add(std::move(e));
}

bool service::admit_connection() {
    return with_faults([](fault_plan& plan) { return plan.select_for_connection() == nullptr; });
}

std::uint64_t service::on_connection_open(bool resumed) {
    const std::lock_guard lock(mutex_);
    ++counters_.connections_open;
    counters_.handshakes_resumed += resumed ? 1 : 0;
    notify_change();
    return ++counters_.connections_accepted;
}

void service::on_connection_close() {
    const std::lock_guard lock(mutex_);
    --counters_.connections_open;
    notify_change();
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

void service::serve(std::string path, emulator::handler handler) {
    const std::lock_guard lock(mutex_);
    custom_handlers_[std::move(path)] = std::make_shared<const emulator::handler>(std::move(handler));
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

void service::notify_change() {
    ++changes_;
    change_.notify_all();
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
