// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "message.hpp"
#include "print.hpp"

#include <ostream>

namespace cli {
namespace {

message meaning_of(yunhu::delivery d) {
    switch (d) {
    case yunhu::delivery::maybe_sent:
        return "it may have arrived";
    case yunhu::delivery::answered:
        return "the server responded";
    case yunhu::delivery::not_sent:
        break;
    }
    return "it was not sent";
}

// The same as the library's own line, in Chinese.
std::string described(const yunhu::failure& f) {
    std::string line = name_and_meaning(f.code);
    const auto add = [&](message what, std::string value) { line += translated(what, {std::move(value)}); };
    if (!f.endpoint.empty()) {
        line.insert(0, std::string(f.endpoint) + ": ");
    }
    if (!f.detail.empty()) {
        add(": {0}", translated(f.detail));
    }
    add("; {0}", meaning_of(f.delivery).translated());
    add(", phase {0}", std::string(yunhu::to_string(f.phase)));
    add(", attempts {0}", std::to_string(f.attempts));
    if (f.http_status != 0) {
        add(", HTTP {0}", std::to_string(f.http_status));
    }
    if (f.api_code) {
        add(", API code {0}", std::to_string(*f.api_code));
    }
    if (!f.msg_id.empty()) {
        add(", msg_id {0}", f.msg_id);
    }
    if (const std::string cause = f.cause.message(); f.cause && f.detail.find(cause) == std::string::npos) {
        add(", cause {0}", yunhu::name(f.cause) == "other" ? cause : name_and_meaning(f.cause));
    }
    return line;
}

} // namespace

std::string name_and_meaning(const yunhu::error_code& code) {
    return translated("{0} ({1})", {std::string(yunhu::name(code)), translated(code.message())});
}

void print_failure(std::ostream& out, const yunhu::failure& f, yunhu::retry_class retry) {
    out << "yunhu: " << tools::on_one_line(users_language() == language::english ? yunhu::describe(f) : described(f))
        << '\n';
    if (!f.api_msg.empty()) {
        out << "  " << translated("the server says: {0}", {tools::on_one_line(f.api_msg)}) << '\n';
    }
    const bool may_have_acted =
        retry != yunhu::retry_class::safe && execution_of(f) != yunhu::execution::certainly_not_executed;
    if (may_have_acted && !f.msg_id.empty()) {
        out << "  "
            << translated("it may have taken effect; look for {0} before repeating it", {tools::on_one_line(f.msg_id)})
            << '\n';
    }
}

} // namespace cli
