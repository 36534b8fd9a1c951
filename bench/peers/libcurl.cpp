// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// libcurl's multi interface: easy handles reused, one call at a time each.

#include "peer.hpp"
#include "request.hpp"

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench = yunhu::bench;

namespace {

void check(CURLcode code) {
    if (code != CURLE_OK) {
        throw std::runtime_error(curl_easy_strerror(code));
    }
}

void check(CURLMcode code) {
    if (code != CURLM_OK) {
        throw std::runtime_error(curl_multi_strerror(code));
    }
}

struct easy_cleanup {
    void operator()(CURL* p) const noexcept { curl_easy_cleanup(p); }
};
struct multi_cleanup {
    void operator()(CURLM* p) const noexcept { curl_multi_cleanup(p); }
};
struct slist_free {
    void operator()(curl_slist* p) const noexcept { curl_slist_free_all(p); }
};

struct transfer {
    std::unique_ptr<CURL, easy_cleanup> easy;
    bench::id_source ids;
    std::string body;
    std::string response;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, size * count);
    return size * count;
}

std::unique_ptr<curl_slist, slist_free> headers() {
    curl_slist* list = nullptr;
    for (const std::string& line :
         {"content-type: " + std::string(bench::media_type), "accept: " + std::string(bench::media_type),
          "token: " + std::string(bench::token), std::string("expect:")}) {
        list = curl_slist_append(list, line.c_str());
    }
    return std::unique_ptr<curl_slist, slist_free>(list);
}

void prepare(transfer& t, const bench::peer_options& options, curl_slist* lines) {
    t.easy.reset(curl_easy_init());
    CURL* const easy = t.easy.get();
    const std::string url = "https://" + bench::host(options.port) + std::string(bench::target);
    check(curl_easy_setopt(easy, CURLOPT_URL, url.c_str()));
    check(curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1}));
    check(curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str()));
    check(curl_easy_setopt(easy, CURLOPT_USERAGENT, bench::user_agent().c_str()));
    check(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines));
    check(curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L));
    check(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take));
    check(curl_easy_setopt(easy, CURLOPT_WRITEDATA, &t.response));
    check(curl_easy_setopt(easy, CURLOPT_PRIVATE, &t));
}

void start(transfer& t, CURLM* multi) {
    t.response.clear();
    t.body = bench::request_body(t.ids.next());
    check(curl_easy_setopt(t.easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(t.body.size())));
    check(curl_easy_setopt(t.easy.get(), CURLOPT_POSTFIELDS, t.body.c_str()));
    check(curl_multi_add_handle(multi, t.easy.get()));
}

/// Checks a finished transfer and removes it.
transfer& ended(CURLM* multi, const CURLMsg& message) {
    CURL* const easy = message.easy_handle;
    check(message.data.result);
    void* mine = nullptr;
    long status = 0;
    check(curl_easy_getinfo(easy, CURLINFO_PRIVATE, &mine));
    check(curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status));
    check(curl_multi_remove_handle(multi, easy));
    auto& t = *static_cast<transfer*>(mine);
    bench::require_success(static_cast<unsigned>(status), t.response);
    return t;
}

void work(const bench::peer_options& options, bench::meter& cost) {
    check(curl_global_init(CURL_GLOBAL_DEFAULT));
    const auto lines = headers();
    const std::unique_ptr<CURLM, multi_cleanup> multi(curl_multi_init());
    check(curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options.connections)));
    check(curl_multi_setopt(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(options.connections)));
    std::vector<transfer> all(options.connections);
    std::size_t busy = 0;
    for (transfer& each : all) {
        prepare(each, options, lines.get());
        if (cost.next()) {
            start(each, multi.get());
            ++busy;
        }
    }
    while (busy > 0) {
        int running = 0;
        check(curl_multi_perform(multi.get(), &running));
        int left = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi.get(), &left)) {
            if (message->msg != CURLMSG_DONE) {
                continue;
            }
            transfer& t = ended(multi.get(), *message);
            cost.completed();
            if (cost.next()) {
                start(t, multi.get());
            } else {
                --busy;
            }
        }
        if (busy > 0) {
            check(curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr));
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    return bench::run_peer(argc, argv, "libcurl", work);
}
