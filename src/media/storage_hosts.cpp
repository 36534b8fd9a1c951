// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/storage_hosts.hpp"

#include "media/json_reading.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::size_t max_hosts = 16;

// A DNS name of letters, digits, hyphens and dots, without a port.
bool is_host_name(std::string_view host) noexcept {
    constexpr std::size_t max_size = 253;
    return !host.empty() && host.size() <= max_size && host.front() != '.' && host.back() != '.' &&
           host.find("..") == std::string_view::npos && std::ranges::all_of(host, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.';
           });
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

bool ends_with_any(std::string_view host, const auto& suffixes) {
    const std::string name = lower(host);
    return is_host_name(name) && std::ranges::any_of(suffixes, [&name](std::string_view suffix) {
               return name.size() > suffix.size() && name.ends_with(suffix);
           });
}

// `https://host/path` -> `host`
std::string_view host_of(std::string_view domain) {
    if (const std::size_t scheme = domain.find("://"); scheme != std::string_view::npos) {
        domain.remove_prefix(scheme + 3);
    }
    return domain.substr(0, domain.find('/'));
}

void add_hosts(const boost::json::object& up, std::string_view name, host_list& into) {
    const boost::json::array* const domains = array_in(up, name);
    if (domains == nullptr) {
        return;
    }
    for (const boost::json::value& each : *domains) {
        if (!each.is_string()) {
            continue;
        }
        const std::string host = lower(host_of({each.get_string().data(), each.get_string().size()}));
        if (is_storage_host(host) && into.hosts.size() < max_hosts &&
            std::ranges::find(into.hosts, host) == into.hosts.end()) {
            into.hosts.push_back(host);
        }
    }
}

} // namespace

bool is_storage_host(std::string_view host) {
    constexpr std::array<std::string_view, 4> suffixes{".qiniup.com", ".qbox.me", ".qiniudns.com", ".qiniuapi.com"};
    return ends_with_any(host, suffixes);
}

bool is_media_host(std::string_view host) {
    constexpr std::array<std::string_view, 2> suffixes{".jwznb.com", ".jwzhd.com"};
    return ends_with_any(host, suffixes);
}

bool needs_referer(std::string_view host) {
    const std::string name = lower(host);
    return !name.starts_with("chat-storage") && name != "chat-file-oss.jwznb.com";
}

host_list parse_host_answer(std::string_view body) {
    host_list made;
    const auto answer = parse_object(body);
    if (!answer) {
        return made;
    }
    const boost::json::object* region = &*answer; // older answers are the region itself
    if (const boost::json::array* const hosts = array_in(*answer, "hosts"); hosts != nullptr) {
        if (hosts->empty() || !hosts->front().is_object()) {
            return made;
        }
        region = &hosts->front().get_object();
    }
    made.ttl = number_in(*region, "ttl");
    if (const boost::json::object* const up = object_in(*region, "up"); up != nullptr) {
        for (const std::string_view name : {"domains", "acc_domains", "old"}) {
            add_hosts(*up, name, made);
        }
    }
    return made;
}

std::string host_in_text(std::string_view text) {
    constexpr std::string_view before = "please use ";
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos) {
        return {};
    }
    std::string_view rest = text.substr(at + before.size());
    rest = rest.substr(0, rest.find_first_of(" ,;\"'\r\n\t"));
    std::string host = lower(host_of(rest));
    while (!host.empty() && host.back() == '.') {
        host.pop_back();
    }
    return is_storage_host(host) ? host : std::string();
}

} // namespace storage
YUNHU_NAMESPACE_END
