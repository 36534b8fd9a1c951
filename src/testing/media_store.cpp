// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/media_store.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace json = boost::json;

constexpr std::string_view access_key = "AK_emulator";
constexpr std::uint64_t token_life = 3600;
constexpr std::uint64_t session_life = 7 * 24 * 3600;

std::string digest(std::string_view bytes, const EVP_MD* algorithm) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), value.data(), &size, algorithm, nullptr);
    return {reinterpret_cast<const char*>(value.data()), size};
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[static_cast<unsigned char>(c) >> 4U];
        text += digits[static_cast<unsigned char>(c) & 0xFU];
    }
    return text;
}

std::string base64url(std::string_view bytes) {
    namespace base64 = boost::beast::detail::base64;
    std::string text(base64::encoded_size(bytes.size()), '\0');
    text.resize(base64::encode(text.data(), bytes.data(), bytes.size()));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::string from_base64url(std::string text) {
    namespace base64 = boost::beast::detail::base64;
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    std::string bytes(base64::decoded_size(text.size()), '\0');
    bytes.resize(base64::decode(bytes.data(), text.data(), text.size()).first);
    return bytes;
}

std::string qetag(std::string_view bytes) {
    constexpr std::size_t block = 4U << 20U;
    if (bytes.size() <= block) {
        return base64url('\x16' + digest(bytes, EVP_sha1()));
    }
    std::string sums;
    for (std::size_t at = 0; at < bytes.size(); at += block) {
        sums += digest(bytes.substr(at, block), EVP_sha1());
    }
    return base64url('\x96' + digest(sums, EVP_sha1()));
}

response json_body(int status, const json::object& body) {
    response made;
    made.status = status;
    made.content_type = "application/json";
    made.body = json::serialize(body);
    return made;
}

response storage_error(int status, std::string_view text) {
    return json_body(status, {{"error", text}});
}

response text_body(int status, std::string_view text) {
    response made;
    made.status = status;
    made.content_type = "text/plain";
    made.body = text;
    return made;
}

// What the form has in that field.
std::string form_field(std::string_view body, const std::string& boundary, std::string_view name) {
    const std::string mark = " name=\"" + std::string(name) + "\""; // with the space: not that of a file
    const std::size_t at = body.find(mark);
    const std::size_t begin = at == body.npos ? at : body.find("\r\n\r\n", at);
    const std::size_t end = begin == body.npos ? begin : body.find("\r\n--" + boundary, begin + 2);
    if (end == body.npos) {
        return {};
    }
    return std::string(body.substr(begin + 4, end > begin + 4 ? end - begin - 4 : 0));
}

// Clients write the field's name in any case.
std::string_view file_type_of(std::string_view body) {
    const std::size_t file = body.find(" name=\"file\"");
    const std::size_t end = file == body.npos ? file : body.find("\r\n\r\n", file);
    constexpr std::string_view field = "\r\ncontent-type:";
    for (std::size_t at = file; at < end; ++at) {
        if (boost::beast::iequals(body.substr(at, field.size()), field)) {
            std::string_view value = body.substr(at + field.size(), end - at - field.size());
            value = value.substr(0, value.find("\r\n"));
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            return value;
        }
    }
    return {};
}

std::string media_bucket(std::string_view host) {
    if (host.starts_with("chat-file")) {
        return "chat68-file";
    }
    if (host.starts_with("chat-video")) {
        return "chat68-video";
    }
    return host.starts_with("chat-audio") ? "chat68-audio" : "chat68";
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

bool media_store::plays(std::string_view host) {
    return host == "api.qiniu.com" || host.ends_with(".qiniup.com") || host.ends_with(".qbox.me") ||
           host.ends_with(".jwznb.com");
}

response media_store::process(const media_request& request) {
    if (request.host == "api.qiniu.com") {
        return request.target.starts_with("/v4/query?") ? hosts_of(request.target) : text_body(404, "not found");
    }
    if (request.host.ends_with(".jwznb.com")) {
        return serve(request);
    }
    if (request.target.starts_with("/buckets/")) {
        return parts(request);
    }
    return request.method == "POST" && request.target == "/" ? form(request) : text_body(404, "not found");
}

std::string media_store::issue_token(const std::string& bucket, std::uint64_t now) {
    const json::object policy{{"scope", bucket}, {"deadline", now + token_life}};
    std::string token =
        std::string(access_key) + ":" + base64url(std::to_string(++ids_)) + ":" + base64url(json::serialize(policy));
    tokens_[token] = bucket;
    return token;
}

void media_store::put(const std::string& bucket, const std::string& key, std::string bytes, std::string content_type) {
    std::string hash = qetag(bytes);
    objects_[{bucket, key}] = {std::move(bytes), std::move(content_type), std::move(hash)};
}

std::optional<std::string> media_store::content(const std::string& bucket, const std::string& key) const {
    const auto found = objects_.find({bucket, key});
    return found == objects_.end() ? std::nullopt : std::optional(found->second.bytes);
}

std::optional<std::string> media_store::bucket_of(std::string_view token) const {
    const auto found = tokens_.find(token);
    return found == tokens_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<response> media_store::refuse_region(const std::string& bucket, std::string_view host) const {
    const auto region = regions_.find(bucket);
    if (region == regions_.end() || region->second == host) {
        return std::nullopt;
    }
    return storage_error(400, "incorrect region, please use " + region->second);
}

response media_store::hosts_of(std::string_view target) {
    const std::size_t at = target.find("&bucket=");
    const std::string bucket(at == target.npos ? "" : target.substr(at + 8));
    const std::string region = bucket == "chat68-video" ? "cn-east-2" : "z2";
    const json::array domains{"upload-" + region + ".qiniup.com", "up-" + region + ".qiniup.com"};
    const json::object host{{"region", region}, {"ttl", 86400}, {"up", json::object{{"domains", domains}}}};
    return json_body(200, {{"hosts", json::array{host}}});
}

response media_store::store(const std::string& bucket, const std::string& key, std::string bytes,
                            std::string content_type) {
    const std::uint64_t size = bytes.size();
    const auto found = objects_.find({bucket, key});
    if (found != objects_.end() && found->second.bytes != bytes) {
        return storage_error(614, "file exists");
    }
    put(bucket, key, std::move(bytes), std::move(content_type));
    return json_body(200, {{"key", key}, {"hash", objects_[{bucket, key}].hash}, {"fsize", size}});
}

response media_store::form(const media_request& request) {
    const std::string_view type = find_header(request.headers, "content-type");
    constexpr std::string_view prefix = "multipart/form-data; boundary=";
    if (!type.starts_with(prefix)) {
        return storage_error(400, "not a form");
    }
    const std::string boundary(type.substr(prefix.size()));
    const auto bucket = bucket_of(form_field(request.body, boundary, "token"));
    if (!bucket) {
        return storage_error(401, "expired token");
    }
    if (auto refused = refuse_region(*bucket, request.host)) {
        return std::move(*refused);
    }
    const std::string key = form_field(request.body, boundary, "key");
    if (key.empty() || !request.body.ends_with("\r\n--" + boundary + "--\r\n")) {
        return storage_error(400, "incomplete form");
    }
    return store(*bucket, key, form_field(request.body, boundary, "file"), std::string(file_type_of(request.body)));
}

response media_store::parts(const media_request& request) {
    constexpr std::string_view scheme = "UpToken ";
    const std::string_view authorization = find_header(request.headers, "authorization");
    const auto bucket = bucket_of(authorization.substr(std::min(scheme.size(), authorization.size())));
    if (!authorization.starts_with(scheme) || !bucket) {
        return storage_error(401, "expired token");
    }
    if (auto refused = refuse_region(*bucket, request.host)) {
        return std::move(*refused);
    }
    // /buckets/<bucket>/objects/<key>/uploads[/<id>[/<n>]]
    std::vector<std::string> path;
    for (std::string_view rest = request.target.substr(1, request.target.find('?') - 1); !rest.empty();) {
        const std::size_t slash = rest.find('/');
        path.emplace_back(rest.substr(0, slash));
        rest.remove_prefix(slash == rest.npos ? rest.size() : slash + 1);
    }
    if (path.size() < 5 || path[1] != *bucket || path[2] != "objects" || path[4] != "uploads") {
        return storage_error(400, "bad path");
    }
    const std::string key = from_base64url(path[3]);
    if (path.size() == 5 && request.method == "POST") {
        const std::string id = "upload" + std::to_string(++ids_);
        uploads_[id] = {*bucket, key, {}};
        return json_body(200, {{"uploadId", id}, {"expireAt", request.now + session_life}});
    }
    const auto found = path.size() > 5 ? uploads_.find(path[5]) : uploads_.end();
    if (found == uploads_.end() || found->second.key != key) {
        return storage_error(612, "no such uploadId");
    }
    session& upload = found->second;
    if (path.size() == 7 && request.method == "PUT") {
        std::uint64_t number = 0;
        std::from_chars(path[6].data(), path[6].data() + path[6].size(), number);
        const std::string md5 = hex(digest(request.body, EVP_md5()));
        upload.parts[number] = request.body;
        return json_body(200, {{"etag", qetag(request.body)}, {"md5", md5}});
    }
    if (request.method == "DELETE") {
        uploads_.erase(found);
        return json_body(200, {});
    }
    if (request.method == "GET") {
        json::array list;
        for (const auto& [number, bytes] : upload.parts) {
            list.push_back(
                {{"partNumber", number}, {"etag", qetag(bytes)}, {"size", bytes.size()}, {"putTime", request.now}});
        }
        return json_body(200, {{"uploadId", path[5]}, {"partNumberMarker", 0}, {"parts", list}});
    }
    boost::system::error_code ec;
    const json::value body = json::parse({request.body.data(), request.body.size()}, ec);
    if (ec || !body.is_object() || !body.as_object().contains("parts") || !body.at("parts").is_array()) {
        return storage_error(400, "invalid parts");
    }
    std::string whole;
    std::uint64_t last = 0;
    for (const json::value& each : body.at("parts").as_array()) {
        const auto number = each.at("partNumber").to_number<std::uint64_t>();
        const auto part = upload.parts.find(number);
        if (number <= last || part == upload.parts.end() || each.at("etag").as_string() != qetag(part->second)) {
            return storage_error(400, "invalid part");
        }
        whole += part->second;
        last = number;
    }
    const json::value* const type = body.as_object().if_contains("mimeType");
    const std::string content_type = type != nullptr && type->is_string() ? std::string(type->as_string()) : "";
    uploads_.erase(found);
    return store(*bucket, key, std::move(whole), content_type);
}

response media_store::serve(const media_request& request) {
    if (request.method != "GET" && request.method != "HEAD") {
        return text_body(405, "method not allowed");
    }
    const bool is_free = request.host.starts_with("chat-storage") || request.host == "chat-file-oss.jwznb.com";
    static constexpr std::array<std::string_view, 4> referers{"http://myapp.jwznb.com", "https://myapp.jwznb.com/",
                                                              "https://www.yhchat.com/", "https://yhfx.jwznb.com/"};
    if (!is_free && std::ranges::find(referers, find_header(request.headers, "referer")) == referers.end()) {
        return text_body(403, "forbidden");
    }
    const std::string key = percent_decoded(request.target.substr(1, request.target.find('?') - 1));
    const std::string bucket = media_bucket(request.host);
    const auto found = objects_.find({bucket, key});
    if (found == objects_.end()) {
        return storage_error(404, "Document not found");
    }
    const object& o = found->second;
    if (request.host == "chat-file.jwznb.com" && redirect_above_ != 0 && o.bytes.size() > redirect_above_) {
        response moved = text_body(302, "");
        moved.headers.emplace_back("location", "https://chat-file-oss.jwznb.com" + std::string(request.target));
        return moved;
    }
    response made;
    const std::string tag = "\"" + o.hash + "\"";
    made.headers = {{"content-type", o.content_type.empty() ? "application/octet-stream" : o.content_type},
                    {"etag", tag},
                    {"accept-ranges", "bytes"}};
    std::string_view range = find_header(request.headers, "range");
    const std::string_view condition = find_header(request.headers, "if-range");
    constexpr std::string_view unit = "bytes=";
    if (!range.starts_with(unit) || (!condition.empty() && condition != tag)) {
        made.body = o.bytes;
        return made;
    }
    range.remove_prefix(unit.size());
    std::size_t first = 0;
    std::size_t last = o.bytes.size() - 1;
    const auto* const dash = std::from_chars(range.data(), range.data() + range.size(), first).ptr;
    std::from_chars(dash + 1, range.data() + range.size(), last);
    if (first >= o.bytes.size()) {
        made.status = 416;
        return made;
    }
    last = std::min(last, o.bytes.size() - 1);
    made.status = 206;
    made.headers.emplace_back("content-range", "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
                                                   std::to_string(o.bytes.size()));
    made.body = o.bytes.substr(first, last - first + 1);
    return made;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
