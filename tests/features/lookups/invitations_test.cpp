// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/answer_plan.hpp"
#include "support.hpp"

#include <yunhu/invitations.hpp>

#include <string>
#include <vector>

namespace yunhu::test {
namespace {

using action = engine::answer_plan::action;

friend_request invitation() {
    friend_request made;
    made.inviter_id = "1";
    made.source_type = 1;
    made.target_type = 2;
    made.target_id = "big";
    return made;
}

TEST(answer_plan, asks_the_likely_endpoint_first) {
    EXPECT_EQ(engine::answer_plan::first_endpoint(invitation()), action::ask_agree_invite);
    friend_request application = invitation();
    application.inviter_id.clear();
    EXPECT_EQ(engine::answer_plan::first_endpoint(application), action::ask_agree_apply);
    friend_request of_a_friend;
    of_a_friend.inviter_id = "1";
    of_a_friend.source_type = of_a_friend.target_type = 1;
    EXPECT_EQ(engine::answer_plan::first_endpoint(of_a_friend), action::ask_agree_apply);
    of_a_friend.group_name = "Big";
    EXPECT_EQ(engine::answer_plan::first_endpoint(of_a_friend), action::ask_agree_invite);
    friend_request of_a_bot;
    of_a_bot.inviter_id = "1";
    of_a_bot.bot_name = "Bo";
    EXPECT_EQ(engine::answer_plan::first_endpoint(of_a_bot), action::ask_agree_invite);
    of_a_bot.bot_name.clear();
    of_a_bot.source_type = 3;
    EXPECT_EQ(engine::answer_plan::first_endpoint(of_a_bot), action::ask_agree_invite);
}

TEST(answer_plan, script) {
    {
        engine::answer_plan plan(invitation());
        EXPECT_EQ(plan.start(), action::ask_agree_invite);
        EXPECT_EQ(plan.on_answer(true), action::read_list);
        EXPECT_EQ(plan.on_list(1), action::succeed);
        EXPECT_EQ(plan.on_list(0), action::fail_open);
        EXPECT_EQ(plan.on_list({}), action::fail_unknown);
    }
    {
        engine::answer_plan plan(invitation());
        EXPECT_EQ(plan.on_answer(false), action::ask_agree_apply);
        EXPECT_EQ(plan.on_answer(true), action::read_list);
        EXPECT_EQ(plan.on_list(2), action::succeed);
    }
    {
        engine::answer_plan plan{friend_request()};
        EXPECT_EQ(plan.start(), action::ask_agree_apply);
        EXPECT_EQ(plan.on_answer(false), action::ask_agree_invite);
        EXPECT_EQ(plan.on_answer(false), action::read_list) << "each endpoint once";
        EXPECT_EQ(plan.on_list(0), action::fail_refused);
        EXPECT_EQ(plan.on_list({}), action::fail_refused);
        EXPECT_EQ(plan.on_list(1), action::succeed) << "it was answered before";
    }
}

class InvitationsTest : public LookupsTest {
protected:
    /// The names of the endpoints that were called since.
    std::vector<std::string> calls() {
        std::vector<std::string> names;
        for (const testing::exchange& each : server_.journal()) {
            names.push_back(each.endpoint);
        }
        return names;
    }

    result<answered_request> answered(request_answer with) {
        friend_request to = ask(ben_, endpoints::request_list, {})->requests.at(0);
        server_.clear_journal();
        std::optional<result<answered_request>> got;
        run(context_, [&]() -> asio::awaitable<void> { got.emplace(co_await answer(ben_, to, with, as_result)); });
        return got.value_or(failure());
    }
};

TEST_F(InvitationsTest, TheLikelyEndpoint) {
    ASSERT_TRUE(ask(ada_, endpoints::invite, {user("2"), "small"}));
    const auto done = answered(request_answer::accept);
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(done->request.result, 1);
    EXPECT_EQ(calls(), (std::vector<std::string>{"agree-invite", "request-list"}));
}

TEST_F(InvitationsTest, TheOtherEndpointIfTheLikelyOneRefuses) {
    server_.add_request("2", invitation(), "agree-apply");
    const auto done = answered(request_answer::refuse);
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(done->request.result, 2);
    EXPECT_EQ(calls(), (std::vector<std::string>{"agree-invite", "agree-apply", "request-list"}));
    EXPECT_EQ(server_.requests_of("2").at(0).result, 2);
}

TEST_F(InvitationsTest, BothRefuse) {
    server_.add_request("2", invitation(), "none");
    const auto done = answered(request_answer::accept);
    expect_refused(done, -1, "该申请不存在");
    EXPECT_EQ(calls(), (std::vector<std::string>{"agree-invite", "agree-apply", "request-list"}));
}

TEST_F(InvitationsTest, AnAnswerThatHasNoEffectIsNoSuccess) {
    server_.add_request("2", invitation());
    testing::fault lie(endpoints::agree_invite);
    lie.status = 200;
    lie.headers = {{"content-type", "application/json"}};
    lie.body = R"({"code":1,"msg":"success"})";
    server_.inject(lie);
    const auto done = answered(request_answer::accept);
    ASSERT_TRUE(done.has_error());
    EXPECT_EQ(done.error().code, errc::refused);
    EXPECT_EQ(done.error().detail, "the answer was accepted, but the request is still open");
}

TEST_F(InvitationsTest, AnotherFailureEndsTheOperation) {
    server_.add_request("2", invitation());
    testing::fault broken(endpoints::agree_invite);
    broken.status = 400;
    server_.inject(broken);
    const auto done = answered(request_answer::accept);
    ASSERT_TRUE(done.has_error());
    EXPECT_EQ(done.error().code, errc::bad_request);
    EXPECT_EQ(calls(), std::vector<std::string>{"agree-invite"});
}

TEST_F(InvitationsTest, AcceptingLetsTheAccountIn) {
    friend_request to_small = invitation();
    to_small.target_id = "small";
    testing::group_profile group;
    group.id = "small";
    group.members = {"1"};
    server_.add_group(group);
    server_.add_request("2", to_small);
    EXPECT_FALSE(server_.is_member("small", "2"));
    ASSERT_TRUE(answered(request_answer::accept));
    EXPECT_TRUE(server_.is_member("small", "2"));
    EXPECT_EQ(ask(ben_, endpoints::request_list, {})->pending, 0U);
}

TEST_F(InvitationsTest, EntriesAreIgnoredAndDeleted) {
    const std::int64_t id = server_.add_request("2", invitation());
    ASSERT_TRUE(ask(ben_, endpoints::ignore_apply, {id}));
    ASSERT_TRUE(ask(ben_, endpoints::delete_request, {id}));
    expect_refused(ask(ben_, endpoints::delete_request, {id}), -1, "该申请不存在");
    EXPECT_TRUE(ask(ben_, endpoints::request_list, {})->requests.empty());
}

} // namespace
} // namespace yunhu::test
