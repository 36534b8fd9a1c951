#include <yunhu/boxed.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/types.hpp>

#include <memory>
#include <utility>

// What would weigh on every file that makes a call, compiled once.
namespace yunhu::inline v0_1 {

content::content() = default;
content::content(const content& other) = default;
content::content(content&& other) noexcept = default;
content& content::operator=(const content& other) = default;
content& content::operator=(content&& other) noexcept = default;
content::~content() = default;

template <class T> boxed<T>::boxed(const T& value) : held_(new T(value)) {}

template <class T> boxed<T>::boxed(T&& value) : held_(new T(std::move(value))) {}

template <class T> boxed<T>::boxed(const boxed& other) : held_(other.held_ ? new T(*other.held_) : nullptr) {}

template <class T> boxed<T>& boxed<T>::operator=(const boxed& other) {
    if (this != &other) {
        *this = boxed(other);
    }
    return *this;
}

template <class T> bool boxed<T>::has_value() const noexcept {
    return held_ && *held_ != nothing();
}

template <class T> bool boxed<T>::operator==(const boxed& other) const noexcept {
    return **this == *other;
}

template <class T> void boxed<T>::discard::operator()(T* value) const noexcept {
    delete value;
}

template <class T> const T& boxed<T>::nothing() noexcept {
    static const T empty;
    return empty;
}

template <class T> T& boxed<T>::make() {
    held_.reset(new T());
    return *held_;
}

template class boxed<content>;
template class boxed<media>;

send_message_request::send_message_request(yunhu::chat to, draft what)
    : send_message_request(std::move(to), std::move(what), new_msg_id()) {}

send_message_request::send_message_request(yunhu::chat to, draft what, std::string id)
    : msg_id(std::move(id)), chat(std::move(to)), content(std::move(what.content)), content_type(what.type),
      command_id(what.command_id), quote_msg_id(std::move(what.quote_msg_id)), media(std::move(what.media)) {}

edit_message_request::edit_message_request(yunhu::chat in, std::string id, draft what)
    : msg_id(std::move(id)), chat(std::move(in)), content(std::move(what.content)), content_type(what.type),
      command_id(what.command_id), quote_msg_id(std::move(what.quote_msg_id)), media(std::move(what.media)) {}

} // namespace yunhu::inline v0_1
