// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/service.hpp"

#include "testing/http_text.hpp"
#include "testing/request_headers.hpp"
#include "testing/wire_types.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

constexpr std::string_view gateway_path = "/ws";
constexpr int switching_protocols = 101;
constexpr account_index first_account = 0;

std::string_view endpoint_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

// The name in the `host` field, lower case and without a port.
std::string host_of(const header_list& headers) {
    const std::string_view field = find_header(headers, "host");
    std::string host(field.substr(0, field.find(':')));
    for (char& c : host) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return host;
}

response plain_text(int status, std::string_view text) {
    response result;
    result.status = status;
    result.content_type = "text/plain";
    result.body = text;
    return result;
}

// A JSON object in a body that is not declared to be one.
bool looks_like_json(std::string_view body) {
    const auto first = body.find_first_not_of(" \t\r\n");
    return first != body.npos && (body[first] == '{' || body[first] == '[');
}

// A user's function must not end the emulator.
template <class Callback, class Argument> void call(const Callback& callback, const Argument& argument) {
    try {
        callback(argument);
    } catch (...) { // it may throw anything
        return;
    }
}

message from_wire_for(const stored_message& from, account_index viewer) {
    message made = from_wire(from.message);
    made.direction = from.direction_for(viewer);
    return made;
}

} // namespace

service::service(const emulator_options& options)
    : options_(options), state_(options.seed), faults_(options.seed), exchanges_(options.journal_limit),
      frames_(options.journal_limit), media_(options.seed), gateway_(options.seed) {
    account first(options.user_id, options.user_name, options.token);
    state_.people().add(first.with_login(options.email, options.password, options.mobile));
    for (const account& each : options.accounts) {
        state_.people().add(each);
    }
    if (!options.state_dir.empty()) {
        file_ = std::make_unique<state_file>(options.state_dir, state_);
    }
}

std::uint64_t service::now_ms() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
}

connection_action service::process(http_request request) {
    std::unique_lock lock(mutex_);
    ++counters_.requests;
    const std::string_view target = request.target;
    const std::string path(options_.strict ? target : target.substr(0, target.find('?')));
    const route to = find(request, path);
    std::optional<fault> applied; // a copy: a custom handler runs unlocked and may change the plan
    // For unknown paths too, so that a fault can emulate an endpoint that does not exist here.
    if (const fault* f = faults_.select_for_request(path); f != nullptr) {
        applied = *f;
    }
    exchange e;
    response result;
    if (!applied || executes_first(*applied)) {
        result = execute(request, to, lock, e);
    }
    publish();
    counters_.duplicates += result.duplicate ? 1 : 0;
    response_form form;
    form.close = !request.keep_alive;
    form.body = request.method == "HEAD" ? body_presence::omitted : body_presence::sent;
    connection_action out;
    if (result.status == switching_protocols && (!applied || applied->what == fault::action::delay)) {
        out.after = connection_action::then::upgrade;
        out.delay = applied ? applied->delay : out.delay;
    } else if (applied) {
        out = faulty_action(*applied, result, form);
    } else {
        out = normal_action(result, form);
    }
    e.endpoint = to.name;
    e.msg_id = std::move(result.msg_id);
    e.status = visible_status(applied ? &*applied : nullptr, result);
    e.code = result.code;
    e.in = std::move(result.in);
    e.text = std::move(result.text);
    e.duplicate = result.duplicate;
    e.problem = std::move(result.problem);
    for (const std::string& note : {result.note, file_error_}) {
        e.note += (e.note.empty() || note.empty() ? "" : "; ") + note;
    }
    if (applied) {
        e.applied_fault = applied->what;
    }
    record(std::move(request), std::move(e), std::move(lock));
    return out;
}

connection_action service::reject_malformed(std::uint64_t connection, std::uint64_t on_connection, int status,
                                            std::string problem) {
    std::unique_lock lock(mutex_);
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
    record(std::move(request), std::move(e), std::move(lock));
    response_form form;
    form.close = true;
    return normal_action(result, form);
}

service::route service::find(const http_request& request, std::string_view path) const {
    route to;
    const std::string host = host_of(request.headers);
    if (media_store::plays(host) || own_servers_.count(host) != 0) {
        to.media = true;
        to.name = endpoint_name(path);
        return to;
    }
    to.builtin = find_endpoint(path);
    if (to.builtin != nullptr && to.builtin->method != request.method) {
        to.builtin = nullptr;
    }
    if (const auto found = custom_handlers_.find(path); found != custom_handlers_.end() && request.method == "POST") {
        to.builtin = nullptr;
        to.custom_handler = found->second;
    }
    to.gateway = request.upgrade != nullptr && path == gateway_path;
    if (to.builtin != nullptr || to.custom_handler != nullptr || to.gateway) {
        to.name = endpoint_name(path);
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
                          exchange& e) {
    if (to.gateway) {
        return upgrade(request);
    }
    if (to.media) {
        e.executed = true;
        return call_media(request);
    }
    if (to.builtin == nullptr && to.custom_handler == nullptr) {
        response result = plain_text(404, "404 page not found");
        result.problem = "unknown path or method";
        return result;
    }
    std::string deviation = header_deviation(request.headers, to.builtin);
    const bool needs_token = to.builtin == nullptr || to.builtin->needs_token;
    auto account = state_.people().with_token(find_header(request.headers, "token"));
    if (!needs_token && count_header(request.headers, "token") != 0) {
        deviation = deviation.empty() ? "headers: a token, which this call does not need" : deviation;
    }
    if (!needs_token) {
        account = first_account; // the handler finds its own
    }
    if (!account) {
        response result = error_response(200, not_logged_in);
        result.problem = deviation.empty() || !options_.strict ? "token missing or wrong" : std::move(deviation);
        return result;
    }
    e.user_id = needs_token ? state_.people().at(*account).user_id : std::string();
    if (!deviation.empty()) {
        if (options_.strict) {
            return bad_request(std::move(deviation));
        }
        e.note = std::move(deviation);
    }
    if (to.custom_handler != nullptr) {
        e.executed = true;
        return call_custom(request, to.custom_handler, lock);
    }
    const request_context context{now_ms(),     counters_.requests,         *account, options_.strict, options_.mid_seq,
                                  gateway_url_, options_.verification_code, media_};
    response result = to.builtin->handle(state_, request.body, context);
    e.executed = result.problem.empty();
    return result;
}

response service::upgrade(const http_request& request) {
    if (!gateway_.open(request.connection, request.upgrade)) {
        return plain_text(403, "403 forbidden");
    }
    response result;
    result.status = switching_protocols;
    return result;
}

response service::call_media(const http_request& request) {
    const std::string host = host_of(request.headers);
    if (const auto own = own_servers_.find(host); own != own_servers_.end()) {
        exchange seen;
        seen.method = request.method;
        seen.target = request.target;
        seen.headers = request.headers;
        seen.body = request.body;
        emulator::http_reply reply = own->second(seen);
        response result;
        result.status = reply.status;
        result.headers = std::move(reply.headers);
        result.body = std::move(reply.body);
        return result;
    }
    constexpr std::uint64_t milliseconds = 1000;
    return media_.process(
        {host, request.method, request.target, request.headers, request.body, now_ms() / milliseconds});
}

void service::serve_host(std::string host, emulator::http_handler handler) {
    const std::lock_guard lock(mutex_);
    own_servers_[std::move(host)] = std::move(handler);
}

response service::call_custom(const http_request& request, const custom& handler, std::unique_lock<std::mutex>& lock) {
    const bool is_json = equal_ignoring_case(media_type_of(request.headers), media_type(format::json)) ||
                         (!equal_ignoring_case(media_type_of(request.headers), media_type(format::protobuf)) &&
                          looks_like_json(request.body));
    response result;
    lock.unlock(); // the handler may call the emulator
    try {
        result.body = (*handler)(request.body);
        result.content_type = media_type(is_json ? format::json : format::protobuf);
    } catch (...) { // of the user: not necessarily a std::exception
        result.status = 500;
        result.content_type = "text/plain";
    }
    lock.lock();
    return result;
}

void service::record(http_request request, exchange e, std::unique_lock<std::mutex> lock) {
    if (exchanges_.enabled() || options_.on_exchange) {
        for (auto& [name, value] : request.headers) {
            if (equal_ignoring_case(name, "token") || equal_ignoring_case(name, "authorization")) {
                value = "***";
            }
        }
        e.connection = request.connection;
        e.on_connection = request.on_connection;
        e.method = std::move(request.method);
        e.target = std::move(request.target);
        e.headers = std::move(request.headers);
        constexpr std::size_t kept = 64U << 10U; // of an upload
        const bool large = media_store::plays(host_of(e.headers)) && request.body.size() > kept;
        e.body = large ? std::string() : std::move(request.body);
        if (const endpoint* const to = find_endpoint(e.target.substr(0, e.target.find('?')));
            to != nullptr && to->holds_secrets) {
            e.body = with_masked_secrets(e.body);
        }
        exchanges_.add(e);
    }
    notify_change();
    lock.unlock(); // the callback may call the emulator
    if (options_.on_exchange) {
        call(options_.on_exchange, e);
    }
}

void service::on_frame(std::uint64_t connection, bool text, std::string bytes) {
    gateway_frame frame;
    {
        const std::lock_guard lock(mutex_);
        frame = gateway_.receive(connection, text, std::move(bytes), state_.people());
        counters_.sessions = gateway_.logged_in();
    }
    record(frame);
}

void service::record(const gateway_frame& frame) {
    {
        const std::lock_guard lock(mutex_);
        frames_.add(frame);
        notify_change();
    }
    if (options_.on_frame) {
        call(options_.on_frame, frame);
    }
}

void service::publish() {
    const std::vector<change> changes = state_.take_changes();
    for (const change& each : changes) {
        gateway_.publish(each, state_);
    }
    if (file_ && !changes.empty()) {
        try {
            file_->append(changes, state_);
        } catch (const std::exception& failed) { // a full disk, for example; the notes of all later exchanges say so
            file_error_ = failed.what();
            file_.reset();
        }
    }
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

void service::on_connection_close(std::uint64_t connection) {
    const std::lock_guard lock(mutex_);
    --counters_.connections_open;
    gateway_.close(connection);
    counters_.sessions = gateway_.logged_in();
    notify_change();
}

message service::for_first_account(const stored_message& stored) {
    return from_wire_for(stored, first_account);
}

std::vector<message> service::messages(const chat& in) const {
    const std::lock_guard lock(mutex_);
    std::vector<message> copies;
    for (const stored_message* each : state_.all(first_account, in)) {
        copies.push_back(for_first_account(*each));
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

std::vector<gateway_frame> service::frames() const {
    const std::lock_guard lock(mutex_);
    return frames_.all();
}

void service::clear_journal() {
    const std::lock_guard lock(mutex_);
    exchanges_.clear();
    frames_.clear();
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
