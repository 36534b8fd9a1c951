// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/message_shape.hpp"
#include "schema.hpp"

#include <google/protobuf/descriptor.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

// The shapes by which messages are measured on the wire, against msg.proto: a forgotten field would not be counted.
namespace yunhu::test {
namespace {

using kind = codec::shape_part::kind;

kind kind_of(const google::protobuf::FieldDescriptor& field) {
    if (field.message_type() != nullptr) {
        return kind::message;
    }
    if (field.type() != google::protobuf::FieldDescriptor::TYPE_BYTES) {
        return kind::number;
    }
    return field.is_repeated() ? kind::texts : kind::text;
}

void expect_equal(const codec::message_shape& shape, const google::protobuf::Descriptor& type) {
    int known = 0;
    for (std::uint32_t number = 1; number <= codec::message_shape::max_number; ++number) {
        known += shape.part(number).what == kind::unknown ? 0 : 1;
    }
    EXPECT_EQ(known, type.field_count()) << type.name();
    for (int i = 0; i < type.field_count(); ++i) {
        const google::protobuf::FieldDescriptor& field = *type.field(i);
        const codec::shape_part& part = shape.part(static_cast<std::uint32_t>(field.number()));
        EXPECT_EQ(part.what, kind_of(field)) << field.full_name();
        if (part.inner != nullptr) {
            EXPECT_EQ(part.inner->listed, field.is_repeated()) << field.full_name();
            expect_equal(*part.inner, *field.message_type());
        }
    }
}

TEST(message_shape, has_every_field_of_a_listed_message) {
    expect_equal(codec::listed_message_shape, schema::of_the_api().describe("Message"));
}

TEST(message_shape, has_no_other_numbers) {
    EXPECT_EQ(codec::content_shape.part(0).what, kind::unknown);
    EXPECT_EQ(codec::content_shape.part(codec::message_shape::max_number + 1).what, kind::unknown);
    EXPECT_EQ(codec::content_shape.part(UINT32_MAX).what, kind::unknown);
}

} // namespace
} // namespace yunhu::test
