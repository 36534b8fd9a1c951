// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "untrusted.hpp"

#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/results.hpp>

#include <boost/json/object.hpp>

#include <string>

// From results and errors to JSON, with the API's names for the fields.
namespace cli {

namespace json = boost::json;

// The endpoint's response: protobuf endpoints have {status, ...}, JSON endpoints {code, msg, ...}.
[[nodiscard]] json::object status_reply(const yunhu::call_info& info);
[[nodiscard]] json::object json_status_reply(const yunhu::call_info& info);
[[nodiscard]] json::object sent_reply(const yunhu::sent_message& sent); ///< with the message's id, which no reply has
// With "unreadable", their number, if messages or records were left out.
[[nodiscard]] json::object page_reply(const yunhu::message_page& page);
[[nodiscard]] json::object edit_records_reply(const yunhu::edit_record_page& page);

/// The reply of a look-up: protobuf has its fields beside the status, JSON in "data". Compiled for the results of all
/// look-ups.
template <class Result> [[nodiscard]] json::object lookup_reply(yunhu::wire_format format, const Result& found);

/// `group:big`, as --chat takes it.
[[nodiscard]] std::string chat_name(const yunhu::chat& c);
/// A message on a line of its own: with "chat", since nothing around it says where it stood.
[[nodiscard]] json::object to_json(const yunhu::message& m, const yunhu::chat& in);

/// All that is known of a failed call; null where nothing is known.
[[nodiscard]] json::object to_json(const yunhu::failure& f);

} // namespace cli
