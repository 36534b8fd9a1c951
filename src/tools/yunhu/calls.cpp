// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"

#include "fields.hpp"
#include "to_json.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace cli {
namespace {

using yunhu::as_result;
using yunhu::call_options;
using yunhu::client;
using enum yunhu::retry_class;

// Collects what a request's fields look like as options.
class option_lister {
public:
    explicit option_lister(std::vector<option>& options, std::string prefix = {})
        : options_(options), prefix_(std::move(prefix)) {}

    void operator()(const named& n, const std::string&) { add(n, "TEXT"); }
    void operator()(const named& n, const std::uint64_t&) { add(n, "N"); }
    void operator()(const named& n, const std::int64_t&) { add(n, "N"); }
    void operator()(const named& n, const yunhu::chat_type&) { add(n, words(chat_type_names)); }
    void operator()(const named& n, const yunhu::content_type&) { add(n, words(content_type_names)); }
    void operator()(const named& n, const yunhu::chat&) { add(n, "TYPE:ID"); }
    void operator()(const named& n, const std::vector<std::string>&) { add(n, "TEXT", true); }
    void operator()(const named& n, const std::vector<yunhu::chat>&) { add(n, "TYPE:ID", true); }
    void operator()(const named&, const yunhu::content& c) { each_field(c, *this); }
    void operator()(const named& n, const yunhu::indirect<yunhu::content>& c) { (*this)(n, *c); }
    void operator()(const named& n, const yunhu::indirect<yunhu::media>&) {
        const yunhu::media any;
        each_field(any, option_lister(options_, std::string(n.name) + "_"));
    }

private:
    // `user|group|bot|N`: help and completion both have the words from here.
    template <class Names> static std::string words(const Names& names) {
        std::string all;
        for (const type_name& n : names) {
            all.append(n.first).append("|");
        }
        return all + "N";
    }

    void add(const named& n, std::string type, bool repeated = false) {
        options_.push_back({prefix_ + std::string(n.name), n.other.empty() ? "" : prefix_ + std::string(n.other),
                            n.help, std::move(type), repeated});
    }

    std::vector<option>& options_;
    std::string prefix_;
};

// What stands in for absent fields.
template <class Request> Request blank() {
    Request r;
    if constexpr (requires { r.content_type; }) {
        r.content_type = yunhu::content_type::text;
    } else if constexpr (is<Request, yunhu::list_message_request>) {
        r.msg_count = 20;
    } else if constexpr (is<Request, yunhu::list_message_by_mid_seq_request>) {
        r.msg_seq = -1;
        r.msg_count = 1;
    } else if constexpr (is<Request, yunhu::list_message_edit_record_request>) {
        r.size = 20;
    } else if constexpr (is<Request, yunhu::pic_list_message_by_mid_seq_request>) {
        r.earlier_count = 10;
    }
    return r;
}

template <class Request, class Result>
using starter = asio::awaitable<yunhu::result<Result>> (*)(client&, Request, call_options);

template <class Request, class Result, class Reply>
asio::awaitable<outcome> run(std::string_view name, starter<Request, Result> start, Reply reply, client c,
                             json::object fields, call_options options) {
    std::optional<Request> request;
    try {
        request = read_request(fields, blank<Request>());
    } catch (const bad_field& e) {
        co_return refused(name, e);
    }
    auto response = co_await start(c, std::move(*request), options);
    if (response.has_error()) {
        co_return response.error();
    }
    co_return reply(*response);
}

// A row: how the endpoint is called, and how its result becomes a reply.
template <class Request, class Result, class Info>
call row(std::string_view name, yunhu::retry_class retry, phrase help, std::string_view example,
         starter<Request, Result> start, json::object (*reply)(const Info&)) {
    std::vector<option> options;
    const Request any;
    each_field(any, option_lister(options));
    return {name, help, example, retry, std::move(options), [=](client c, json::object fields, call_options how) {
                return run(name, start, reply, std::move(c), std::move(fields), how);
            }};
}

std::vector<call> make_calls() {
    using namespace yunhu; // NOLINT(google-build-using-namespace): names of thirteen requests
    std::vector<call> rows;
    const auto add = [&](auto&&... columns) { rows.push_back(row(columns...)); };
    add(
        "send-message", non_idempotent, phrase("Send a message"),
        "--chat group:big --text hi --mentioned-id 123 --mentioned-id 456",
        +[](client& c, send_message_request r, call_options o) { return c.send_message(std::move(r), o, as_result); },
        &sent_reply);
    add(
        "edit-message", idempotent, phrase("Replace the content of a message"),
        "--chat group:big --msg-id 5040d27f --content-type markdown --text '**hi**'",
        +[](client& c, edit_message_request r, call_options o) { return c.edit_message(std::move(r), o, as_result); },
        &status_reply);
    add(
        "list-message-by-seq", safe, phrase("List what is new since a sequence number"),
        "--chat group:big --msg-start 1234",
        +[](client& c, list_message_by_seq_request r, call_options o) {
            return c.list_message_by_seq(std::move(r), o, as_result);
        },
        &page_reply);
    add(
        "list-message", safe, phrase("List the messages before one, or the newest"),
        "--chat group:big --msg-count 30 --msg-id 5040d27f",
        +[](client& c, list_message_request r, call_options o) { return c.list_message(std::move(r), o, as_result); },
        &page_reply);
    add(
        "list-message-by-mid-seq", safe, phrase("List messages around one, or look one up by its id"),
        "--chat group:big --msg-seq -1 --msg-id 5040d27f --msg-count 1",
        +[](client& c, list_message_by_mid_seq_request r, call_options o) {
            return c.list_message_by_mid_seq(std::move(r), o, as_result);
        },
        &page_reply);
    add(
        "list-message-edit-record", safe, phrase("List the earlier versions of a message"),
        "--msg-id 5040d27f --size 10 --page 1",
        +[](client& c, list_message_edit_record_request r, call_options o) {
            return c.list_message_edit_record(std::move(r), o, as_result);
        },
        &edit_records_reply);
    add(
        "button-report", non_idempotent, phrase("Report that a button was pressed"),
        "--chat group:big --msg-id 5040d27f --user-id 123 --button-value yes",
        +[](client& c, button_report_request r, call_options o) { return c.button_report(std::move(r), o, as_result); },
        &status_reply);
    add(
        "recall-msg", idempotent, phrase("Recall a message for everybody"), "--chat group:big --msg-id 5040d27f",
        +[](client& c, recall_msg_request r, call_options o) { return c.recall_msg(std::move(r), o, as_result); },
        &status_reply);
    add(
        "recall-msg-batch", idempotent, phrase("Recall messages of one conversation for everybody"),
        "--chat group:big --msg-id 5040d27f --msg-id e22342a5",
        +[](client& c, recall_msg_batch_request r, call_options o) {
            return c.recall_msg_batch(std::move(r), o, as_result);
        },
        &status_reply);
    add(
        "file-download-record", non_idempotent, phrase("Record that a file was downloaded"),
        "--msg-id 5040d27f --download-path /home/me/a.txt",
        +[](client& c, file_download_record_request r, call_options o) {
            return c.file_download_record(std::move(r), o, as_result);
        },
        &json_status_reply);
    add(
        "msg-forward", non_idempotent, phrase("Forward a message"),
        "--msg-id 5040d27f --chat-type group --receive user:123 --receive group:small",
        +[](client& c, msg_forward_request r, call_options o) { return c.msg_forward(std::move(r), o, as_result); },
        &json_status_reply);
    add(
        "pic-list-message-by-mid-seq", safe, phrase("List the picture messages around one"),
        "--chat group:big --image-id 110617 --earlier-count 10",
        +[](client& c, pic_list_message_by_mid_seq_request r, call_options o) {
            return c.pic_list_message_by_mid_seq(std::move(r), o, as_result);
        },
        &page_reply);
    add(
        "delete", idempotent, phrase("Remove a message from one's own view"), "--chat group:big --msg-id 5040d27f",
        +[](client& c, delete_msg_request r, call_options o) { return c.delete_msg(std::move(r), o, as_result); },
        &json_status_reply);
    return rows;
}

} // namespace

const std::vector<call>& calls() {
    static const std::vector<call> rows = make_calls();
    return rows;
}

const call* find_call(std::string_view name) {
    const auto found = std::ranges::find(calls(), name, &call::name);
    return found == calls().end() ? nullptr : &*found;
}

yunhu::failure refused(std::string_view endpoint, const bad_field& why) {
    yunhu::call_info info;
    info.endpoint = endpoint;
    info.detail = why.what();
    return {make_error_code(yunhu::errc::invalid_request), std::move(info)};
}

} // namespace cli
