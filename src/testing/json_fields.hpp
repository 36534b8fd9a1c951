// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/handler_support.hpp"

#include <yunhu/config.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

// Shared by the handlers of JSON bodies.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// Reads the fields of an object one by one. A wrong type is a problem. For a strict emulator so is a number as text, a
/// text as number, a null and a field that is not read; a missing field is none.
class fields {
public:
    fields(const boost::json::object& object, bool strict) : object_(object), strict_(strict) {}

    std::string text(std::string_view name) {
        const boost::json::value* value = take(name);
        if (value == nullptr || value->is_string()) {
            return value == nullptr ? std::string() : std::string(value->get_string());
        }
        deviate(value->is_number(), name);
        return value->is_number() ? boost::json::serialize(*value) : std::string();
    }
    std::uint64_t number(std::string_view name) {
        const boost::json::value* value = take(name);
        if (value == nullptr) {
            return 0;
        }
        boost::system::error_code inexact;
        std::uint64_t read = 0;
        bool exact = false;
        if (value->is_int64() || value->is_uint64()) {
            read = value->to_number<std::uint64_t>(inexact);
            exact = !inexact;
        } else if (value->is_string()) {
            const boost::json::string& digits = value->get_string();
            const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), read);
            deviate(failed == std::errc() && end == digits.data() + digits.size() && !digits.empty(), name);
            return read;
        }
        fail_unless(exact, name);
        return read;
    }
    const boost::json::array& array(std::string_view name) {
        static const boost::json::array& none =
            *new boost::json::array(); // never destroyed: an emulator may live until the exit
        const boost::json::value* value = take(name);
        fail_unless(value == nullptr || value->is_array(), name);
        return value != nullptr && value->is_array() ? value->get_array() : none;
    }
    /// An integer of any sign.
    std::int64_t integer(std::string_view name) {
        const boost::json::value* value = take(name);
        if (value != nullptr && value->is_int64()) {
            return value->get_int64();
        }
        fail_unless(value == nullptr, name);
        return 0;
    }
    void fail_unless(bool valid, std::string_view name) {
        if (!valid && problem_.empty()) {
            problem_ = "body: wrong type of " + std::string(name);
        }
    }
    /// Must be called after all fields are read. Empty: the object is valid.
    [[nodiscard]] std::string problem() {
        if (problem_.empty() && taken_ != object_.size()) {
            (strict_ ? problem_ : note_) = "body: unknown field";
        }
        return problem_;
    }
    /// The deviation that a strict emulator refuses.
    [[nodiscard]] const std::string& note() const { return note_; }
    void add_note(const std::string& note) { note_ = note.empty() ? note_ : note; }

private:
    const boost::json::value* take(std::string_view name) {
        const boost::json::value* value = object_.if_contains(name);
        taken_ += value != nullptr ? 1 : 0;
        if (value != nullptr && value->is_null() && !strict_) {
            deviate(true, name);
            return nullptr;
        }
        return value;
    }
    // A value of another type, which some clients send and the service reads.
    void deviate(bool readable, std::string_view name) {
        fail_unless(readable && !strict_, name);
        note_ = "body: wrong type of " + std::string(name);
    }

    const boost::json::object& object_;
    bool strict_;
    std::size_t taken_ = 0;
    std::string problem_;
    std::string note_;
};

template <response (*Handler)(state&, fields&, const request_context&)>
response handle_json(state& store, std::string_view body, const request_context& context) {
    boost::system::error_code failed;
    const boost::json::value value = boost::json::parse(body, failed); // text must be UTF-8
    if (failed || !value.is_object()) {
        return bad_request("body: not a JSON object");
    }
    fields request(value.get_object(), context.strict);
    response result = Handler(store, request, context);
    result.note = result.problem.empty() ? request.note() : std::string();
    return result;
}

[[nodiscard]] inline response answered(api_status status) {
    return json_response(status_object(status), status, {});
}

/// The reply, or what is wrong with the body's fields.
template <class Do> response unless_invalid(fields& request, Do work) {
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    return answered(work());
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
