// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// An endpoint that the library does not have, `/v1/msg/a2ui-form-report`, with the same pool, timeout, retries and
// errors as the library's own.

#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
namespace json = boost::json;

// The request. It has a constructor: GCC 12 can't handle aggregates in a co_await expression.
struct form_report {
    form_report(std::string id, std::string values) : msg_id(std::move(id)), form(std::move(values)) {}

    std::string msg_id;
    std::string form;
};

// The reply.
struct form_receipt {
    form_receipt() = default;

    std::string report_id;
};

std::string encode(const form_report& report) {
    if (report.msg_id.empty()) {
        throw std::invalid_argument("msg_id must not be empty"); // fails the call before anything is sent
    }
    return json::serialize(json::object{{"msgId", report.msg_id}, {"form", report.form}});
}

// Called for replies with code 1; an exception becomes `bad_response`.
form_receipt decode(std::string_view body) {
    form_receipt receipt;
    receipt.report_id = json::value_to<std::string>(json::parse(body).at("data").at("reportId"));
    return receipt;
}

// The row, as the library's own: path, format, retry class and codec.
const yunhu::endpoint<form_report, form_receipt>& a2ui_form_report() {
    static const yunhu::endpoint<form_report, form_receipt> row(
        {"/v1/msg/a2ui-form-report", yunhu::wire_format::json, yunhu::retry_class::non_idempotent}, encode, decode);
    return row;
}

asio::awaitable<void> report(yunhu::client client) {
    auto receipt = co_await client.call(a2ui_form_report(), {"5040d27fc975416680a14e5a1b37ef06", R"({"name":"Li"})"});
    std::cout << "reported as " << receipt.value.report_id << " (" << receipt.endpoint << ", HTTP "
              << receipt.http_status << ", \"" << receipt.api_msg << "\")\n";

    auto refused = co_await client.call(a2ui_form_report(), {"", "{}"}, yunhu::as_result);
    if (refused.has_value()) {
        throw std::runtime_error("an empty msg_id was sent");
    }
    std::cout << "without an id: " << refused.error() << '\n';
}

int main() {
    try {
        yunhu::testing::emulator server;
        // The emulator does not know this endpoint: script its response.
        yunhu::testing::fault response(a2ui_form_report().info());
        response.what = yunhu::testing::fault::action::response;
        response.status = 200;
        response.headers = {{"content-type", "application/json"}};
        response.body = R"({"code":1,"msg":"success","data":{"reportId":"r-1"}})";
        server.inject(response);

        yunhu::client_config config{server.options().token};
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        asio::io_context io;
        asio::co_spawn(io, report(yunhu::client(io, std::move(config))), [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // leaves run()
            }
        });
        io.run();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
