// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fault_connection.hpp"

#include <exception>
#include <utility>

namespace yunhu::test {

std::string http_ok(std::string_view body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

fault_connection::fault_connection(int socket, SSL_CTX* context, const fault_server_options& options,
                                   response_source responses, fault_log& log, std::size_t number)
    : options_(options), responses_(std::move(responses)), log_(log), number_(number),
      stream_(socket, context, log, number) {}

const seen_request& fault_connection::read_request() {
    auto parsed = parse_request(input_);
    while (!parsed) {
        if (!stream_.read_some(input_)) {
            throw connection_over();
        }
        parsed = parse_request(input_);
    }
    input_.erase(0, parsed->size);
    request_ = std::move(parsed->request);
    request_.connection = number_;
    request_.on_connection = ++requests_;
    log_.update([this](fault_journal& journal) {
        ++journal.request_count;
        ++journal.connections[number_ - 1].requests;
        if (options_.remember_requests) {
            journal.requests.push_back(request_);
        }
    });
    return request_;
}

void fault_connection::read_header() {
    while (input_.find("\r\n\r\n") == std::string::npos) {
        if (!stream_.read_some(input_)) {
            throw connection_over();
        }
    }
}

void fault_connection::response_ok() {
    stream_.write(http_ok(options_.body ? options_.body(request_) : "ok"));
}

void fault_connection::wait_at_gate(const std::string& name) {
    log_.update([&name](fault_journal& journal) { ++journal.at_gate[name]; });
    stream_.wait_until([&] { return log_.is_open(name); });
}

void fault_connection::read_to_end() {
    try {
        for (;;) {
            read_request();
        }
    } catch (const connection_over&) {}
}

/// True: all steps were executed.
bool fault_connection::execute(const script& steps) {
    try {
        for (const step& next : steps) {
            next(*this);
        }
    } catch (const connection_over&) {
        return false;
    }
    stream_.observer().note([](seen_connection& seen) { seen.script_ended = true; });
    return true;
}

/// Every further request is recorded, also after an error on the connection.
void fault_connection::serve(bool respond) {
    try {
        for (;;) {
            read_request();
            if (respond && stream_.can_write()) {
                for (const step& next : responses_()) {
                    next(*this);
                }
            }
        }
    } catch (const connection_over&) {
        if (respond) {
            serve(false); // the client may have closed while its requests are unread
        }
    }
}

void fault_connection::run(const script& steps) noexcept {
    std::string trouble;
    try {
        serve(execute(steps));
    } catch (const connection_dropped&) {
    } catch (const std::exception& e) {
        trouble = e.what();
    }
    stream_.observer().note([&](seen_connection& seen) { // before the client can detect the close
        seen.unfinished = std::move(input_);
        seen.trouble = std::move(trouble);
    });
    stream_.close();
    stream_.observer().note([](seen_connection& seen) { seen.over = true; });
}

} // namespace yunhu::test
