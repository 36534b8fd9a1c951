// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "untrusted.hpp"

#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/event.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

// Results for people; --json is for machines.
namespace cli {

/// A reply: messages or records, or a word. A table for a terminal of so many columns, else a line each.
void print_reply(std::ostream& out, const boost::json::object& reply, std::optional<std::size_t> columns);

/// The reply of a look-up: a line for each field, a table for each list. It is cut at the terminal's columns. Tokens
/// are left out.
void print_lookup(std::ostream& out, const boost::json::object& reply, std::optional<std::size_t> columns);

/// The reply of a look-up that answers by its code: yes for 1.
void print_yes_or_no(std::ostream& out, const boost::json::object& reply);

/// Messages in a table for a terminal of so many columns, which has their ids if it is wide enough.
void print_messages(std::ostream& out, const boost::json::array& messages, std::size_t columns, bool with_heading);

/// The text after the number of messages of such a table: why it has no ids, or nothing.
[[nodiscard]] std::string ids_hint(std::size_t columns);

/// A message as one line. For a terminal of so many columns it is cut, and has the message's id only if there is room.
void print_message(std::ostream& out, const boost::json::object& message,
                   std::optional<std::size_t> columns = std::nullopt);

/// An event as one line; for a terminal of so many columns it is cut.
void print_event(std::ostream& out, const yunhu::event& e, std::optional<std::size_t> columns = std::nullopt);

/// A time in ms since the epoch, as the clock on the wall shows it; `-` for none.
[[nodiscard]] std::string local_time(std::uint64_t ms);
/// The name of a message's kind, as --content-type takes it.
[[nodiscard]] std::string content_type_name(std::int64_t type);
/// The text of a message in JSON on one line, or its first other content.
[[nodiscard]] std::string summary_of(const boost::json::object& message);
/// Code and meaning of an error: the codes are the same in every language, so that they can be looked up.
[[nodiscard]] std::string name_and_meaning(const yunhu::error_code& code);

/// A failure as lines, with the server's own text marked as such. `retry`: the class of the call.
void print_failure(std::ostream& out, const yunhu::failure& f, yunhu::retry_class retry = yunhu::retry_class::safe);

} // namespace cli
