// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The calls around a token.

#include "testing/handler_support.hpp"
#include "testing/json_fields.hpp"

#include <yunhu/secret.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

// A picture of one pixel: what it shows does not matter, as every code is taken.
constexpr const char* captcha_image =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg==";

// As the service's tokens: 36 characters with dashes.
std::string make_token(state& store) {
    std::string text = store.fresh_id();
    for (const std::size_t at : {8U, 13U, 18U, 23U}) {
        if (at < text.size()) {
            text.insert(at, 1, '-');
        }
    }
    return text;
}

// The account's token, a new one if it has none.
response logged_in(state& store, account_index account) {
    if (store.people().at(account).token.empty()) {
        store.people().set_token(account, make_token(store));
    }
    boost::json::object reply = status_object(success);
    reply["data"] = {{"token", store.people().at(account).token.reveal()}};
    return json_response(reply, success, {});
}

response email_login(state& store, fields& request, const request_context& /*context*/) {
    const std::string email = request.text("email");
    const std::string password = request.text("password");
    const std::string device_id = request.text("deviceId");
    request.text("platform");
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    const auto found = store.people().with_email(email);
    if (email.empty() || password.empty() || device_id.empty()) {
        return answered(bad_parameters);
    }
    if (!found) {
        return answered(no_such_account);
    }
    return store.people().at(*found).password.reveal() == password ? logged_in(store, *found)
                                                                   : answered(wrong_password);
}

response captcha(state& store, fields& request, const request_context& /*context*/) {
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    std::string id = store.fresh_id();
    boost::json::object reply = status_object(success);
    reply["data"] = {{"b64s", captcha_image}, {"id", id}};
    store.relations().captchas.insert(std::move(id));
    return json_response(reply, success, {});
}

// A captcha is good for one code.
api_status use_captcha(state& store, const std::string& id, const std::string& code) {
    if (code.empty()) {
        return bad_parameters;
    }
    return store.relations().captchas.erase(id) != 0 ? success : wrong_code;
}

response send_to_mobile(state& store, fields& request, const request_context& /*context*/) {
    const std::string mobile = request.text("mobile");
    const std::string code = request.text("code");
    const std::string id = request.text("id");
    request.text("platform");
    return unless_invalid(request, [&] { return mobile.empty() ? bad_parameters : use_captcha(store, id, code); });
}

response send_to_email(state& store, fields& request, const request_context& /*context*/) {
    const std::string email = request.text("email");
    const std::string typ = request.text("typ");
    const std::string code = request.text("code");
    const std::string id = request.text("id");
    return unless_invalid(request, [&]() -> api_status {
        const bool known = typ.empty() || typ == "forget_password";
        return email.empty() || !known ? bad_parameters : use_captcha(store, id, code);
    });
}

response verification_login(state& store, fields& request, const request_context& context) {
    const std::string mobile = request.text("mobile");
    const std::string code = request.text("captcha");
    const std::string device_id = request.text("deviceId");
    request.text("platform");
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    const auto found = store.people().with_mobile(mobile);
    if (mobile.empty() || code.empty() || device_id.empty()) {
        return answered(bad_parameters);
    }
    if (!found) {
        return answered(no_such_account);
    }
    return code == context.verification_code ? logged_in(store, *found) : answered(wrong_code);
}

response forget_password(state& store, fields& request, const request_context& context) {
    const std::string email = request.text("email");
    const std::string code = request.text("captcha");
    const std::string password = request.text("password");
    return unless_invalid(request, [&]() -> api_status {
        const auto found = store.people().with_email(email);
        if (password.empty()) {
            return bad_parameters;
        }
        if (!found) {
            return no_such_account;
        }
        if (code != context.verification_code) {
            return wrong_code;
        }
        store.people().set_password(*found, password);
        return success;
    });
}

// Clients send the device under one name or the other.
response logout(state& store, fields& request, const request_context& context) {
    request.text("deviceId");
    request.text("device-id");
    return unless_invalid(request, [&] {
        store.people().set_token(context.account, {});
        return success;
    });
}

// An account has one token here, so that there is no other device to end.
response device_offline(state& /*store*/, fields& request, const request_context& /*context*/) {
    const std::string device_id = request.text("deviceId");
    return unless_invalid(request, [&] { return device_id.empty() ? bad_parameters : success; });
}

endpoint open_endpoint(std::string path, response (*handle)(state&, std::string_view, const request_context&)) {
    endpoint made{std::move(path), format::json, handle};
    made.needs_token = false;
    made.holds_secrets = true;
    return made;
}

} // namespace

std::string with_masked_secrets(std::string_view body) {
    constexpr const char* mask = "***";
    boost::system::error_code failed;
    boost::json::value value = boost::json::parse(body, failed);
    boost::json::object* const object = value.if_object();
    if (failed || object == nullptr) {
        return body.empty() ? std::string() : mask;
    }
    for (const char* const name : {"password", "captcha", "code"}) {
        if (object->contains(name)) {
            (*object)[name] = mask;
        }
    }
    return boost::json::serialize(*object);
}

std::vector<endpoint> login_endpoints() {
    return {
        open_endpoint("/v1/user/email-login", &handle_json<email_login>),
        open_endpoint("/v1/user/captcha", &handle_json<captcha>),
        open_endpoint("/v1/verification/get-verification-code", &handle_json<send_to_mobile>),
        open_endpoint("/v1/user/verification-login", &handle_json<verification_login>),
        open_endpoint("/v1/verification/get-email-verification-code", &handle_json<send_to_email>),
        open_endpoint("/v1/user/forget-password", &handle_json<forget_password>),
        {"/v1/user/logout", format::json, &handle_json<logout>},
        {"/v1/user/device-offline", format::json, &handle_json<device_offline>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
