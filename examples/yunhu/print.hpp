#pragma once

#include <yunhu/error.hpp>

#include <boost/json/object.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

// What people read; machines ask for --json.
namespace cli {

/// A reply as lines: a table of messages or records, or a word.
void print_reply(std::ostream& out, const boost::json::object& reply);

/// A failure as lines, with the server's own text marked as such.
void print_failure(std::ostream& out, const yunhu::failure& f);

/// The text on one line and without what could steer a terminal.
[[nodiscard]] std::string on_one_line(std::string_view text);

} // namespace cli
