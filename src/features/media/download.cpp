// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/download.hpp>

#include "features/media/http_transfer.hpp"
#include "features/media/partial_file.hpp"
#include "features/media/storage_session.hpp"
#include "media/digest.hpp"
#include "media/download_plan.hpp"
#include "media/file_name.hpp"
#include "runtime/client_access.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::string_view download_name = "download";
constexpr unsigned max_redirects = 5;

failure download_failure(errc code, std::string detail) {
    call_info info;
    info.endpoint = download_name;
    info.detail = std::move(detail);
    return {code, std::move(info)};
}

storage::media_response described(const http::transfer_header& header) {
    storage::media_response made;
    made.status = header.status;
    made.content_type = header.content_type;
    made.content_range = header.content_range;
    made.content_disposition = header.content_disposition;
    made.etag = header.etag;
    made.location = header.location;
    made.content_length = header.content_length;
    return made;
}

} // namespace

/// One download. Belongs to one coroutine.
class download_run {
public:
    download_run(client from, media_source what, std::filesystem::path to, download_options options)
        : client_(std::move(from)), what_(std::move(what)), to_(std::move(to)), options_(std::move(options)),
          over_(client_access::core(client_), std::make_shared<transfer_rate>(options_.bytes_per_second),
                options_.step_timeout) {}

    asio::awaitable<void> execute(result<downloaded_file>* end) {
        const auto place = storage::locate_media(what_.url, route_of(what_.kind).media_host);
        if (options_.max_attempts == 0 || options_.step_timeout.count() <= 0 || options_.pause.count() < 0) {
            *end = download_failure(errc::invalid_request, "max_attempts and step_timeout must be > 0, pause >= 0");
            co_return;
        }
        if (!place) {
            *end = download_failure(errc::invalid_request, what_.url.empty()
                                                               ? "the message has no media"
                                                               : "the URL is not one of the service's hosts");
            co_return;
        }
        from_ = *place;
        expects_text_ = storage::suffix_of(what_.file_name).starts_with("htm");
        choose_name();
        part_.emplace(to_);
        if (!options_.resume) {
            part_->restart({});
        }
        co_await read_what_is_there();
        asio::steady_timer timer(co_await asio::this_coro::executor);
        std::chrono::nanoseconds pause = options_.pause;
        unsigned redirects = 0;
        for (unsigned attempt = 1; attempt <= options_.max_attempts;) {
            const std::uint64_t before = received_;
            co_await request();
            made_.attempts += 1;
            using step = storage::media_step;
            if (response_.ec == asio::error::operation_aborted) {
                *end = failure(response_.ec, call_info());
                co_return;
            }
            if (refused_) { // by this library: too large, or the disk is full
                *end = std::move(*refused_);
                part_->remove();
                co_return;
            }
            if (decision_.step == step::redirect) {
                const auto next = storage::follow(from_, over_.header().location);
                if (!next || ++redirects > max_redirects) {
                    *end = with_status(errc::refused, "the redirect does not lead to one of the service's hosts");
                    co_return;
                }
                from_ = *next;
                continue;
            }
            if (decision_.step == step::fail && over_.header().status != 0) {
                const bool page = over_.header().status == 200 || over_.header().status == 206;
                *end = with_status(page ? errc::bad_response : errc::refused, std::string(decision_.detail));
                co_return;
            }
            if (!response_.ec && (decision_.step == step::take || decision_.step == step::go_on)) {
                *end = finish();
                co_return;
            }
            if (decision_.step == step::start_over) {
                restart({});
            }
            if (received_ > before) { // progress: these are not attempts at the same thing
                attempt = 0;
                pause = options_.pause;
            }
            if (++attempt <= options_.max_attempts) {
                timer.expires_after(pause);
                co_await timer.async_wait(asio::use_awaitable);
                constexpr std::chrono::seconds longest(30);
                pause = std::min<std::chrono::nanoseconds>(pause * 2, longest);
            }
        }
        failure failed = with_status(errc::server_error, response_.detail);
        failed.code = response_.ec ? response_.ec : failed.code;
        failed.cause = response_.cause;
        *end = std::move(failed);
    }

private:
    // A folder: the name is that of the sender, or of the URL. That of a Content-Disposition comes too late for
    // resuming.
    void choose_name() {
        if (std::filesystem::is_directory(to_)) {
            from_url_ = storage::safe_file_name(what_.file_name).empty();
            to_ /= file_name_of(what_);
        }
    }

    asio::awaitable<void> read_what_is_there() {
        tag_ = part_->tag();
        const std::uint64_t there = tag_.empty() ? 0 : part_->size();
        std::vector<char> buffer(transfer_buffer);
        while (received_ < there) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), there - received_));
            const std::size_t got = part_->read(received_, buffer.data(), size);
            if (got == 0) {
                break;
            }
            digest_.update({buffer.data(), got});
            received_ += got;
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        }
        made_.resumed = received_;
    }

    void restart(const std::string& tag) {
        part_->restart(tag);
        tag_ = tag;
        digest_ = storage::content_digest(storage::digests::qetag);
        received_ = 0;
        made_.resumed = 0;
    }

    asio::awaitable<void> request() {
        const storage::partial_download have{received_, tag_};
        transfer_request request;
        request.host = from_.host;
        request.head = storage::write_media_request(from_, client_access::core(client_)->config().user_agent, have);
        request.on_header = [this, have] { return on_header(have); };
        request.on_body = [this](std::string_view bytes) { return on_body(bytes); };
        decision_ = {};
        decision_.step = storage::media_step::try_later;
        co_await over_.exchange(&request, &response_);
    }

    error_code on_header(const storage::partial_download& have) {
        const storage::media_response got = described(over_.header());
        decision_ = storage::decide(got, have, expects_text_);
        using step = storage::media_step;
        if (decision_.step == step::take) {
            const bool is_strong = !got.etag.empty() && got.etag.front() == '"';
            restart(is_strong ? got.etag : std::string());
            made_.content_type = got.content_type;
            disposition_ = got.content_disposition;
        } else if (decision_.step == step::go_on) {
            made_.content_type = got.content_type;
            disposition_ = got.content_disposition;
        }
        if (decision_.total && options_.max_size != 0 && *decision_.total > options_.max_size) {
            return too_large();
        }
        total_ = decision_.total;
        return {};
    }

    error_code on_body(std::string_view bytes) {
        using step = storage::media_step;
        if (decision_.step != step::take && decision_.step != step::go_on) {
            constexpr std::size_t most = 64U << 10U; // of the body of an error
            skipped_ += bytes.size();
            return skipped_ > most ? errc::body_limit : error_code();
        }
        if (options_.max_size != 0 && received_ + bytes.size() > options_.max_size) {
            return too_large();
        }
        part_->append(bytes, received_);
        digest_.update(bytes);
        received_ += bytes.size();
        if (options_.progress) {
            options_.progress(transfer_progress(received_, total_.value_or(0)));
        }
        return {};
    }

    error_code too_large() {
        refused_ = with_status(errc::body_limit, "the content is larger than max_size");
        return errc::body_limit;
    }

    failure with_status(errc code, std::string detail) {
        failure made = download_failure(code, std::move(detail));
        made.attempts = made_.attempts;
        made.http_status = over_.header().status;
        made.delivery = response_.delivery;
        return made;
    }

    result<downloaded_file> finish() {
        made_.endpoint = download_name;
        made_.http_status = over_.header().status;
        made_.delivery = delivery::answered;
        made_.size = received_;
        made_.hash = digest_.finish().qetag;
        const std::string expected = options_.hash.empty() ? storage::hash_in_etag(tag_) : options_.hash;
        if (!expected.empty() && expected != made_.hash) {
            part_->remove();
            return with_status(errc::bad_response, "the content has another hash");
        }
        if (total_ && received_ != *total_) {
            part_->remove();
            return with_status(errc::bad_response, "the content has another size");
        }
        made_.verified = !expected.empty();
        std::filesystem::path name = to_;
        const std::string given = storage::safe_file_name(storage::disposition_file_name(disposition_));
        if (from_url_ && !given.empty()) {
            name = to_.parent_path() / given;
        }
        made_.path = part_->publish(name, options_.overwrite);
        return made_;
    }

    client client_;
    media_source what_;
    std::filesystem::path to_;
    download_options options_;
    http_transfer over_;
    storage::media_url from_;
    std::optional<partial_file> part_;
    storage::content_digest digest_{storage::digests::qetag};
    std::string tag_;
    std::string disposition_;
    std::uint64_t received_ = 0;
    std::uint64_t skipped_ = 0;
    std::optional<std::uint64_t> total_;
    storage::media_decision decision_;
    transfer_response response_;
    std::optional<failure> refused_;
    downloaded_file made_;
    bool expects_text_ = false;
    bool from_url_ = false;
};

coroutine<downloaded_file> download_result(client from, media_source what, std::filesystem::path to,
                                           download_options options) {
    result<downloaded_file> end = failure();
    try {
        const auto run =
            std::make_unique<download_run>(std::move(from), std::move(what), std::move(to), std::move(options));
        co_await run->execute(&end);
    } catch (const boost::system::system_error& e) {
        if (e.code() == asio::error::operation_aborted) {
            end = failure(e.code(), call_info());
        } else {
            failure unwritable = download_failure(errc::invalid_request, "the file can't be written");
            unwritable.detail += ": " + e.code().message();
            unwritable.cause = e.code();
            end = std::move(unwritable);
        }
    }
    co_return end;
}

template class coroutine_operation<downloaded_file>;

} // namespace detail

std::string file_name_of(const media_source& what) {
    std::string name = storage::safe_file_name(what.file_name);
    if (name.empty()) {
        const auto place = storage::locate_media(what.url, detail::route_of(what.kind).media_host);
        const std::string target = place ? place->target : std::string();
        name = storage::safe_file_name(storage::percent_decode(std::string_view(target).substr(0, target.find('?'))));
    }
    return name.empty() ? "download" : name;
}

media_source::media_source(const message& from) {
    const content& c = *from.content;
    switch (from.content_type) {
    case content_type::video:
        url = c.video_url;
        kind = upload_kind::video;
        break;
    case content_type::audio:
        url = c.audio_url;
        kind = upload_kind::audio;
        break;
    case content_type::file:
        url = c.file_url;
        kind = upload_kind::file;
        size = c.file_size;
        break;
    default:
        url = c.image_url.empty() ? c.image : c.image_url;
        kind = upload_kind::image;
        break;
    }
    file_name = c.file_name;
}

YUNHU_NAMESPACE_END
