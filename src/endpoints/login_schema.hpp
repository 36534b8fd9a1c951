// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/schema_field.hpp"

#include <yunhu/config.hpp>
#include <yunhu/login.hpp>

#include <string_view>
#include <tuple>

// The schemas of the calls around a token. `rule::id` of a secret: it must not be empty; its characters are not
// restricted.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <> struct schema<email_login_request> {
    using request = email_login_request;
    static constexpr bilingual summary{"Log in with e-mail address and password", "用邮箱和密码登录"};
    static constexpr std::string_view example =
        "--email a@b.cc --password-file - --device-id my-server --token-out account.token";
    static constexpr std::tuple fields{
        field<&request::email>{.name = "email", .must = rule::id, .help = {"the account's address", "账号的邮箱"}},
        field<&request::password>{.name = "password", .must = rule::id, .help = {"the password", "密码"}},
        field<&request::device_id>{.name = "device_id",
                                   .must = rule::id,
                                   .help = {"any text; keep it for the account", "任意文本；同一账号固定用一个"}},
        field<&request::platform>{.name = "platform",
                                  .help = {"any text; linux if absent", "任意文本，不写就是 linux"}},
    };
};

template <> struct schema<captcha_request> {
    using request = captcha_request;
    static constexpr bilingual summary{"Get a captcha for the calls that send a code",
                                       "获取发送验证码所需的图形验证码"};
    static constexpr std::string_view example = "--json";
    static constexpr std::tuple<> fields{};
};

template <> struct schema<get_verification_code_request> {
    using request = get_verification_code_request;
    static constexpr bilingual summary{"Send a code to a telephone, for a login", "发送短信验证码，用来登录"};
    static constexpr std::string_view example = "--mobile 13800000000 --code-file - --id CAPTCHA";
    static constexpr std::tuple fields{
        field<&request::mobile>{.name = "mobile", .must = rule::id, .help = {"the account's number", "账号的手机号"}},
        field<&request::code>{
            .name = "code", .must = rule::id, .help = {"what the captcha shows", "图形验证码上的字符"}},
        field<&request::id>{.name = "id", .must = rule::id, .help = {"the id of the captcha", "图形验证码的 id"}},
        field<&request::platform>{.name = "platform",
                                  .help = {"any text; linux if absent", "任意文本，不写就是 linux"}},
    };
};

template <> struct schema<verification_login_request> {
    using request = verification_login_request;
    static constexpr bilingual summary{"Log in with a code sent to a telephone", "用短信验证码登录"};
    static constexpr std::string_view example =
        "--mobile 13800000000 --captcha-file - --device-id my-server --token-out account.token";
    static constexpr std::tuple fields{
        field<&request::mobile>{.name = "mobile", .must = rule::id, .help = {"the account's number", "账号的手机号"}},
        field<&request::captcha>{
            .name = "captcha", .must = rule::id, .help = {"the code of the text message", "短信验证码"}},
        field<&request::device_id>{.name = "device_id",
                                   .must = rule::id,
                                   .help = {"any text; keep it for the account", "任意文本；同一账号固定用一个"}},
        field<&request::platform>{.name = "platform",
                                  .help = {"any text; linux if absent", "任意文本，不写就是 linux"}},
    };
};

template <> struct schema<get_email_verification_code_request> {
    using request = get_email_verification_code_request;
    static constexpr bilingual summary{"Send a code by e-mail", "发送邮箱验证码"};
    static constexpr std::string_view example = "--email a@b.cc --typ forget_password --code-file - --id CAPTCHA";
    static constexpr std::tuple fields{
        field<&request::email>{.name = "email", .must = rule::id, .help = {"the account's address", "账号的邮箱"}},
        field<&request::typ>{.name = "typ", .help = {"forget_password, or absent", "forget_password，或不写"}},
        field<&request::code>{
            .name = "code", .must = rule::id, .help = {"what the captcha shows", "图形验证码上的字符"}},
        field<&request::id>{.name = "id", .must = rule::id, .help = {"the id of the captcha", "图形验证码的 id"}},
    };
};

template <> struct schema<forget_password_request> {
    using request = forget_password_request;
    static constexpr bilingual summary{"Set another password by a code sent by e-mail", "用邮箱验证码重设密码"};
    static constexpr std::string_view example = "--email a@b.cc --captcha-file code.txt --password-file -";
    static constexpr std::tuple fields{
        field<&request::email>{.name = "email", .must = rule::id, .help = {"the account's address", "账号的邮箱"}},
        field<&request::captcha>{.name = "captcha", .must = rule::id, .help = {"the code of the e-mail", "邮箱验证码"}},
        field<&request::password>{.name = "password", .must = rule::id, .help = {"the new password", "新密码"}},
    };
};

template <> struct schema<logout_request> {
    using request = logout_request;
    static constexpr bilingual summary{"Log out: the token is not valid any more", "退出登录，token 随即失效"};
    static constexpr std::string_view example = "--device-id my-server";
    static constexpr std::tuple fields{
        field<&request::device_id>{.name = "device_id",
                                   .must = rule::id,
                                   .help = {"that of the login", "登录时的 device_id"},
                                   .also = "device-id"},
    };
};

template <> struct schema<device_offline_request> {
    using request = device_offline_request;
    static constexpr bilingual summary{"End the session of another device", "让另一台设备下线"};
    static constexpr std::string_view example = "--device-id old-server";
    static constexpr std::tuple fields{
        field<&request::device_id>{.name = "device_id", .must = rule::id, .help = {"the device", "设备"}},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
