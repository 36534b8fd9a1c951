// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_target.hpp"

#include <vector>

namespace bench {
namespace {

// The phases of a call that the library reports.
template <class Info> void add_times(outcome& o, const Info& info) {
    if constexpr (requires { info.times.first_byte; }) {
        if (info.attempts == 0) {
            return;
        }
        o.queue = info.times.queued;
        o.reused = info.times.connect.count() == 0;
        if (!o.reused) {
            o.dial = info.times.connect;
            o.tls = info.times.tls;
        }
        if (info.times.first_byte.count() > 0) {
            o.first_byte = info.times.first_byte;
        }
    }
}

template <class T> outcome outcome_of(const yunhu::result<T>& r) {
    outcome o;
    const yunhu::call_info& info = r ? static_cast<const yunhu::call_info&>(*r) : r.error();
    o.error = r ? std::string_view() : yunhu::name(r.error().code);
    o.attempts = info.attempts;
    add_times(o, info);
    return o;
}

// A handler for all result types.
class report {
public:
    explicit report(std::function<void(const outcome&)> done) : done_(std::move(done)) {}
    template <class T> void operator()(const yunhu::result<T>& r) const { done_(outcome_of(r)); }

private:
    std::function<void(const outcome&)> done_;
};

template <class T> const T& one_of(const std::vector<T>& all, std::uint64_t choice) {
    return all[static_cast<std::size_t>(choice % all.size())];
}

} // namespace

void client_target::start(const planned_call& call, std::function<void(const outcome&)> done) {
    const auto then = yunhu::as_result(report(std::move(done)));
    const std::uint64_t n = call.choice;
    switch (call.what) {
    case endpoint::send_message:
        client_.send_message({chat_, yunhu::text(text_)}, options_, then);
        break;
    case endpoint::edit_message:
        client_.edit_message({chat_, one_of(fixtures_.texts, n), yunhu::text(text_)}, options_, then);
        break;
    case endpoint::list_message_by_seq:
        client_.list_message_by_seq({chat_, 0}, options_, then);
        break;
    case endpoint::list_message:
        client_.list_message({chat_, page_}, options_, then);
        break;
    case endpoint::list_message_by_mid_seq:
        client_.list_message_by_mid_seq({chat_, one_of(fixtures_.texts, n), page_}, options_, then);
        break;
    case endpoint::list_message_edit_record:
        client_.list_message_edit_record({one_of(fixtures_.texts, n), page_, 1}, options_, then);
        break;
    case endpoint::button_report:
        client_.button_report({chat_, one_of(fixtures_.texts, n), "1", "bench"}, options_, then);
        break;
    case endpoint::recall_msg:
        client_.recall_msg({chat_, one_of(fixtures_.to_recall, n)}, options_, then);
        break;
    case endpoint::recall_msg_batch:
        client_.recall_msg_batch({chat_, {one_of(fixtures_.to_recall, n), one_of(fixtures_.to_recall, n + 1)}},
                                 options_, then);
        break;
    case endpoint::file_download_record:
        client_.file_download_record({one_of(fixtures_.files, n), "/tmp/bench.bin"}, options_, then);
        break;
    case endpoint::msg_forward:
        client_.msg_forward({chat_.type, one_of(fixtures_.texts, n), chat_}, options_, then);
        break;
    case endpoint::pic_list_message_by_mid_seq:
        client_.pic_list_message_by_mid_seq({chat_, one_of(fixtures_.pictures, n), page_, page_}, options_, then);
        break;
    case endpoint::delete_msg:
        client_.delete_msg({chat_, one_of(fixtures_.to_delete, n)}, options_, then);
        break;
    }
}

} // namespace bench
