// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/upload_job.hpp"
#include "runtime/client_access.hpp"
#include "runtime/guarded_handler.hpp"
#include "runtime/spawn_coroutine.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/inbox.hpp> // coroutine_operation<acknowledged>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <list>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

// An upload in parts: begun or continued, its parts over several connections at once, finished.
YUNHU_NAMESPACE_BEGIN
namespace detail {

std::optional<std::uint64_t> upload_job::take_part() {
    const std::lock_guard lock(mutex_);
    while (next_part_ <= plan.count() && finished_.count(next_part_) != 0) {
        ++next_part_;
    }
    if (failed || next_part_ > plan.count()) {
        return std::nullopt;
    }
    return next_part_++;
}

void upload_job::part_done(storage::stored_part part) {
    const std::lock_guard lock(mutex_);
    finished_.insert(part.number);
    record.parts.push_back(std::move(part));
    ++made.parts_sent;
    save_record();
}

void upload_job::begin_parts(storage::resume_record from) {
    const std::lock_guard lock(mutex_);
    record = std::move(from);
    plan = {record.size, record.part_size};
    next_part_ = 1;
    finished_.clear();
    progress_ = 0;
    for (const storage::stored_part& each : record.parts) {
        finished_.insert(each.number);
        progress_ += static_cast<std::int64_t>(plan.length(each.number));
    }
    failed = false;
    unknown_session = false;
    save_record();
}

std::vector<storage::stored_part> upload_job::parts_done() const {
    const std::lock_guard lock(mutex_);
    return record.parts;
}

// Replaced atomically: a process that is killed leaves the old record or the new one.
void upload_job::save_record() const {
    if (options.resume_file.empty()) {
        return;
    }
    const std::string temporary = options.resume_file.string() + ".new";
    {
        std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
        out << storage::to_text(record);
        if (!out.flush()) {
            throw boost::system::system_error(EIO, boost::system::generic_category());
        }
    }
    if (std::rename(temporary.c_str(), options.resume_file.c_str()) != 0) {
        throw boost::system::system_error(errno, boost::system::generic_category());
    }
}

void upload_job::drop_record() const noexcept {
    if (!options.resume_file.empty()) {
        std::error_code ignored;
        std::filesystem::remove(options.resume_file, ignored);
    }
}

namespace {

std::optional<storage::resume_record> read_record(const upload_job& job) {
    if (job.options.resume_file.empty()) {
        return std::nullopt;
    }
    constexpr std::size_t most = 4U << 20U; // 10,000 parts have 1 MB
    std::ifstream in(job.options.resume_file, std::ios::binary);
    std::string text(most, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    auto read = storage::parse_resume_record(text);
    const bool fits =
        read && storage::continues(*read, job.bucket(), job.made.key, job.made.md5, job.made.size, seconds_now());
    return fits ? std::move(read) : std::nullopt;
}

std::string authorization(const upload_grant& grant) {
    return "authorization: UpToken " + std::string(grant.token.reveal()) + "\r\n";
}

asio::awaitable<std::optional<failure>> begin_session(upload_job* job, http_transfer* over) {
    const storage_request make = [job](const std::string& host, const upload_grant& grant) {
        transfer_request request;
        request.host = host;
        request.head = storage_head(*job, "POST", storage::parts_path(grant.policy.bucket, job->made.key), host,
                                    authorization(grant), 0);
        return request;
    };
    storage_outcome outcome;
    co_await call_storage(job, over, &make, true, &outcome);
    const auto session = outcome.response.ec || outcome.decision.step != storage::storage_step::done
                             ? std::nullopt
                             : storage::parse_parts_session(outcome.response.body);
    if (!session) {
        co_return failure_of(outcome);
    }
    storage::resume_record record;
    record.bucket = job->bucket();
    record.key = job->made.key;
    record.md5 = job->made.md5;
    record.size = job->made.size;
    record.part_size = storage::plan_parts(job->made.size, job->options.part_size).part_size;
    record.host = job->host();
    record.upload_id = session->upload_id;
    record.expires = session->expires;
    job->begin_parts(std::move(record));
    co_return std::nullopt;
}

// The path of the upload and of its parts.
std::string session_path(const upload_job& job) {
    return storage::parts_path(job.record.bucket, job.record.key) + "/" + job.record.upload_id;
}

// The hash of a part as the storage makes it; empty: the digest of the content has none of this part.
std::string hash_of_part(const upload_job& job, std::uint64_t number) {
    return job.plan.part_size == storage::qetag_block_size ? storage::qetag_of_block(job.blocks, number - 1)
                                                           : std::string();
}

// Whether the storage has received the part as it is in the file. The usual parts are known by their hash from the
// reading for the key; others are read again.
asio::awaitable<bool> is_intact(const upload_job* job, const storage::stored_part* part) {
    if (part->md5.empty() || part->etag == hash_of_part(*job, part->number)) {
        co_return true;
    }
    storage::part_digest digest;
    std::vector<char> buffer(transfer_buffer);
    const std::uint64_t length = job->plan.length(part->number);
    for (std::uint64_t at = 0; at < length;) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), length - at));
        job->file->read(job->plan.offset(part->number) + at, std::span(buffer).first(size));
        digest.update({buffer.data(), size});
        at += size;
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    co_return part->md5 == digest.finish();
}

asio::awaitable<std::optional<failure>> send_part(upload_job* job, http_transfer* over, std::uint64_t number) {
    std::int64_t sent = 0;
    for (unsigned attempt = 1;; ++attempt) {
        const storage_request make = [job, &sent, number](const std::string& host, const upload_grant& grant) {
            job->add_progress(-std::exchange(sent, 0)); // a repetition
            transfer_request request;
            request.host = host;
            request.file = job->file;
            request.offset = job->plan.offset(number);
            request.length = job->plan.length(number);
            request.head =
                storage_head(*job, "PUT", session_path(*job) + "/" + std::to_string(number), host,
                             authorization(grant) + "content-type: application/octet-stream\r\n", request.length);
            request.on_sent = [job, &sent](std::size_t bytes) {
                sent += static_cast<std::int64_t>(bytes);
                job->add_progress(static_cast<std::int64_t>(bytes));
            };
            return request;
        };
        storage_outcome outcome;
        co_await call_storage(job, over, &make, true, &outcome);
        const bool done = !outcome.response.ec && outcome.decision.step == storage::storage_step::done;
        auto part = done ? storage::parse_stored_part(outcome.response.body, number) : std::nullopt;
        if (part && co_await is_intact(job, &*part)) {
            job->part_done(std::move(*part));
            co_return std::nullopt;
        }
        if (!part || attempt >= job->options.max_attempts) {
            if (!outcome.response.ec && outcome.decision.step == storage::storage_step::restart_parts) {
                job->unknown_session = true;
            }
            failure failed = failure_of(outcome);
            failed.detail = part ? "the storage received other bytes" : failed.detail;
            co_return failed;
        }
    }
}

coroutine<acknowledged> send_parts(std::shared_ptr<upload_job> job) {
    http_transfer over(client_access::core(job->through), job->rate, job->options.step_timeout);
    while (const std::optional<std::uint64_t> number = job->take_part()) {
        std::optional<failure> failed = co_await send_part(job.get(), &over, *number);
        if (failed) {
            job->failed = true;
            co_return std::move(*failed);
        }
    }
    co_return acknowledged();
}

asio::awaitable<std::optional<failure>> finish_session(upload_job* job, http_transfer* over) {
    const std::string body = storage::finish_body(job->parts_done(), job->made.content_type);
    const storage_request make = [job, &body](const std::string& host, const upload_grant& grant) {
        transfer_request request;
        request.host = host;
        request.head = storage_head(*job, "POST", session_path(*job), host,
                                    authorization(grant) + "content-type: application/json\r\n", body.size());
        request.before = body;
        return request;
    };
    storage_outcome outcome;
    co_await call_storage(job, over, &make, true, &outcome);
    if (!outcome.response.ec && outcome.decision.step == storage::storage_step::restart_parts) {
        job->unknown_session = true;
    }
    co_return take_stored(*job, outcome);
}

} // namespace

/// Several coroutines that send parts, each on a strand of its own; completes when all have ended. The first failure
/// ends the others.
class part_senders : public std::enable_shared_from_this<part_senders> {
public:
    part_senders(std::shared_ptr<upload_job> job, std::size_t count,
                 guarded_handler<error_code, acknowledged>::handler done)
        : job_(std::move(job)), strand_(transport::make_strand(job_->through.get_executor())), left_(count),
          done_(job_->through.get_executor(), std::move(done)), cancelled_(count) {}

    void start() {
        if (auto slot = done_.cancellation_slot(); slot.is_connected()) {
            slot.assign([weak = weak_from_this()](asio::cancellation_type type) {
                if (const auto self = weak.lock()) {
                    asio::post(self->strand_, [self, type] { self->cancel(type); });
                }
            });
        }
        asio::post(strand_, [self = shared_from_this()] { self->spawn(); });
    }

private:
    void spawn() {
        for (asio::cancellation_signal& each : cancelled_) {
            auto ended = [self = shared_from_this()](error_code ec, acknowledged info) {
                self->on_end(ec, std::move(info));
            };
            coroutine_operation<acknowledged>::spawn(job_->through.get_executor(), send_parts(job_),
                                                     coroutine_handler<acknowledged>(asio::bind_cancellation_slot(
                                                         each.slot(), asio::bind_executor(strand_, std::move(ended)))));
        }
    }
    void cancel(asio::cancellation_type type) {
        for (asio::cancellation_signal& each : cancelled_) {
            each.emit(type);
        }
    }
    void on_end(error_code ec, acknowledged info) {
        if (ec && !first_) {
            first_.emplace(ec, std::move(info));
            cancel(asio::cancellation_type::terminal);
        }
        if (--left_ == 0) {
            first_ ? done_.post(first_->code, acknowledged_with(*first_)) : done_.post({}, acknowledged());
        }
    }
    static acknowledged acknowledged_with(const call_info& details) {
        acknowledged made;
        static_cast<call_info&>(made) = details;
        return made;
    }

    std::shared_ptr<upload_job> job_;
    asio::any_io_executor strand_;
    std::size_t left_;
    guarded_handler<error_code, acknowledged> done_;
    std::list<asio::cancellation_signal> cancelled_; ///< they can't be moved
    std::optional<failure> first_;
};

class start_part_senders {
public:
    template <class Handler> void operator()(Handler&& handler, std::shared_ptr<upload_job> job) const {
        const std::size_t count = std::min<std::size_t>(job->options.parallel_parts, job->plan.count());
        guarded_handler<error_code, acknowledged>::handler done(std::forward<Handler>(handler));
        std::make_shared<part_senders>(std::move(job), count, std::move(done))->start();
    }
};

coroutine<acknowledged> upload_in_parts(std::shared_ptr<upload_job> job) {
    http_transfer over(client_access::core(job->through), job->rate, job->options.step_timeout);
    for (unsigned round = 0;; ++round) {
        const bool again = round == 0; // a session that the storage has forgotten is begun anew, once
        std::optional<storage::resume_record> kept = again ? read_record(*job) : std::nullopt;
        if (kept) {
            const std::string host = kept->host;
            static_cast<void>(job->use_host(host));
            job->begin_parts(std::move(*kept));
        } else if (std::optional<failure> failed = co_await begin_session(job.get(), &over)) {
            co_return std::move(*failed);
        }
        error_code ec;
        asio::redirect_error_t<asio::use_awaitable_t<>> token(asio::use_awaitable, ec);
        acknowledged info =
            co_await asio::async_initiate<asio::redirect_error_t<asio::use_awaitable_t<>>,
                                          void(error_code, acknowledged)>(start_part_senders(), token, job);
        std::optional<failure> failed;
        if (ec) {
            failed.emplace(ec, std::move(info));
        } else {
            failed = co_await finish_session(job.get(), &over);
        }
        if (!failed) {
            job->drop_record();
            co_return acknowledged();
        }
        if (!job->unknown_session || !again) {
            co_return std::move(*failed);
        }
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
