// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/indirect.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

// Defined here and not inline, to keep the compilation of files that make calls fast.
YUNHU_NAMESPACE_BEGIN

content::content() = default;
content::content(const content& other) = default;
content::content(content&& other) noexcept = default;
content& content::operator=(const content& other) = default;
content& content::operator=(content&& other) noexcept = default;
content::~content() = default;

template <class T> indirect<T>::indirect(const T& value) : held_(new T(value)) {}

template <class T> indirect<T>::indirect(T&& value) : held_(new T(std::move(value))) {}

template <class T> indirect<T>::indirect(const indirect& other) : held_(other.held_ ? new T(*other.held_) : nullptr) {}

template <class T> indirect<T>& indirect<T>::operator=(const indirect& other) {
    if (this != &other) {
        *this = indirect(other);
    }
    return *this;
}

template <class T> bool indirect<T>::has_value() const noexcept {
    return held_ && *held_ != nothing();
}

template <class T> bool indirect<T>::operator==(const indirect& other) const noexcept {
    return **this == *other;
}

template <class T> void indirect<T>::discard::operator()(T* value) const noexcept {
    delete value;
}

template <class T> const T& indirect<T>::nothing() noexcept {
    // Never destroyed: a client of static storage reads it at the program's end. Not on the heap: there is none to
    // lack.
    alignas(T) static std::byte storage[sizeof(T)];
    static const T& empty = *new (storage) T();
    return empty;
}

template <class T> T& indirect<T>::make() {
    held_.reset(new T());
    return *held_;
}

template class indirect<content>;
template class indirect<media>;

send_message_request::send_message_request(yunhu::chat to, draft what)
    : send_message_request(std::move(to), std::move(what), new_msg_id()) {}

send_message_request::send_message_request(yunhu::chat to, draft what, std::string id)
    : msg_id(std::move(id)), chat(std::move(to)), content(std::move(what.content)), content_type(what.type),
      command_id(what.command_id), quote_msg_id(std::move(what.quote_msg_id)), media(std::move(what.media)) {}

edit_message_request::edit_message_request(yunhu::chat in, std::string id, draft what)
    : msg_id(std::move(id)), chat(std::move(in)), content(std::move(what.content)), content_type(what.type),
      command_id(what.command_id), quote_msg_id(std::move(what.quote_msg_id)), media(std::move(what.media)) {}

YUNHU_NAMESPACE_END
