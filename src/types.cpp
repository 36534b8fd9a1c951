#include <yunhu/requests.hpp>
#include <yunhu/types.hpp>

#include <utility>

// What would weigh on every file that makes a call, compiled once.
namespace yunhu::inline v0_1 {

content::content() = default;
content::content(const content& other) = default;
content::content(content&& other) noexcept = default;
content& content::operator=(const content& other) = default;
content& content::operator=(content&& other) noexcept = default;
content::~content() = default;

send_message_request::send_message_request(yunhu::chat to, draft what)
    : send_message_request(std::move(to), std::move(what), new_msg_id()) {}

send_message_request::send_message_request(yunhu::chat to, draft what, std::string id)
    : msg_id(std::move(id)), chat(std::move(to)), content(std::move(what.content)), content_type(what.type),
      command_id(what.command_id), quote_msg_id(std::move(what.quote_msg_id)), media(std::move(what.media)) {}

edit_message_request::edit_message_request(yunhu::chat in, std::string id, draft what)
    : msg_id(std::move(id)), chat(std::move(in)), content(std::move(what.content)), content_type(what.type),
      command_id(what.command_id), quote_msg_id(std::move(what.quote_msg_id)), media(std::move(what.media)) {}

} // namespace yunhu::inline v0_1
