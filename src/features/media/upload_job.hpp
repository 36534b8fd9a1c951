// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/media/content_file.hpp"
#include "features/media/http_transfer.hpp"
#include "features/media/storage_session.hpp"
#include "media/digest.hpp"
#include "media/resume_record.hpp"
#include "media/storage_reply.hpp"
#include "media/upload_body.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/upload.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// One upload. What its connections share is thread-safe; the rest is set before they start.
class upload_job {
public:
    upload_job(client from, upload_options with) : through(std::move(from)), options(std::move(with)) {}

    client through;
    upload_options options;
    std::shared_ptr<const content_file> file;
    std::shared_ptr<transfer_rate> rate;
    uploaded_file made; ///< what is known so far
    std::string blocks; ///< of the content's digest

    [[nodiscard]] upload_grant grant() const;
    void set_grant(upload_grant with);
    [[nodiscard]] std::string bucket() const { return grant().policy.bucket; }

    void set_hosts(std::vector<std::string> known);
    [[nodiscard]] std::string host() const;
    /// That host failed: the next one, if no other connection has moved on already.
    void leave_host(const std::string& failed);
    /// The storage asks for that host. False: too often.
    [[nodiscard]] bool use_host(const std::string& host);
    /// False: it was renewed before.
    [[nodiscard]] bool may_renew();

    void add_progress(std::int64_t bytes);

    // Of an upload in parts.
    storage::parts_plan plan;
    storage::resume_record record; ///< guarded
    /// The number of the next part, which the caller sends; none: all are taken, or the upload failed.
    [[nodiscard]] std::optional<std::uint64_t> take_part();
    void part_done(storage::stored_part part);
    void begin_parts(storage::resume_record from);
    [[nodiscard]] std::vector<storage::stored_part> parts_done() const;
    void save_record() const; // the lock must be held
    void drop_record() const noexcept;
    std::atomic<bool> failed{false};
    std::atomic<bool> unknown_session{false}; ///< the storage has forgotten the upload

private:
    std::mutex progress_mutex_; ///< held while the user's function runs
    mutable std::mutex mutex_;
    upload_grant grant_;
    std::vector<std::string> hosts_;
    std::size_t host_ = 0;
    unsigned hops_ = 0;
    bool renewed_ = false;
    std::uint64_t next_part_ = 1;
    std::set<std::uint64_t> finished_;
    std::int64_t progress_ = 0;
};

/// The first option that is not valid.
[[nodiscard]] std::optional<failure> check_upload(const upload_options& options);
/// `errc::invalid_request` of an upload.
[[nodiscard]] failure upload_failure(std::string detail);
/// Kind, key, type and the rest of `job.made`: by the content's digests, its first bytes and its name.
void describe_content(upload_job& job, const storage::content_names& names, std::string_view beginning,
                      const std::string& name);
/// Uploads what is described.
[[nodiscard]] coroutine<uploaded_file> send_content(std::shared_ptr<upload_job> job);

/// A request to the storage at that host, with that token.
using storage_request = std::function<transfer_request(const std::string& host, const upload_grant& grant)>;

/// The end of a request to the storage, after its repetitions.
struct storage_outcome {
    storage_outcome() = default;

    transfer_response response;
    storage::storage_decision decision;
    unsigned attempts = 0;
};

/// Makes a request until it succeeds, is refused, or `max_attempts` have failed.
[[nodiscard]] boost::asio::awaitable<void>
call_storage(upload_job* job, http_transfer* over, const storage_request* make, bool in_parts, storage_outcome* into);
[[nodiscard]] failure failure_of(const storage_outcome& outcome);
/// The header section of a request to the storage.
[[nodiscard]] std::string storage_head(const upload_job& job, std::string_view method, std::string_view target,
                                       const std::string& host, std::string_view fields, std::uint64_t length);
/// What the storage says it has stored goes to `job->made`.
[[nodiscard]] std::optional<failure> take_stored(upload_job& job, const storage_outcome& outcome);

[[nodiscard]] coroutine<acknowledged> upload_in_parts(std::shared_ptr<upload_job> job);

} // namespace detail
YUNHU_NAMESPACE_END
