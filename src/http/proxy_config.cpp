// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/proxy_config.hpp>

#include "http/base_url.hpp"
#include "http/proxy_url.hpp"
#include "model/exceptions.hpp"

#include <yunhu/error.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace {

proxy_config make_proxy(std::string_view text, std::string_view field) {
    auto parsed = http::parse_proxy_url(text, field);
    if (!parsed) {
        detail::throw_invalid(parsed.error().detail);
    }
    proxy_config out;
    out.url = (parsed->tls ? "https://" : "http://") + parsed->server.text;
    out.user = std::move(parsed->user);
    out.password = std::move(parsed->password);
    return out;
}

struct variable {
    std::string_view name;
    std::string_view value; ///< of the environment; empty: neither is set
};

variable environment(const char* preferred, const char* other) {
    for (const char* const name : {preferred, other}) {
        const char* const value = std::getenv(name);
        if (value != nullptr && *value != '\0') {
            return {name, value};
        }
    }
    return {preferred, {}};
}

} // namespace

proxy_config::proxy_config(const secret& with_credentials)
    : proxy_config(make_proxy(with_credentials.reveal(), "the proxy's URL")) {}

proxy_config proxy_config::from_environment(std::string_view base_url) {
    const auto server = http::parse_base_url(base_url, true);
    const variable proxy = environment("https_proxy", "HTTPS_PROXY");
    // An invalid base URL is the client's error, and not that of its proxy.
    if (!server || !server->tls || proxy.value.empty() || http::is_loopback(server->host) ||
        http::bypasses_proxy(environment("no_proxy", "NO_PROXY").value, server->host, server->port)) {
        return {};
    }
    if (proxy.value.find("://") != std::string_view::npos) {
        return make_proxy(proxy.value, proxy.name);
    }
    const secret complete("http://" + std::string(proxy.value));
    return make_proxy(complete.reveal(), proxy.name);
}

YUNHU_NAMESPACE_END
