// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "schema.hpp"

#include <google/protobuf/descriptor.pb.h>

#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace yunhu::test {

namespace pb = google::protobuf;

namespace {

// A field's value, of the item `index` of a list or of a single field (-1).
std::string value_of(const pb::Message& from, const pb::FieldDescriptor& field, int index) {
    const pb::Reflection& reflect = *from.GetReflection();
    const auto get = [&](auto single, auto item) {
        return index < 0 ? (reflect.*single)(from, &field) : (reflect.*item)(from, &field, index);
    };
    switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
        return get(&pb::Reflection::GetString, &pb::Reflection::GetRepeatedString);
    case pb::FieldDescriptor::CPPTYPE_UINT64:
        return std::to_string(get(&pb::Reflection::GetUInt64, &pb::Reflection::GetRepeatedUInt64));
    case pb::FieldDescriptor::CPPTYPE_INT64:
        return std::to_string(get(&pb::Reflection::GetInt64, &pb::Reflection::GetRepeatedInt64));
    case pb::FieldDescriptor::CPPTYPE_INT32:
        return std::to_string(get(&pb::Reflection::GetInt32, &pb::Reflection::GetRepeatedInt32));
    case pb::FieldDescriptor::CPPTYPE_BOOL:
        return get(&pb::Reflection::GetBool, &pb::Reflection::GetRepeatedBool) ? "true" : "false";
    default:
        throw std::logic_error("a type of field that the tests do not know: " + field.full_name());
    }
}

void flatten(const pb::Message& from, const std::string& prefix, leaves& into) {
    const pb::Reflection& reflect = *from.GetReflection();
    if (!reflect.GetUnknownFields(from).empty()) {
        throw std::runtime_error("unknown fields in " + prefix);
    }
    std::vector<const pb::FieldDescriptor*> fields;
    reflect.ListFields(from, &fields);
    for (const pb::FieldDescriptor* field : fields) {
        const bool list = field->is_repeated();
        const int items = list ? reflect.FieldSize(from, field) : 1;
        for (int i = 0; i < items; ++i) {
            const std::string path = prefix + field->name() + (list ? '[' + std::to_string(i) + ']' : "");
            if (field->message_type() == nullptr) {
                into[path] = value_of(from, *field, list ? i : -1);
            } else {
                const pb::Message& inner =
                    list ? reflect.GetRepeatedMessage(from, field, i) : reflect.GetMessage(from, field);
                into[path];
                flatten(inner, path + '.', into);
            }
        }
    }
}

void fill(pb::Message& to, const std::string& prefix, int items, std::uint64_t& next) {
    const pb::Reflection& reflect = *to.GetReflection();
    const pb::Descriptor& type = *to.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
        const pb::FieldDescriptor* const field = type.field(i);
        const bool list = field->is_repeated();
        for (int item = 0; item < (list ? items : 1); ++item) {
            const std::string path = prefix + field->name() + (list ? '[' + std::to_string(item) + ']' : "");
            ++next;
            switch (field->cpp_type()) {
            case pb::FieldDescriptor::CPPTYPE_STRING:
                list ? reflect.AddString(&to, field, path) : reflect.SetString(&to, field, path);
                break;
            case pb::FieldDescriptor::CPPTYPE_UINT64:
                reflect.SetUInt64(&to, field, next);
                break;
            case pb::FieldDescriptor::CPPTYPE_INT64:
                reflect.SetInt64(&to, field, static_cast<std::int64_t>(next));
                break;
            case pb::FieldDescriptor::CPPTYPE_INT32:
                reflect.SetInt32(&to, field, 1);
                break;
            case pb::FieldDescriptor::CPPTYPE_BOOL:
                reflect.SetBool(&to, field, true);
                break;
            case pb::FieldDescriptor::CPPTYPE_MESSAGE:
                fill(*(list ? reflect.AddMessage(&to, field) : reflect.MutableMessage(&to, field)), path + '.', items,
                     next);
                break;
            default:
                throw std::logic_error("a type of field that the tests do not know: " + field->full_name());
            }
        }
    }
}

void paths(const pb::Descriptor& type, const std::string& prefix, std::set<std::string>& into) {
    for (int i = 0; i < type.field_count(); ++i) {
        const pb::FieldDescriptor& field = *type.field(i);
        const std::string path = prefix + field.name() + (field.is_repeated() ? "[0]" : "");
        into.insert(path);
        if (field.message_type() != nullptr) {
            paths(*field.message_type(), path + '.', into);
        }
    }
}

} // namespace

schema::schema() {
    std::ifstream in(YUNHU_PROTO_DESCRIPTORS, std::ios::binary);
    pb::FileDescriptorSet files;
    if (!files.ParseFromIstream(&in) || files.file_size() != 1) {
        throw std::runtime_error("the descriptors of msg.proto can't be read");
    }
    file_ = pool_.BuildFile(files.file(0));
    if (file_ == nullptr) {
        throw std::runtime_error("the descriptors of msg.proto are no proto file");
    }
}

schema& schema::of_the_api() {
    static schema instance;
    return instance;
}

const pb::Descriptor& schema::describe(const std::string& message) const {
    const pb::Descriptor* const found = file_->FindMessageTypeByName(message);
    if (found == nullptr) {
        throw std::runtime_error("no message " + message);
    }
    return *found;
}

std::unique_ptr<pb::Message> schema::make(const std::string& message) {
    return std::unique_ptr<pb::Message>(factory_.GetPrototype(&describe(message))->New());
}

std::unique_ptr<pb::Message> schema::filled(const std::string& message, int items) {
    std::unique_ptr<pb::Message> made = make(message);
    std::uint64_t next = std::uint64_t{1} << 60U; // above what a double holds
    fill(*made, "", items, next);
    return made;
}

leaves schema::read(const std::string& message, std::string_view bytes) {
    const std::unique_ptr<pb::Message> made = make(message);
    if (!made->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        throw std::runtime_error("not a " + message);
    }
    return flatten(*made);
}

leaves flatten(const pb::Message& message) {
    leaves made;
    flatten(message, "", made);
    return made;
}

std::set<std::string> paths(const pb::Descriptor& message) {
    std::set<std::string> made;
    paths(message, "", made);
    return made;
}

std::set<std::string> paths(const leaves& values) {
    std::set<std::string> made;
    for (const auto& [path, value] : values) {
        made.insert(path);
    }
    return made;
}

} // namespace yunhu::test
