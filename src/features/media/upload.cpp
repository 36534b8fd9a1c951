// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/upload.hpp>

#include "features/media/upload_job.hpp"
#include "media/download_plan.hpp"
#include "media/file_name.hpp"
#include "media/media_type.hpp"
#include "model/exceptions.hpp"
#include "runtime/client_access.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::string_view upload_name = "upload";

failure invalid(std::string detail) {
    call_info info;
    info.endpoint = upload_name;
    info.detail = std::move(detail);
    return {errc::invalid_request, std::move(info)};
}

} // namespace

std::optional<failure> check_upload(const upload_options& options) {
    if (options.parallel_parts == 0 || options.max_attempts == 0) {
        return invalid("parallel_parts and max_attempts must be > 0");
    }
    if (options.step_timeout.count() <= 0 || options.pause.count() < 0) {
        return invalid("step_timeout must be > 0, pause must be >= 0");
    }
    const auto plain = [](char c) { return c > ' ' && c < '\x7f' && c != '"'; };
    if (!std::ranges::all_of(options.content_type, plain)) {
        return invalid("content_type must consist of visible ASCII characters");
    }
    return std::nullopt;
}

failure upload_failure(std::string detail) {
    return invalid(std::move(detail));
}

namespace {

// The executor is free between two pieces.
asio::awaitable<storage::content_names> read_names(std::shared_ptr<const content_file> file, std::string* beginning) {
    storage::content_digest digest;
    std::vector<char> buffer(transfer_buffer);
    for (std::uint64_t at = 0; at < file->size();) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), file->size() - at));
        file->read(at, std::span(buffer).first(size));
        if (at == 0) {
            beginning->assign(buffer.data(), std::min(size, storage::sniffed_bytes));
        }
        digest.update({buffer.data(), size});
        at += size;
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    co_return digest.finish();
}

upload_kind kind_of(storage::content_family family) {
    switch (family) {
    case storage::content_family::image:
        return upload_kind::image;
    case storage::content_family::video:
        return upload_kind::video;
    case storage::content_family::audio:
        return upload_kind::audio;
    case storage::content_family::other:
        break;
    }
    return upload_kind::file;
}

} // namespace

void describe_content(upload_job& job, const storage::content_names& names, std::string_view beginning,
                      const std::string& name) {
    storage::media_type type = storage::sniff_media_type(beginning);
    const std::string suffix = storage::suffix_of(name);
    if (type.suffix.empty()) {
        type = storage::media_type_of_suffix(suffix);
    }
    uploaded_file& made = job.made;
    made.kind = job.options.kind == upload_kind::by_content ? kind_of(type.family) : job.options.kind;
    job.blocks = names.blocks;
    made.md5 = names.md5;
    made.hash = names.qetag;
    made.size = names.size;
    made.width = type.width;
    made.height = type.height;
    made.content_type = job.options.content_type.empty() ? std::string(type.mime) : job.options.content_type;
    // For the service the suffix of a media file is what it is; that of a file is what its name says.
    const bool by_name = made.kind == upload_kind::file || made.kind == upload_kind::group_disk;
    made.suffix = by_name && !suffix.empty() ? suffix : std::string(type.suffix.empty() ? suffix : type.suffix);
    if (made.suffix.empty()) {
        made.suffix = "bin";
    }
    made.file_name = job.options.file_name.empty() ? name : job.options.file_name;
    made.key = std::string(route_of(made.kind).key_prefix) + made.md5 + "." + made.suffix;
    made.endpoint = upload_name;
}

namespace {

asio::awaitable<bool> is_there(upload_job* job) {
    const upload_route& route = route_of(job->made.kind);
    const auto place = storage::locate_media(job->made.key, route.media_host);
    if (!place) {
        co_return false;
    }
    http_transfer over(client_access::core(job->through), job->rate, job->options.step_timeout);
    transfer_request request;
    request.host = place->host;
    // Of the first byte: a HEAD would do, but its response has a length without a body.
    request.head = storage::write_media_request(*place, client_access::core(job->through)->config().user_agent, {});
    request.head.insert(request.head.size() - 2, "range: bytes=0-0\r\nconnection: close\r\n");
    transfer_response response;
    co_await over.exchange(&request, &response);
    const int status = response.header.status;
    co_return !response.ec && (status == 206 || (status == 200 && job->made.size <= 1)) &&
        storage::hash_in_etag(response.header.etag) == job->made.hash;
}

coroutine<acknowledged> upload_as_form(std::shared_ptr<upload_job> job) {
    http_transfer over(client_access::core(job->through), job->rate, job->options.step_timeout);
    std::int64_t sent = 0;
    const std::string boundary = new_msg_id();
    const storage_request make = [&job, &sent, &boundary](const std::string& host, const upload_grant& grant) {
        job->add_progress(-std::exchange(sent, 0)); // a repetition
        storage::form_fields fields;
        fields.token = grant.token.reveal();
        fields.key = job->made.key;
        fields.content_type = job->made.content_type;
        transfer_request request;
        request.host = host;
        request.before = storage::form_head(fields, boundary);
        request.after = storage::form_tail(boundary);
        request.file = job->file;
        request.length = job->made.size;
        const std::uint64_t length = request.before.size() + request.length + request.after.size();
        request.head = storage_head(*job, "POST", "/", host,
                                    "content-type: multipart/form-data; boundary=" + boundary + "\r\n", length);
        request.on_sent = [&job, &sent](std::size_t bytes) {
            sent += static_cast<std::int64_t>(bytes);
            job->add_progress(static_cast<std::int64_t>(bytes));
        };
        return request;
    };
    storage_outcome outcome;
    co_await call_storage(job.get(), &over, &make, false, &outcome);
    if (std::optional<failure> failed = take_stored(*job, outcome)) {
        co_return std::move(*failed);
    }
    co_return acknowledged();
}

// The service has a limit for each of two classes of accounts. Only for a size between the two it matters which one the
// account is of.
asio::awaitable<std::optional<failure>> check_size(upload_job* job) {
    const result<size_limits> limits = co_await get_size_limits(job->through, job->made.kind);
    if (!limits) {
        co_return limits.error();
    }
    std::uint64_t most = std::max(limits->normal, limits->vip);
    if (limits->normal != 0 && job->made.size > limits->normal && job->made.size <= limits->vip) {
        const result<account_class> account = co_await get_account_class(job->through);
        if (!account) {
            co_return account.error();
        }
        most = account->is_vip ? limits->vip : limits->normal;
    }
    if (most != 0 && job->made.size > most) {
        co_return invalid("the file is larger than the service allows: " + std::to_string(job->made.size) + " > " +
                          std::to_string(most) + " bytes");
    }
    co_return std::nullopt;
}

} // namespace

coroutine<uploaded_file> send_content(std::shared_ptr<upload_job> job) {
    if (job->options.check_limits) {
        if (std::optional<failure> refused = co_await check_size(job.get())) {
            co_return std::move(*refused);
        }
    }
    if (job->options.skip_existing && co_await is_there(job.get())) {
        job->made.was_there = true;
        co_return job->made;
    }
    result<upload_grant> grant = co_await get_upload_token(job->through, job->made.kind, false);
    if (!grant) {
        co_return grant.error();
    }
    const storage::upload_policy policy = grant->policy;
    if (policy.max_size != 0 && job->made.size > policy.max_size) {
        co_return invalid("the file is larger than the upload token allows: " + std::to_string(job->made.size) + " > " +
                          std::to_string(policy.max_size) + " bytes");
    }
    job->set_grant(std::move(*grant));
    std::vector<std::string> hosts = co_await get_upload_hosts(job->through, policy.access_key, policy.bucket,
                                                               route_of(job->made.kind).fallback_host);
    job->set_hosts(std::move(hosts));

    result<acknowledged> sent = failure();
    if (job->made.size <= job->options.form_limit) {
        sent = co_await upload_as_form(job);
    } else {
        sent = co_await upload_in_parts(job);
    }
    if (!sent) {
        co_return sent.error();
    }
    client_access::core(job->through)->feature_state<storage_cache>()->prefer(job->bucket(), job->host());
    co_return job->made;
}

namespace {

// Without exceptions of the file system and of cancellation.
coroutine<uploaded_file> run_upload(client from, std::filesystem::path path, upload_options options) {
    if (std::optional<failure> refused = check_upload(options)) {
        co_return std::move(*refused);
    }
    const auto job = std::make_shared<upload_job>(std::move(from), std::move(options));
    job->rate = std::make_shared<transfer_rate>(job->options.bytes_per_second);
    job->file = std::make_shared<const content_file>(path);
    std::string beginning;
    const storage::content_names names = co_await read_names(job->file, &beginning);
    describe_content(*job, names, beginning, path.filename().string());
    co_return co_await send_content(job);
}

} // namespace

upload_grant upload_job::grant() const {
    const std::lock_guard lock(mutex_);
    return grant_;
}

void upload_job::set_grant(upload_grant with) {
    const std::lock_guard lock(mutex_);
    grant_ = std::move(with);
}

void upload_job::set_hosts(std::vector<std::string> known) {
    const std::lock_guard lock(mutex_);
    hosts_ = std::move(known);
    host_ = 0;
}

std::string upload_job::host() const {
    const std::lock_guard lock(mutex_);
    return hosts_.at(host_);
}

void upload_job::leave_host(const std::string& failed_host) {
    const std::lock_guard lock(mutex_);
    if (hosts_[host_] == failed_host) {
        host_ = (host_ + 1) % hosts_.size();
    }
}

bool upload_job::use_host(const std::string& host) {
    constexpr unsigned max_hops = 3;
    const std::lock_guard lock(mutex_);
    if (hosts_[host_] == host) {
        return true;
    }
    if (++hops_ > max_hops) {
        return false;
    }
    std::erase(hosts_, host);
    hosts_.insert(hosts_.begin(), host);
    host_ = 0;
    return true;
}

bool upload_job::may_renew() {
    const std::lock_guard lock(mutex_);
    return !std::exchange(renewed_, true);
}

void upload_job::add_progress(std::int64_t bytes) {
    if (bytes == 0) {
        return;
    }
    const std::lock_guard one_at_a_time(progress_mutex_);
    std::int64_t done = 0;
    {
        const std::lock_guard lock(mutex_);
        progress_ += bytes;
        done = progress_;
    }
    if (options.progress) {
        options.progress(transfer_progress(static_cast<std::uint64_t>(done), made.size));
    }
}

asio::awaitable<void> call_storage(upload_job* job, http_transfer* over, const storage_request* make, bool in_parts,
                                   storage_outcome* into) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    std::chrono::nanoseconds pause = job->options.pause;
    for (into->attempts = 1;; ++into->attempts) {
        const std::string host = job->host();
        {
            transfer_request request = (*make)(host, job->grant());
            co_await over->exchange(&request, &into->response);
            detail::wipe(request.before); // the form has the token
            detail::wipe(request.head);
        }
        const transfer_response& response = into->response;
        into->decision = {};
        using step = storage::storage_step;
        step next = step::next_host;
        if (response.ec == asio::error::operation_aborted) {
            co_return;
        }
        if (!response.ec) {
            into->decision = storage::decide(response.header.status, response.body, in_parts);
            next = into->decision.step;
        }
        if (next == step::use_host && job->use_host(into->decision.host)) {
            continue; // not a failure of the server
        }
        if (next == step::renew_token && job->may_renew()) {
            result<upload_grant> renewed = co_await get_upload_token(job->through, job->made.kind, true);
            if (renewed) {
                job->set_grant(std::move(*renewed));
                continue;
            }
        }
        const bool again = next == step::next_host || next == step::wait;
        if (!again || into->attempts >= job->options.max_attempts) {
            co_return;
        }
        if (next == step::next_host) {
            job->leave_host(host);
        }
        timer.expires_after(pause);
        co_await timer.async_wait(asio::use_awaitable);
        constexpr std::chrono::seconds longest(30);
        pause = std::min<std::chrono::nanoseconds>(pause * 2, longest);
    }
}

failure failure_of(const storage_outcome& outcome) {
    call_info info;
    info.endpoint = upload_name;
    info.attempts = outcome.attempts;
    info.delivery = outcome.response.delivery;
    if (outcome.response.ec) {
        info.cause = outcome.response.cause;
        info.detail = outcome.response.detail;
        return {outcome.response.ec, std::move(info)};
    }
    const int status = outcome.response.header.status;
    info.http_status = status;
    info.api_msg = outcome.decision.text;
    info.detail = outcome.decision.detail.empty() ? "HTTP status " + std::to_string(status) : outcome.decision.detail;
    using step = storage::storage_step;
    switch (outcome.decision.step) {
    case step::renew_token:
        return {errc::not_authenticated, std::move(info)};
    case step::wait:
        return {errc::throttled, std::move(info)};
    case step::next_host:
        return {errc::server_error, std::move(info)};
    default:
        break;
    }
    constexpr int ok = 200;
    return {status == ok ? errc::bad_response : errc::refused, std::move(info)};
}

std::string storage_head(const upload_job& job, std::string_view method, std::string_view target,
                         const std::string& host, std::string_view fields, std::uint64_t length) {
    std::string head(method);
    head.append(" ").append(target).append(" HTTP/1.1\r\nhost: ").append(host).append("\r\nuser-agent: ");
    head.append(client_access::core(job.through)->config().user_agent).append("\r\naccept: */*\r\n").append(fields);
    return head + "content-length: " + std::to_string(length) + "\r\n\r\n";
}

std::optional<failure> take_stored(upload_job& job, const storage_outcome& outcome) {
    using step = storage::storage_step;
    const step end = outcome.response.ec ? step::fail : outcome.decision.step;
    if (end != step::done && end != step::done_unseen && end != step::exists) {
        return failure_of(outcome);
    }
    job.made.attempts = outcome.attempts;
    job.made.http_status = outcome.response.header.status;
    job.made.delivery = outcome.response.delivery;
    if (end != step::done) { // the key is of the content's hash: what is there is the same
        return std::nullopt;
    }
    const auto stored = storage::parse_stored_object(outcome.response.body);
    failure bad = failure_of(outcome);
    bad.code = errc::bad_response;
    if (!stored) {
        bad.detail = "the storage does not say what it has stored";
        return bad;
    }
    if (stored->size != 0 && stored->size != job.made.size) {
        bad.detail = "the storage has another number of bytes";
        return bad;
    }
    // Of parts of another size than 4 MiB the storage's hash is another one.
    constexpr std::uint64_t usual_part = 4U << 20U;
    const bool comparable = job.plan.part_size == 0 || job.plan.part_size == usual_part;
    if (comparable && !stored->hash.empty() && stored->hash != job.made.hash) {
        bad.detail = "the storage has another content";
        return bad;
    }
    job.made.key = stored->key;
    job.made.hash = stored->hash.empty() ? job.made.hash : stored->hash;
    job.made.width = stored->width != 0 ? stored->width : job.made.width;
    job.made.height = stored->height != 0 ? stored->height : job.made.height;
    return std::nullopt;
}

coroutine<uploaded_file> upload_result(client from, std::filesystem::path file, upload_options options) {
    try {
        co_return co_await run_upload(std::move(from), std::move(file), std::move(options));
    } catch (const boost::system::system_error& e) {
        if (e.code() == asio::error::operation_aborted) {
            call_info info;
            info.endpoint = upload_name;
            co_return failure(e.code(), std::move(info));
        }
        co_return invalid("the file can't be read: " + e.code().message());
    }
}

template class coroutine_operation<uploaded_file>;

} // namespace detail

namespace {

media metadata_of(const uploaded_file& from, std::string type) {
    media made;
    made.file_key = from.key;
    made.file_hash = from.hash;
    made.file_type = std::move(type);
    made.image_height = from.height;
    made.image_width = from.width;
    made.file_size = from.size;
    made.file_key2 = from.key;
    made.file_suffix = from.suffix;
    return made;
}

} // namespace

draft image(const uploaded_file& from) {
    return image(from.key).attach(metadata_of(from, from.content_type));
}

draft file(const uploaded_file& from) {
    return file(from.key, from.file_name, from.size);
}

draft video(const uploaded_file& from, std::uint64_t seconds) {
    return video(from.key, seconds).attach(metadata_of(from, from.content_type));
}

draft audio(const uploaded_file& from, std::uint64_t seconds) {
    return audio(from.key, seconds).attach(metadata_of(from, "video/mp4")); // players of the service want this one
}

YUNHU_NAMESPACE_END
