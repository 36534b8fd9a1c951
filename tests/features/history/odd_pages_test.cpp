// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/page_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// Page plans against servers that list odd records, or pages that prove nothing, without a socket.
namespace yunhu::test {
namespace {

using detail::page_request;
using detail::scan_status;

struct record {
    std::string id;
    std::uint64_t seq = 0;
    bool readable = true;
};

/// Lists the records in its own order. `misbehave` may replace an answer; it gets the number of the request, from 1.
struct odd_server {
    std::vector<record> records; ///< the oldest first
    std::size_t most = 1000;     ///< records on a page
    bool oldest_first = false;   ///< the order within a page
    std::function<std::optional<std::vector<record>>(std::size_t number, const page_request& asked)> misbehave;
    std::size_t requests = 0;

    void fill(std::uint64_t count, std::uint64_t first = 1) {
        for (std::uint64_t seq = first; seq < first + count; ++seq) {
            records.push_back({"id" + std::to_string(seq), seq, true});
        }
    }

    [[nodiscard]] std::vector<record> newest_before(std::size_t end, std::size_t count) const {
        count = std::min({end, count, most});
        std::vector<record> page(records.begin() + static_cast<std::ptrdiff_t>(end - count),
                                 records.begin() + static_cast<std::ptrdiff_t>(end));
        return page;
    }

    std::vector<record> answer(const page_request& asked) {
        ++requests;
        if (auto other = misbehave ? misbehave(requests, asked) : std::nullopt) {
            return *other;
        }
        const auto at = std::find_if(records.begin(), records.end(), [&](const record& r) {
            return asked.type == page_request::kind::around ? r.seq > asked.seq : r.id == asked.id;
        });
        const auto end = static_cast<std::size_t>(at - records.begin());
        const auto count = static_cast<std::size_t>(asked.count);
        return asked.type == page_request::kind::before && asked.id.empty() ? newest_before(records.size(), count)
                                                                            : newest_before(end, count);
    }
};

struct reading {
    std::vector<std::string> ids;
    scan_status end = scan_status::in_progress;
    skipped_records skipped;
    bool news = false; ///< of the skipped ones
};

reading read_all(odd_server& server, detail::page_plan& plan) {
    reading all;
    for (int i = 0; i < 10'000 && all.end == scan_status::in_progress; ++i) {
        std::vector<message> page;
        std::size_t unreadable = 0;
        for (const record& r : server.answer(plan.next_request())) {
            if (r.readable) {
                message m;
                m.msg_id = r.id;
                m.msg_seq = r.seq;
                page.push_back(std::move(m));
            } else {
                ++unreadable;
            }
        }
        if (!server.oldest_first) {
            std::reverse(page.begin(), page.end());
        }
        std::vector<message> out;
        all.end = plan.on_page(std::move(page), out, unreadable);
        for (const message& m : out) {
            all.ids.push_back(m.msg_id);
        }
    }
    all.skipped = plan.skipped();
    all.news = plan.take_news_of_skipped();
    EXPECT_NE(all.end, scan_status::in_progress) << "it does not end";
    EXPECT_EQ(std::set<std::string>(all.ids.begin(), all.ids.end()).size(), all.ids.size()) << "twice";
    return all;
}

history_options paged(std::uint64_t page_size, history_order order = history_order::newest_first) {
    history_options options;
    options.page_size = page_size;
    options.order = order;
    return options;
}

reading read_all(odd_server& server, std::uint64_t page_size, history_order order = history_order::newest_first) {
    detail::page_plan plan(paged(page_size, order));
    return read_all(server, plan);
}

constexpr history_order both_orders[] = {history_order::newest_first, history_order::oldest_first};

/// The usable records' ids in that order.
std::vector<std::string> expected(const odd_server& server, history_order order) {
    std::vector<std::string> ids;
    for (const record& r : server.records) {
        if (r.readable && r.seq != 0) {
            ids.push_back(r.id);
        }
    }
    if (order == history_order::newest_first) {
        std::reverse(ids.begin(), ids.end());
    }
    return ids;
}

TEST(odd_pages, a_message_without_seq_is_left_out_and_named_at_any_place) {
    for (const history_order order : both_orders) {
        for (const std::size_t place : {0U, 1U, 60U, 79U, 80U, 81U, 130U}) {
            odd_server server;
            server.fill(130);
            server.records.insert(server.records.begin() + static_cast<std::ptrdiff_t>(place), {"odd", 0, true});
            const reading all = read_all(server, 50, order);
            EXPECT_EQ(all.ids, expected(server, order)) << place;
            EXPECT_EQ(all.end, scan_status::complete) << place;
            EXPECT_TRUE(all.news) << place;
            EXPECT_EQ(all.skipped.without_seq, 1U);
            EXPECT_EQ(all.skipped.msg_ids, std::vector<std::string>{"odd"});
        }
    }
}

TEST(odd_pages, an_unreadable_record_is_left_out_and_counted) {
    for (const history_order order : both_orders) {
        for (const std::size_t place : {1U, 60U, 130U}) {
            odd_server server;
            server.fill(130);
            server.records.insert(server.records.begin() + static_cast<std::ptrdiff_t>(place), {"odd", 5, false});
            const reading all = read_all(server, 50, order);
            EXPECT_EQ(all.ids, expected(server, order)) << place;
            EXPECT_EQ(all.end, scan_status::complete);
            EXPECT_TRUE(all.news);
            EXPECT_EQ(all.skipped.unreadable, 1U) << place;
        }
    }
}

TEST(odd_pages, pages_of_nothing_else_are_skipped) {
    for (const bool readable : {true, false}) {
        for (const history_order order : both_orders) {
            odd_server server;
            server.fill(20);
            for (int i = 0; i < 30; ++i) {
                server.records.push_back({"odd" + std::to_string(i), 0, readable});
            }
            server.fill(20, 21);
            const reading all = read_all(server, 7, order);
            EXPECT_EQ(all.ids, expected(server, order));
            EXPECT_EQ(all.end, scan_status::complete);
            EXPECT_EQ(all.skipped.without_seq, readable ? 30U : 0U);
            EXPECT_GE(all.skipped.unreadable, readable ? 0U : 30U);
        }
    }
}

TEST(odd_pages, a_page_of_odd_records_that_does_not_grow_is_no_end) {
    odd_server server;
    server.fill(20);
    for (int i = 0; i < 30; ++i) {
        server.records.push_back({"odd" + std::to_string(i), 0, true});
    }
    server.fill(20, 21);
    server.most = 7;
    const reading all = read_all(server, 7);
    EXPECT_EQ(all.ids.size(), 20U);
    EXPECT_EQ(all.end, scan_status::no_progress);
}

TEST(odd_pages, a_poll_reports_an_odd_record_once) {
    odd_server server;
    server.fill(10);
    server.records.push_back({"odd", 0, true});
    server.records.push_back({"unreadable", 0, false});
    detail::page_plan plan(paged(50, history_order::oldest_first));
    EXPECT_TRUE(read_all(server, plan).news);
    for (int i = 0; i < 3; ++i) {
        plan.rescan();
        const reading again = read_all(server, plan);
        EXPECT_TRUE(again.ids.empty());
        EXPECT_FALSE(again.news);
    }
    server.records.push_back({"another", 0, true});
    plan.rescan();
    EXPECT_TRUE(read_all(server, plan).news);
    EXPECT_EQ(plan.skipped().without_seq, 2U);
    EXPECT_EQ(plan.skipped().unreadable, 1U);
}

TEST(odd_pages, a_message_with_an_endless_id_is_left_out) {
    odd_server server;
    server.fill(10);
    server.records.push_back({std::string(100'000, 'x'), 11, true});
    const reading all = read_all(server, 50);
    EXPECT_EQ(all.ids.size(), 10U);
    EXPECT_EQ(all.skipped.without_seq, 1U);
    EXPECT_TRUE(all.skipped.msg_ids.empty()) << "it is not kept";
}

TEST(odd_pages, a_repeated_page_is_no_end) {
    for (const history_order order : both_orders) {
        for (const std::size_t first : {1U, 2U, 3U}) { // from this request on
            for (const std::uint64_t page_size : {10U, 20U, 50U}) {
                odd_server server;
                server.fill(130, 1000);
                server.most = 20;
                std::vector<record> repeated;
                server.misbehave = [&](std::size_t number, const page_request& asked) {
                    if (number < first) {
                        return std::optional<std::vector<record>>();
                    }
                    if (repeated.empty()) {
                        odd_server honest = server;
                        honest.misbehave = nullptr;
                        repeated = honest.answer(asked);
                    }
                    return std::optional(repeated);
                };
                const reading all = read_all(server, page_size, order);
                EXPECT_EQ(all.end, scan_status::no_progress) << first << ' ' << page_size;
                EXPECT_LT(server.requests, 200U);
            }
        }
    }
}

TEST(odd_pages, a_server_that_lists_nothing_before_any_message_proves_no_end) {
    for (const history_order order : both_orders) {
        odd_server server;
        server.fill(130, 1000);
        server.misbehave = [](std::size_t /*number*/, const page_request& asked) {
            return asked.type == page_request::kind::before && !asked.id.empty() ? std::optional(std::vector<record>())
                                                                                 : std::nullopt;
        };
        const reading all = read_all(server, 50, order);
        EXPECT_EQ(all.end, scan_status::no_progress);
    }
}

TEST(odd_pages, a_server_that_always_lists_the_newest_proves_no_end) {
    odd_server server;
    server.fill(130, 1000);
    server.most = 50;
    server.misbehave = [&server](std::size_t /*number*/, const page_request& asked) {
        return std::optional(server.newest_before(server.records.size(), static_cast<std::size_t>(asked.count)));
    };
    const reading all = read_all(server, 50);
    EXPECT_EQ(all.end, scan_status::no_progress);
    EXPECT_EQ(all.ids.size(), 50U);
}

TEST(odd_pages, numbers_need_not_be_unique) {
    for (const history_order order : both_orders) {
        for (const bool oldest_first : {false, true}) {
            for (std::uint64_t page = 1; page <= 6; ++page) {
                for (const std::uint64_t same : {1U, 2U, 3U, 5U, 20U}) { // messages with one number
                    odd_server server;
                    server.oldest_first = oldest_first;
                    for (std::uint64_t i = 0; i < 20; ++i) {
                        server.records.push_back({"id" + std::to_string(i), 1 + i / same, true});
                    }
                    const reading all = read_all(server, page, order);
                    EXPECT_EQ(all.end, scan_status::complete);
                    if (!oldest_first) {
                        EXPECT_EQ(all.ids, expected(server, order)) << page << ' ' << same;
                    } else { // when all on a page have one number, its order is not known
                        EXPECT_EQ(all.ids.size(), 20U) << page << ' ' << same;
                    }
                }
            }
        }
    }
}

TEST(odd_pages, resumes_between_messages_of_the_same_number) {
    for (const history_order order : both_orders) {
        for (std::uint64_t page = 1; page <= 6; ++page) {
            odd_server server;
            for (std::uint64_t i = 0; i < 12; ++i) {
                server.records.push_back({"id" + std::to_string(i), 1 + i / 3, true});
            }
            const std::vector<std::string> whole = expected(server, order);
            for (std::size_t at = 0; at < whole.size(); ++at) {
                history_options options = paged(page, order);
                const auto found = std::find_if(server.records.begin(), server.records.end(),
                                                [&](const record& r) { return r.id == whole[at]; });
                options.cursor = history_cursor(found->seq, found->id);
                detail::page_plan plan(options);
                const reading rest = read_all(server, plan);
                EXPECT_EQ(rest.ids,
                          std::vector<std::string>(whole.begin() + static_cast<std::ptrdiff_t>(at) + 1, whole.end()))
                    << page << ' ' << at;
            }
        }
    }
}

TEST(odd_pages, a_later_message_with_the_number_of_the_last_one) {
    odd_server server;
    server.fill(5);
    detail::page_plan plan(paged(3, history_order::oldest_first));
    EXPECT_EQ(read_all(server, plan).ids.size(), 5U);
    for (const std::string id : {"x", "y"}) {
        server.records.push_back({id, 5, true});
        plan.rescan();
        EXPECT_EQ(read_all(server, plan).ids, std::vector<std::string>{id});
    }
    plan.rescan();
    EXPECT_TRUE(read_all(server, plan).ids.empty());
}

TEST(odd_pages, since_a_number_that_two_messages_above_share) {
    odd_server server;
    server.records = {{"a", 3, true}, {"b", 4, true}, {"c", 4, true}, {"d", 5, true}};
    for (const history_order order : both_orders) {
        history_options options = paged(2, order);
        options.since = 3;
        detail::page_plan plan(options);
        const reading all = read_all(server, plan);
        EXPECT_EQ(all.ids.size(), 3U) << "c and d, then b";
        EXPECT_EQ(all.end, scan_status::complete);
    }
}

// The index of a hostile chat without an end must not grow for ever.
TEST(odd_pages, an_endless_chat_has_a_bounded_index) {
    constexpr std::uint64_t pages = 150'000;
    std::uint64_t next = std::uint64_t{1} << 60U;
    detail::page_plan plan(paged(1, history_order::oldest_first));
    std::size_t delivered = 0;
    for (std::uint64_t i = 0; i < pages; ++i) {
        message m;
        m.msg_seq = --next;
        m.msg_id = std::to_string(next);
        std::vector<message> out;
        ASSERT_EQ(plan.on_page({m}, out), scan_status::in_progress);
        delivered += out.size();
    }
    EXPECT_EQ(delivered, 0U);
    EXPECT_LT(plan.indexed(), 70'000U);
}

} // namespace
} // namespace yunhu::test
