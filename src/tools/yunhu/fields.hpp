// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "field_reflection.hpp"
#include "message.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <yunhu/actions.hpp>
#include <yunhu/lookups.hpp>
#include <yunhu/secret.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// From the fields of a command line or a batch line to the library's requests.
namespace cli {

namespace json = boost::json;

/// An invalid field: its name and the constraint. Its value only where that can be no secret.
class bad_field : public std::runtime_error {
public:
    bad_field(std::string_view name, message why, const std::vector<std::string>& parts = {})
        : std::runtime_error(std::string(name).append(": ").append(why.english(parts))) {}
};

/// `user:7`, `group:big`, `bot:9` or `4:x`, with an id that a reader can see. Throws `bad_field`.
[[nodiscard]] yunhu::chat parse_chat(std::string_view field, std::string_view text);

/// The same fields with names like `downloadPath` turned into `download_path`. Throws `bad_field` on a duplicate.
[[nodiscard]] json::object with_snake_case_names(const json::object& fields);

/// A field that is a whole number within limits, taken out of `fields`. Throws `bad_field`.
[[nodiscard]] std::optional<std::int64_t> take_number(json::object& fields, std::string_view name, std::int64_t from,
                                                      std::int64_t to);

/// Takes fields out of a JSON object into the members of a request: `each_field(request, reader)`. Content may be flat
/// or in "content", media in "media" or flat with names that begin with "media_". Throws `bad_field`.
class field_reader {
public:
    explicit field_reader(json::object& fields, std::string prefix = {})
        : fields_(fields), prefix_(std::move(prefix)) {}

    void operator()(const named& n, std::string& into);
    void operator()(const named& n, yunhu::secret& into);
    void operator()(const named& n, std::uint64_t& into);
    void operator()(const named& n, std::int64_t& into);
    void operator()(const named& n, std::uint32_t& into);
    void operator()(const named& n, bool& into);
    void operator()(const named& n, yunhu::request_answer& into);
    void operator()(const named& n, yunhu::gag_duration& into);
    void operator()(const named& /*n*/, yunhu::paging& into) { each_field(into, *this); }
    void operator()(const named& n, std::vector<std::string>& into);
    void operator()(const named& n, yunhu::chat& into);
    void operator()(const named& n, std::vector<yunhu::chat>& into);
    void operator()(const named& n, yunhu::chat_type& into);
    void operator()(const named& n, yunhu::content_type& into);
    void operator()(const named& n, yunhu::content& into);
    void operator()(const named& n, yunhu::indirect<yunhu::content>& into) { (*this)(n, *into); }
    void operator()(const named& n, yunhu::indirect<yunhu::media>& into);

private:
    std::optional<json::value> take(const named& n);

    json::object& fields_;
    std::string prefix_;
};

/// Throws `bad_field` if a field is left.
void refuse_unknown(const json::object& fields);

/// The request that the fields describe; `request` has the values of absent ones. Throws `bad_field`.
template <class Request> [[nodiscard]] Request read_request(const json::object& fields, Request request) {
    json::object left = with_snake_case_names(fields);
    each_field(request, field_reader(left));
    refuse_unknown(left);
    return request;
}

} // namespace cli
