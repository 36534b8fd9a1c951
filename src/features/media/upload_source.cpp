// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/spool_file.hpp"
#include "features/media/upload_job.hpp"
#include "media/media_type.hpp"

#include <yunhu/upload.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <vector>

// An upload of bytes that are in no file.
YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// The digests are made in step, so that the bytes are read once more only: while they are sent.
asio::awaitable<std::optional<failure>> spool(upload_job* job, const upload_source* what) {
    spool_file kept(job->options.spool_folder);
    storage::content_digest digest;
    std::string beginning;
    std::vector<char> buffer(transfer_buffer);
    for (;;) {
        const std::size_t got = co_await what->read(std::span(buffer));
        if (got == 0) {
            break;
        }
        if (got > buffer.size()) {
            co_return upload_failure("the reader gave more bytes than its buffer has room for");
        }
        const std::string_view bytes(buffer.data(), got);
        beginning += bytes.substr(0, storage::sniffed_bytes - std::min(beginning.size(), storage::sniffed_bytes));
        digest.update(bytes);
        kept.append(bytes);
    }
    job->file = kept.finish();
    describe_content(*job, digest.finish(), beginning, what->file_name);
    co_return std::nullopt;
}

} // namespace

coroutine<uploaded_file> upload_source_result(client from, upload_source what, upload_options options) {
    std::optional<failure> refused = check_upload(options);
    if (!refused && !what.read) {
        refused = upload_failure("the source has no reader");
    }
    if (!refused && !options.resume_file.empty()) {
        refused = upload_failure("resume_file must be empty: the bytes are lost with the process");
    }
    if (refused) {
        co_return std::move(*refused);
    }
    try {
        const auto job = std::make_shared<upload_job>(std::move(from), std::move(options));
        job->rate = std::make_shared<transfer_rate>(job->options.bytes_per_second);
        refused = co_await spool(job.get(), &what);
        if (refused) {
            co_return std::move(*refused);
        }
        co_return co_await send_content(job);
    } catch (const boost::system::system_error& e) {
        failure end = upload_failure("the source can't be read or kept: " + e.code().message());
        if (e.code() == asio::error::operation_aborted) {
            end.code = e.code();
            end.detail.clear();
        } else {
            end.cause = e.code();
        }
        co_return end;
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
