// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/detail/send_body.hpp>

#include "endpoints/codec.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

result<std::string> encode_send(const send_message_request& request) {
    codec::encoded body = codec::encode(request);
    if (body) {
        return std::move(*body);
    }
    call_info info;
    info.endpoint = endpoints::send_message.name();
    info.msg_id = request.msg_id;
    info.detail = std::move(body.error().detail);
    return failure(errc::invalid_request, std::move(info));
}

} // namespace detail
YUNHU_NAMESPACE_END
