// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

// Reads and writes the wire by reflection over msg.proto, independently of the codec.
namespace yunhu::test {

/// Path of a field ("msg[0].content->text") -> its value as text.
using leaves = std::map<std::string, std::string>;

class schema {
public:
    /// All messages of `proto/yunhu/msg.proto`.
    static schema& of_the_api();

    [[nodiscard]] const google::protobuf::Descriptor& describe(const std::string& message) const;
    [[nodiscard]] std::unique_ptr<google::protobuf::Message> make(const std::string& message);
    /// Every field set, each to a value of its own, lists to `items` items.
    [[nodiscard]] std::unique_ptr<google::protobuf::Message> filled(const std::string& message, int items);
    /// The values in these bytes; throws if they are not this message or have an unknown field.
    [[nodiscard]] leaves read(const std::string& message, std::string_view bytes);

private:
    schema();

    google::protobuf::DescriptorPool pool_;
    google::protobuf::DynamicMessageFactory factory_;
    const google::protobuf::FileDescriptor* file_;
};

/// Everything that is set in a message.
[[nodiscard]] leaves flatten(const google::protobuf::Message& message);
/// The path of every field that a message can have, lists with one item.
[[nodiscard]] std::set<std::string> paths(const google::protobuf::Descriptor& message);
[[nodiscard]] std::set<std::string> paths(const leaves& values);

} // namespace yunhu::test
