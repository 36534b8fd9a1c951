// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/lookup_fields.hpp"

#include <yunhu/config.hpp>
#include <yunhu/login.hpp>
#include <yunhu/own_bots.hpp>

#include <tuple>

// Reply -> value, for an owner's calls and those around a token: as lookup_fields.hpp.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <> struct wire_fields<own_bot> : lenient_fields {
    using v = own_bot;
    static constexpr std::tuple fields{
        field<&v::bot_id>{.name = "bot_id"},
        field<&v::nickname>{.name = "nickname"},
        field<&v::token>{.name = "token"},
        field<&v::link>{.name = "link"},
        field<&v::link_stop>{.name = "link_stop"},
        field<&v::subscribe_type>{.name = "subscribe_type"},
        field<&v::setting_json>{.name = "setting_json"},
        field<&v::introduction>{.name = "introduction"},
        field<&v::avatar_url>{.name = "avatar_url"},
    };
};

template <> struct wire_fields<bot_group> : lenient_fields {
    using v = bot_group;
    static constexpr std::tuple fields{
        field<&v::group_id>{.name = "group_id", .number = 1},
        field<&v::name>{.name = "name", .number = 2},
        field<&v::avatar_url>{.name = "avatar_url", .number = 3},
    };
};

template <> inline constexpr bool is_lookup_value<own_bot> = true;
template <> inline constexpr bool is_lookup_value<bot_group> = true;

template <> struct wire_fields<own_bot_page> : lenient_fields {
    using v = own_bot_page;
    static constexpr std::tuple fields{
        field<&v::bots_total>{.name = "bots_total"},
        field<&v::bots>{.name = "list.bots"},
    };
};

template <> struct wire_fields<bot_token> : lenient_fields {
    using v = bot_token;
    static constexpr std::tuple fields{
        field<&v::token>{.name = "token"},
    };
};

template <> struct wire_fields<follower_page> : lenient_fields {
    using v = follower_page;
    static constexpr std::tuple fields{
        field<&v::followers>{.name = "followers", .number = 2},
        field<&v::total>{.name = "total", .number = 3},
    };
};

template <> struct wire_fields<bot_group_page> : lenient_fields {
    using v = bot_group_page;
    static constexpr std::tuple fields{
        field<&v::groups>{.name = "groups", .number = 2},
        field<&v::total>{.name = "total", .number = 3},
    };
};

template <> struct wire_fields<login_result> : lenient_fields {
    using v = login_result;
    static constexpr std::tuple fields{
        field<&v::token>{.name = "token"},
    };
};

template <> struct wire_fields<captcha_picture> : lenient_fields {
    using v = captcha_picture;
    static constexpr std::tuple fields{
        field<&v::b64s>{.name = "b64s"},
        field<&v::id>{.name = "id"},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
