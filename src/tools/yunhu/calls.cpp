// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"

#include "fields.hpp"
#include "to_json.hpp"

#include "endpoints/endpoint_table.hpp"

#include <algorithm>
#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace cli {
namespace {

// Collects the options for a request's fields.
class option_lister {
public:
    explicit option_lister(std::vector<option>& options, std::string prefix = {})
        : options_(options), prefix_(std::move(prefix)) {}

    void operator()(const named& n, const std::string&) { add(n, "TEXT"); }
    void operator()(const named& n, const yunhu::secret&) {
        add(n, "FILE");
        options_.back().is_secret = true;
    }
    void operator()(const named& n, const std::uint64_t&) { add(n, "N"); }
    void operator()(const named& n, const std::int64_t&) { add(n, "N"); }
    void operator()(const named& n, const std::uint32_t&) { add(n, "N"); }
    void operator()(const named& n, const bool&) { add(n, "0|1"); }
    void operator()(const named& n, const yunhu::request_answer&) { add(n, words(request_answer_names)); }
    void operator()(const named& n, const yunhu::gag_duration&) { add(n, "N"); }
    void operator()(const named&, const yunhu::paging& p) { each_field(p, *this); }
    void operator()(const named& n, const yunhu::chat_type&) { add(n, words(chat_type_names)); }
    void operator()(const named& n, const yunhu::content_type&) { add(n, words(content_type_names)); }
    void operator()(const named& n, const yunhu::chat&) { add(n, "TYPE:ID"); }
    void operator()(const named& n, const std::vector<std::string>&) { add(n, "TEXT", true); }
    void operator()(const named& n, const std::vector<yunhu::chat>&) { add(n, "TYPE:ID", true); }
    void operator()(const named&, const yunhu::indirect<yunhu::content>& c) { each_field(*c, *this); }
    void operator()(const named& n, const yunhu::indirect<yunhu::media>&) {
        const yunhu::media any;
        each_field(any, option_lister(options_, std::string(n.name) + "_"));
    }

private:
    // `user|group|bot|N`: for help and completion.
    template <class Names> static std::string words(const Names& names) {
        std::string all;
        for (const type_name& n : names) {
            all.append(n.first).append("|");
        }
        return all + "N";
    }

    void add(const named& n, std::string type, bool repeated = false) {
        options_.push_back({prefix_ + std::string(n.name), n.alias.empty() ? "" : prefix_ + std::string(n.alias),
                            n.help, std::move(type), repeated});
    }

    std::vector<option>& options_;
    std::string prefix_;
};

// A request with the program's defaults for absent fields.
template <class Request> Request default_request() {
    Request r;
    yunhu::codec::for_each_field<Request>([&]<class Field>(const Field& field) {
        using member = std::remove_reference_t<decltype(Field::of(r))>;
        if constexpr (std::is_integral_v<member> || std::is_enum_v<member>) {
            if (field.program_default != 0) {
                Field::of(r) = static_cast<member>(field.program_default);
            }
        }
    });
    return r;
}

// A result as the endpoint's response had it.
json::object reply_of(yunhu::wire_format format, const yunhu::acknowledged& done) {
    return format == yunhu::wire_format::protobuf ? status_reply(done) : json_status_reply(done);
}
json::object reply_of(yunhu::wire_format /*format*/, const yunhu::sent_message& sent) {
    return sent_reply(sent);
}
json::object reply_of(yunhu::wire_format /*format*/, const yunhu::message_page& page) {
    return page_reply(page);
}
json::object reply_of(yunhu::wire_format /*format*/, const yunhu::edit_record_page& page) {
    return edit_records_reply(page);
}

template <std::derived_from<yunhu::lookup_info> Result>
json::object reply_of(yunhu::wire_format format, const Result& found) {
    return lookup_reply(format, found);
}

template <class Request, class Result> asio::awaitable<outcome> run(const yunhu::api_endpoint<Request, Result>& row,
                                                                    yunhu::client client, json::object fields,
                                                                    yunhu::call_options options) {
    std::optional<Request> request;
    try {
        request = read_request(fields, default_request<Request>());
    } catch (const bad_field& e) {
        co_return refused(row.name(), e);
    }
    auto response = co_await client.call(row, std::move(*request), options, yunhu::as_result);
    if (response.has_error()) {
        co_return response.error();
    }
    co_return reply_of(row.format, *response);
}

template <class Result> constexpr reply_form form_of() {
    if constexpr (std::same_as<Result, yunhu::removal_record>) {
        return reply_form::yes_or_no;
    }
    return std::derived_from<Result, yunhu::lookup_info> ? reply_form::fields : reply_form::words;
}

template <class Request, class Result> call call_of(const yunhu::api_endpoint<Request, Result>& row) {
    using schema = yunhu::codec::schema<Request>;
    std::vector<option> options;
    const Request any;
    each_field(any, option_lister(options));
    std::string name(row.name());
    std::ranges::replace(name, '/', '-');
    return {std::move(name), message(schema::summary), schema::example, row.retry, std::move(options),
            form_of<Result>(), row.sends_token, requires(const Result& r){r.token;
}
, [&row](yunhu::client client, json::object fields, yunhu::call_options how) {
    return run(row, std::move(client), std::move(fields), how);
}
}; // namespace
} // namespace cli

template <const auto&... Rows> std::vector<call> calls_of(yunhu::endpoints::row_list<Rows...> /*rows*/) {
    return {call_of(Rows)...};
}

} // namespace

const std::vector<call>& calls() {
    static const std::vector<call> rows = calls_of(yunhu::codec::every_row());
    return rows;
}

const call* find_call(std::string_view name) {
    const auto found = std::ranges::find(calls(), name, &call::name);
    return found == calls().end() ? nullptr : &*found;
}

yunhu::failure refused(std::string_view endpoint, const bad_field& why) {
    yunhu::failure f = refused(std::string(why.what()));
    f.endpoint = endpoint;
    return f;
}

yunhu::failure refused(std::string why) {
    yunhu::call_info info;
    info.detail = std::move(why);
    return {make_error_code(yunhu::errc::invalid_request), std::move(info)};
}

} // namespace cli
