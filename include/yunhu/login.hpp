// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/lookups.hpp>
#include <yunhu/results.hpp>
#include <yunhu/secret.hpp>

#include <string>
#include <string_view>
#include <utility>

// Getting a token, and giving it up. Each request, beside it the row of its endpoint; they are called by the row:
//
//     yunhu::client_config config;
//     config.token_optional = true;
//     yunhu::client anyone(executor, config);
//     auto in = co_await anyone.call(yunhu::endpoints::email_login, {"a@b.cc", std::move(password), "my-server"});
//     yunhu::client bot = anyone.with_token(in.token);
//
// A server does not log in each time it starts: it begins with a stored token (`token_provider`).
//
// The calls that get a token send none. Passwords, codes and tokens are `secret`s: no error, observer or log has them,
// and the bodies of requests and replies are overwritten before their memory is freed. A refusal is `errc::refused`
// with the service's text; which codes it has is not known.
//
// Except for the captcha none is repeated when it may have arrived; `retry_class` says why at each.
YUNHU_NAMESPACE_BEGIN

/// Result of a login. A success without a token is `errc::bad_response`.
struct YUNHU_EXPORT login_result : lookup_info {
    login_result() = default;

    secret token; ///< UUID-like text; how long it is valid is not known
};

/// Request of user/email-login. Non-idempotent: each login makes a session, and may end an older one of the same device
/// or platform [C].
struct YUNHU_EXPORT email_login_request {
    email_login_request() = default;
    email_login_request(std::string mail, secret word, std::string device)
        : email(std::move(mail)), password(std::move(word)), device_id(std::move(device)) {}

    std::string email;
    secret password;
    std::string device_id;          ///< any text; keep it for the account
    std::string platform = "linux"; ///< any text
};

namespace endpoints {
inline constexpr auto email_login = api_endpoint<email_login_request, login_result>(
                                        "/v1/user/email-login", wire_format::json, retry_class::non_idempotent)
                                        .without_token()
                                        .with_secrets();
} // namespace endpoints

/// Request of user/captcha: a picture whose text the calls that send a code want. Safe: a repetition makes another
/// picture, and changes nothing else.
struct YUNHU_EXPORT captcha_request {
    captcha_request() = default;
};

/// Result of user/captcha.
struct YUNHU_EXPORT captcha_picture : lookup_info {
    captcha_picture() = default;

    /// The picture in base64, without the prefix up to a comma that `b64s` may have.
    [[nodiscard]] std::string_view base64() const noexcept { return std::string_view(b64s).substr(b64s.find(',') + 1); }

    std::string b64s; ///< as received, e.g. `data:image/png;base64,...`
    std::string id;
};

namespace endpoints {
inline constexpr auto captcha =
    api_endpoint<captcha_request, captcha_picture>("/v1/user/captcha", wire_format::json, retry_class::safe)
        .without_token();
} // namespace endpoints

/// Request of verification/get-verification-code: sends a code to a telephone. Non-idempotent: a repetition would send
/// a second one.
struct YUNHU_EXPORT get_verification_code_request {
    get_verification_code_request() = default;
    get_verification_code_request(std::string number, secret shown, std::string captcha_id)
        : mobile(std::move(number)), code(std::move(shown)), id(std::move(captcha_id)) {}

    std::string mobile;
    secret code;                    ///< the text that the captcha shows
    std::string id;                 ///< `captcha_picture::id`
    std::string platform = "linux"; ///< any text
};

namespace endpoints {
inline constexpr auto get_verification_code =
    api_endpoint<get_verification_code_request, acknowledged>("/v1/verification/get-verification-code",
                                                              wire_format::json, retry_class::non_idempotent)
        .without_token()
        .with_secrets();
} // namespace endpoints

/// Request of user/verification-login: logs in by the code that came by telephone. Non-idempotent: as `email_login`,
/// and the code may be used up.
struct YUNHU_EXPORT verification_login_request {
    verification_login_request() = default;
    verification_login_request(std::string number, secret code, std::string device)
        : mobile(std::move(number)), captcha(std::move(code)), device_id(std::move(device)) {}

    std::string mobile;
    secret captcha;                 ///< the code of the text message, in spite of the name
    std::string device_id;          ///< any text; keep it for the account
    std::string platform = "linux"; ///< any text
};

namespace endpoints {
inline constexpr auto verification_login =
    api_endpoint<verification_login_request, login_result>("/v1/user/verification-login", wire_format::json,
                                                           retry_class::non_idempotent)
        .without_token()
        .with_secrets();
} // namespace endpoints

/// Request of verification/get-email-verification-code: sends a code by mail [B]. Non-idempotent: a repetition would
/// send a second one.
struct YUNHU_EXPORT get_email_verification_code_request {
    get_email_verification_code_request() = default;
    get_email_verification_code_request(std::string mail, secret shown, std::string captcha_id,
                                        std::string purpose = {})
        : email(std::move(mail)), typ(std::move(purpose)), code(std::move(shown)), id(std::move(captcha_id)) {}

    std::string email;
    std::string typ; ///< empty, or `forget_password`
    secret code;     ///< the text that the captcha shows
    std::string id;  ///< `captcha_picture::id`
};

namespace endpoints {
inline constexpr auto get_email_verification_code =
    api_endpoint<get_email_verification_code_request, acknowledged>("/v1/verification/get-email-verification-code",
                                                                    wire_format::json, retry_class::non_idempotent)
        .without_token()
        .with_secrets();
} // namespace endpoints

/// Request of user/forget-password: sets another password by the code that came by mail [B]. Non-idempotent: the code
/// may be used up, and a repetition would be refused although the password was set.
struct YUNHU_EXPORT forget_password_request {
    forget_password_request() = default;
    forget_password_request(std::string mail, secret code, secret new_password)
        : email(std::move(mail)), captcha(std::move(code)), password(std::move(new_password)) {}

    std::string email;
    secret captcha;  ///< the code of the mail, in spite of the name
    secret password; ///< the new one
};

namespace endpoints {
inline constexpr auto forget_password = api_endpoint<forget_password_request, acknowledged>(
                                            "/v1/user/forget-password", wire_format::json, retry_class::non_idempotent)
                                            .without_token()
                                            .with_secrets();
} // namespace endpoints

/// Request of user/logout: the token that the call sends is not valid any more. Idempotent: repeated when it was not
/// sent; when it may have arrived, on request, and `errc::not_authenticated` then means that the first attempt did it.
/// A refused token is not renewed for it: that would be a login, to log out.
struct YUNHU_EXPORT logout_request {
    logout_request() = default;
    logout_request(std::string device) : device_id(std::move(device)) {} // NOLINT(google-explicit-constructor)

    std::string device_id; ///< that of the login; sent under both names that the sources have
};

namespace endpoints {
inline constexpr auto logout =
    api_endpoint<logout_request, acknowledged>("/v1/user/logout", wire_format::json, retry_class::idempotent)
        .without_renewal();
} // namespace endpoints

/// Request of user/device-offline: ends the session of another device of the account [B]. Idempotent: one that has
/// ended stays so. Repeated when it was not sent; when it may have arrived, on request.
struct YUNHU_EXPORT device_offline_request {
    device_offline_request() = default;
    device_offline_request(std::string device) : device_id(std::move(device)) {} // NOLINT(google-explicit-constructor)

    std::string device_id;
};

namespace endpoints {
inline constexpr api_endpoint<device_offline_request, acknowledged> device_offline{
    "/v1/user/device-offline", wire_format::json, retry_class::idempotent};
} // namespace endpoints

namespace endpoints {
/// The calls around a token, besides the endpoints of messages (`all`).
using login_calls = row_list<email_login, captcha, get_verification_code, verification_login,
                             get_email_verification_code, forget_password, logout, device_offline>;
} // namespace endpoints

YUNHU_NAMESPACE_END
