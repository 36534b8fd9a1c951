// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "field_reflection.hpp"

#include "message.hpp"

#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The table of calls, one for each row of the library: from fields to a response in JSON. Subcommands and batch lines
// use it.
namespace cli {

namespace asio = boost::asio;
namespace json = boost::json;

class bad_field;

/// A field of a call, as an option shows it.
struct option {
    std::string name; ///< the API's, e.g. `msg_id`
    std::string alias;
    message help;
    std::string type; ///< of its value, e.g. `TYPE:ID`, or words between bars
    bool repeated = false;
    bool is_secret = false; ///< the option names a file that has the value
};

/// How people see a reply.
enum class reply_form {
    words,     ///< messages, records, or a word
    fields,    ///< a line for each field
    yes_or_no, ///< by the code
};

/// The response, or the failure.
using outcome = std::variant<json::object, yunhu::failure>;

struct call {
    std::string name; ///< the endpoint's, with a hyphen for a slash: `group-info`
    message help;
    std::string_view example; ///< the arguments after the name
    yunhu::retry_class retry;
    std::vector<option> options;
    reply_form form;
    bool needs_token;
    bool gives_token; ///< the reply has one in `data.token`
    /// Makes the request from the fields and calls. An invalid field gives `errc::invalid_request`.
    std::function<asio::awaitable<outcome>(yunhu::client, json::object, yunhu::call_options)> run;
};

[[nodiscard]] const std::vector<call>& calls();
/// The call of that name, or null.
[[nodiscard]] const call* find_call(std::string_view name);

/// A call that was refused by the program.
[[nodiscard]] yunhu::failure refused(std::string_view endpoint, const bad_field& why);
/// The same, before there is a call; with the reason.
[[nodiscard]] yunhu::failure refused(std::string why);

} // namespace cli
