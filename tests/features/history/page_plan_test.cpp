// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/page_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

// Page plans against servers with every treatment of unknown cursors, without a socket.
namespace yunhu::test {
namespace {

using detail::page_request;
using detail::scan_status;

/// The server's treatment of a cursor that it does not know.
enum class unknown_cursor { refuses, lists_nothing, lists_the_newest };

/// A chat on a server; `msg_seq` and id are the same number.
struct fake_server {
    unknown_cursor treatment = unknown_cursor::refuses;
    std::size_t most = 1000;                       ///< messages on a page
    bool includes_cursor = false;                  ///< unlike the API
    std::function<bool(std::uint64_t)> bad_cursor; ///< listed, but not known as a cursor
    std::vector<std::uint64_t> seqs;               ///< ascending
    std::mt19937 random{7};
    std::size_t requests = 0;

    void fill(std::uint64_t count, std::uint64_t first = 1) {
        for (std::uint64_t seq = first; seq < first + count; ++seq) {
            seqs.push_back(seq);
        }
    }
    void erase(std::uint64_t seq) { std::erase(seqs, seq); }
    [[nodiscard]] std::uint64_t newest() const { return seqs.empty() ? 0 : seqs.back(); }

    /// False: refused.
    bool response(const page_request& asked, std::vector<message>& page) {
        ++requests;
        auto end = seqs.end();
        std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(asked.count), most);
        if (asked.type == page_request::kind::around) {
            end = std::upper_bound(seqs.begin(), seqs.end(), asked.seq + 1); // one newer message, if any
            ++count;
        } else if (!asked.id.empty()) {
            const std::uint64_t cursor = std::stoull(asked.id);
            const auto at = std::lower_bound(seqs.begin(), seqs.end(), cursor);
            if (at == seqs.end() || *at != cursor || (bad_cursor && bad_cursor(cursor))) {
                if (treatment == unknown_cursor::refuses) {
                    return false;
                }
                if (treatment == unknown_cursor::lists_nothing) {
                    return true;
                }
            } else {
                end = includes_cursor ? at + 1 : at;
            }
        }
        for (auto at = end; at != seqs.begin() && page.size() < count;) {
            message m;
            m.msg_seq = *--at;
            m.msg_id = std::to_string(m.msg_seq);
            page.push_back(std::move(m));
        }
        std::shuffle(page.begin(), page.end(), random); // the order is unspecified
        if (!page.empty() && random() % 4 == 0) {
            page.push_back(page.front()); // and a message may be listed twice
        }
        return true;
    }
};

/// Delivers all messages; `before_request` is called before every request.
std::vector<std::uint64_t> read_all(fake_server& server, detail::page_plan& plan,
                                    const std::function<void()>& before_request = {}) {
    std::vector<std::uint64_t> delivered;
    for (int i = 0; i < 100000 && !plan.ended(); ++i) {
        if (before_request) {
            before_request();
        }
        std::vector<message> page;
        std::vector<message> out;
        const bool answered = server.response(plan.next_request(), page);
        const scan_status next = answered ? plan.on_page(std::move(page), out) : plan.on_rejected();
        for (const message& m : out) {
            delivered.push_back(m.msg_seq);
        }
        if (next == scan_status::no_progress) {
            ADD_FAILURE() << "stuck";
            break;
        }
    }
    EXPECT_TRUE(plan.ended());
    return delivered;
}

std::vector<std::uint64_t> read_all(fake_server& server, const history_options& options,
                                    const std::function<void()>& before_request = {}) {
    detail::page_plan plan(options);
    return read_all(server, plan, before_request);
}

std::vector<std::uint64_t> down(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t seq = from + 1; seq > to; --seq) {
        all.push_back(seq - 1);
    }
    return all;
}

std::vector<std::uint64_t> up(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> all = down(to, from);
    std::reverse(all.begin(), all.end());
    return all;
}

history_options paged(std::uint64_t page_size, history_order order = history_order::newest_first) {
    history_options options;
    options.page_size = page_size;
    options.order = order;
    return options;
}

constexpr unknown_cursor treatments[] = {unknown_cursor::refuses, unknown_cursor::lists_nothing,
                                         unknown_cursor::lists_the_newest};

TEST(page_plan, every_size_of_chat_and_page_in_both_orders) {
    for (std::uint64_t size = 0; size <= 13; ++size) {
        for (std::uint64_t page = 1; page <= 6; ++page) {
            for (const std::size_t most : {std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
                for (const std::uint64_t first : {1U, 100U}) { // the oldest need not be number 1
                    fake_server server;
                    server.most = most;
                    server.fill(size, first);
                    const std::uint64_t last = first + size - 1;
                    EXPECT_EQ(read_all(server, paged(page)), size == 0 ? up(1, 0) : down(last, first));
                    EXPECT_EQ(read_all(server, paged(page, history_order::oldest_first)),
                              size == 0 ? up(1, 0) : up(first, last));
                }
            }
        }
    }
}

TEST(page_plan, since_any_number) {
    for (std::uint64_t since = 0; since <= 14; ++since) {
        for (std::uint64_t page = 1; page <= 5; ++page) {
            fake_server server;
            server.fill(12);
            server.erase(5);
            history_options options = paged(page);
            options.since = since;
            std::vector<std::uint64_t> expected = down(12, std::min<std::uint64_t>(since, 12) + 1);
            std::erase(expected, 5U);
            EXPECT_EQ(read_all(server, options), expected);
            options.order = history_order::oldest_first;
            std::reverse(expected.begin(), expected.end());
            EXPECT_EQ(read_all(server, options), expected);
        }
    }
}

TEST(page_plan, resumes_at_every_message_even_if_it_was_deleted) {
    for (const unknown_cursor treatment : treatments) {
        for (const history_order order : {history_order::newest_first, history_order::oldest_first}) {
            for (std::uint64_t at = 1; at <= 12; ++at) {
                for (const bool gone : {false, true}) {
                    for (const bool by_number : {false, true}) {
                        fake_server server;
                        server.treatment = treatment;
                        server.fill(12);
                        if (gone) {
                            server.erase(at);
                        }
                        history_options options = paged(3, order);
                        options.cursor = history_cursor(at, by_number ? "" : std::to_string(at));
                        EXPECT_EQ(read_all(server, options), order == history_order::newest_first
                                                                 ? (at == 1 ? down(0, 1) : down(at - 1, 1))
                                                                 : up(at + 1, 12))
                            << at << gone << by_number << static_cast<int>(treatment);
                    }
                }
            }
        }
    }
}

TEST(page_plan, any_message_may_be_deleted_between_two_pages) {
    // Many subsets of the 9 messages, at every request.
    for (const unknown_cursor treatment : treatments) {
        for (std::uint64_t page = 1; page <= 4; ++page) {
            for (std::size_t when = 1; when <= 6; ++when) {
                for (unsigned set = 0; set < 512; set += 11) {
                    fake_server server;
                    server.treatment = treatment;
                    server.fill(9, 4);
                    std::size_t asked = 0;
                    const auto erase = [&] {
                        if (++asked != when) {
                            return;
                        }
                        for (std::uint64_t j = 0; j < 9; ++j) {
                            if ((set >> j & 1U) != 0) {
                                server.erase(j + 4);
                            }
                        }
                    };
                    const auto got = read_all(server, paged(page), erase);
                    EXPECT_TRUE(std::is_sorted(got.rbegin(), got.rend()));
                    EXPECT_EQ(std::adjacent_find(got.begin(), got.end()), got.end());
                    for (const std::uint64_t left : server.seqs) {
                        EXPECT_NE(std::find(got.begin(), got.end(), left), got.end())
                            << left << " of set " << set << " at request " << when;
                    }
                }
            }
        }
    }
}

TEST(page_plan, random_chats_with_arrivals_and_disappearances) {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        fake_server server;
        server.treatment = treatments[random() % 3];
        server.includes_cursor = random() % 4 == 0;
        server.most = random() % 3 == 0 ? 2 + random() % 5 : 1000;
        server.fill(random() % 80, 1 + random() % 3);
        const std::uint64_t newest = server.newest();
        std::uint64_t arrived = newest + 10;
        const history_order order = random() % 2 == 0 ? history_order::newest_first : history_order::oldest_first;
        unsigned left = 40;
        const auto got = read_all(server, paged((server.includes_cursor ? 2 : 1) + random() % 10, order), [&] {
            if (left > 0 && random() % 2 == 0) {
                --left;
                server.seqs.push_back(arrived++);
            }
            if (!server.seqs.empty() && random() % 3 == 0) {
                server.erase(server.seqs[random() % server.seqs.size()]);
            }
        });
        const auto descending = [](std::uint64_t a, std::uint64_t b) { return a > b; };
        EXPECT_TRUE(order == history_order::newest_first ? std::is_sorted(got.begin(), got.end(), descending)
                                                         : std::is_sorted(got.begin(), got.end()));
        EXPECT_EQ(std::adjacent_find(got.begin(), got.end()), got.end()) << "twice";
        for (const std::uint64_t there : server.seqs) {
            if (order == history_order::oldest_first || there <= newest) {
                EXPECT_NE(std::find(got.begin(), got.end(), there), got.end()) << there << " in round " << round;
            }
        }
    }
}

TEST(page_plan, listed_messages_that_are_unknown_as_cursors) {
    for (const unknown_cursor treatment : treatments) {
        for (std::uint64_t page = 1; page <= 4; ++page) {
            for (const std::uint64_t every : {2U, 3U}) {
                fake_server server;
                server.treatment = treatment;
                server.fill(20, 3);
                server.bad_cursor = [every](std::uint64_t seq) { return seq % every == 0; };
                EXPECT_EQ(read_all(server, paged(page)), down(22, 3)) << static_cast<int>(treatment) << page << every;
            }
        }
    }
}

TEST(page_plan, arrivals_after_the_end) {
    fake_server server;
    server.fill(5);
    detail::page_plan plan(paged(2, history_order::oldest_first));
    EXPECT_EQ(read_all(server, plan), up(1, 5));
    plan.rescan();
    EXPECT_EQ(read_all(server, plan), up(1, 0));
    server.fill(4, 6);
    plan.rescan();
    EXPECT_EQ(read_all(server, plan), up(6, 9));
}

TEST(page_plan, a_server_without_progress_ends_the_plan) {
    // It always ignores the cursor.
    fake_server server;
    server.treatment = unknown_cursor::lists_the_newest;
    server.bad_cursor = [](std::uint64_t) { return true; };
    server.fill(20, 3);
    detail::page_plan plan(paged(4));
    scan_status next = scan_status::in_progress;
    std::size_t delivered = 0;
    while (next == scan_status::in_progress) {
        std::vector<message> page;
        std::vector<message> out;
        ASSERT_TRUE(server.response(plan.next_request(), page));
        next = plan.on_page(std::move(page), out);
        delivered += out.size();
        ASSERT_LT(server.requests, 200U);
    }
    // Requests for more messages may have delivered all of them; that is valid as well.
    EXPECT_TRUE(next == scan_status::no_progress || delivered == 20) << delivered;
}

// Two more prove the end: an empty page before the oldest message, and one that still lists it.
TEST(page_plan, costs_one_request_a_page_and_two_when_oldest_first) {
    fake_server server;
    server.fill(1000);
    (void)read_all(server, paged(50));
    EXPECT_EQ(server.requests, 20U + 2U);
    server.requests = 0;
    (void)read_all(server, paged(50, history_order::oldest_first));
    EXPECT_LE(server.requests, 20U + 2U + 20U + 2U);
}

} // namespace
} // namespace yunhu::test
