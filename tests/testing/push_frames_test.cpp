// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The frames of the gateway, byte by byte.

#include "testing/push_frames.hpp"

#include <boost/algorithm/hex.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

constexpr std::uint64_t new_year = 1767225600000; // 2026-01-01T00:00:00Z

std::string hex(const std::string& bytes) {
    std::string text;
    boost::algorithm::hex_lower(bytes, std::back_inserter(text));
    return text;
}

class push_frames_test : public ::testing::Test {
protected:
    /// A message in the group big, or in the private chat of 1234567 and 7654321.
    wire::Message& add(conversation& to, const char* msg_id, std::uint64_t seq) {
        stored_message added;
        added.message.set_msg_id(msg_id);
        added.message.set_msg_seq(seq);
        added.message.set_content_type(1);
        added.message.set_send_time(new_year);
        added.message.mutable_content()->set_text("hi");
        *added.message.mutable_sender() = sender("7654321", "A");
        to.messages.push_back(std::move(added));
        return to.messages.back().message;
    }

    static wire::Sender sender(const char* id, const char* name) {
        wire::Sender made;
        made.set_chat_id(id);
        made.set_chat_type(1);
        made.set_name(name);
        return made;
    }

    std::string frame(change::kind what, const conversation& in) {
        happened.what = what;
        happened.in = &in;
        return hex(frame_of(push_of(happened, receiver), "1"));
    }

    push_frames_test() {
        big.type = chat_type::group;
        big.first = "big";
        two.type = chat_type::user;
        two.first = "1234567";
        two.second = "7654321";
    }

    conversation big;
    conversation two;
    change happened;
    const account receiver{"1234567", "Me"};
};

TEST_F(push_frames_test, without_a_payload) {
    EXPECT_EQ(hex(frame_of(push{"heartbeat_ack", {}, {}}, "1")), "0a120a0131120d6865617274626561745f61636b");
    EXPECT_EQ(hex(frame_of(push{"invite_apply", {}, {}}, "1")), "0a110a0131120c696e766974655f6170706c79");
}

TEST_F(push_frames_test, of_a_message_in_a_group) {
    wire::Tag& tag = *add(big, "m1", 7).mutable_sender()->add_tag();
    tag.set_id(3);
    tag.set_group_id("big");
    tag.set_text("T");
    tag.set_color("#2196F3");
    EXPECT_EQ(
        frame(change::kind::sent, big),
        "0a110a0131120c707573685f6d65737361676512730a25747970652e676f6f676c65617069732e636f6d2f70726f746f2e50757368"
        "4d657373616765124a0a026d3112230a073736353433323110011a01413a13080312036269671a01542207233231393646331a0731"
        "3233343536372203626967280232040a02686938014080d0eab6b7336007");
}

TEST_F(push_frames_test, of_a_private_message_with_a_command) {
    wire::Cmd& cmd = *add(two, "m2", 8).mutable_cmd();
    cmd.set_cmd_id(42);
    cmd.set_name("/go");
    cmd.set_type(1);
    EXPECT_EQ(
        frame(change::kind::sent, two),
        "0a110a0131120c707573685f6d657373616765126d0a25747970652e676f6f676c65617069732e636f6d2f70726f746f2e50757368"
        "4d65737361676512440a026d32120e0a073736353433323110011a01411a0731323334353637220731323334353637280132040a02"
        "686938014080d0eab6b7334a09082a12032f676f20016008");
}

TEST_F(push_frames_test, of_a_recall) {
    constexpr std::uint64_t a_minute = 60'000;
    add(big, "m1", 7).set_msg_delete_time(new_year + a_minute);
    happened.by = sender("1234567", "B");
    EXPECT_EQ(
        frame(change::kind::recalled, big),
        "0a110a0131120c707573685f6d657373616765125f0a25747970652e676f6f676c65617069732e636f6d2f70726f746f2e50757368"
        "4d65737361676512360a026d31120e0a073132333435363710011a01421a07313233343536372203626967280238014080d0eab6b7"
        "3350e0a4eeb6b7336007");
}

TEST_F(push_frames_test, of_an_edit) {
    constexpr std::uint64_t half_a_minute = 30'000;
    wire::Message& edited = add(big, "m1", 7);
    edited.mutable_content()->set_text("ho");
    edited.set_edit_time(new_year + half_a_minute);
    EXPECT_EQ(
        frame(change::kind::edited, big),
        "0a110a0131120c656469745f6d65737361676512480a25747970652e676f6f676c65617069732e636f6d2f70726f746f2e50757368"
        "4d657373616765121f0a026d311a03626967220362696732040a02686f3801600770b0baecb6b733");
}

TEST_F(push_frames_test, of_a_blocked_message) {
    add(big, "m1", 7);
    EXPECT_EQ(
        frame(change::kind::blocked, big),
        "0a140a0131120f626c6f636b65645f6d657373616765123b0a25747970652e676f6f676c65617069732e636f6d2f70726f746f2e50"
        "7573684d65737361676512120a026d311a07313233343536372203626967");
}

TEST_F(push_frames_test, of_a_streamed_text) {
    add(big, "m3", 7);
    happened.text = "abc";
    EXPECT_EQ(
        frame(change::kind::streamed, big),
        "0a130a0131120e73747265616d5f6d657373616765123e0a27747970652e676f6f676c65617069732e636f6d2f70726f746f2e5374"
        "7265616d4d65737361676512130a026d3312036269671a036269672203616263");
}

TEST_F(push_frames_test, of_a_draft_and_a_board) {
    EXPECT_EQ(
        hex(frame_of(push_of_draft("big", "dr"), "1")),
        "0a100a0131120b64726166745f696e707574122f0a22747970652e676f6f676c65617069732e636f6d2f70726f746f2e4d7367496e"
        "70757412090a0362696712026472");
    board shown;
    shown.bot_id = "99";
    shown.content = "<b>x</b>";
    shown.content_type = 3;
    EXPECT_EQ(
        hex(frame_of(push_of(shown, "Bo", group("big"), new_year), "1")),
        "0a160a01311211626f745f626f6172645f6d657373616765124e0a29747970652e676f6f676c65617069732e636f6d2f70726f746f"
        "2e426f74426f6172644d65737361676512210a0239391203626967180222083c623e783c2f623e28033080f2d6ca063a02426f");
}

TEST_F(push_frames_test, nothing_is_pushed_for_an_own_deletion) {
    add(big, "m1", 7);
    happened.what = change::kind::hidden;
    happened.in = &big;
    EXPECT_TRUE(push_of(happened, receiver).cmd.empty());
}

} // namespace
} // namespace testing::detail
YUNHU_NAMESPACE_END
