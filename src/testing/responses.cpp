// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/responses.hpp"

#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

using action = fault::action;

std::string serialize(const response& result, response_form form) {
    header_list headers = result.headers;
    if (!result.content_type.empty()) {
        headers.emplace_back("content-type", std::string(result.content_type));
    }
    if (form.close) {
        headers.emplace_back("connection", "close");
    }
    return http_response(result.status, std::move(headers), result.body, form.body);
}

} // namespace

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

int visible_status(const fault* f, const response& result) {
    if (f == nullptr || f->what == action::delay || f->what == action::close_in_response) {
        return result.status;
    }
    return f->what == action::response ? f->status : 0;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
