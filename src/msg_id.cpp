#include <yunhu/requests.hpp>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace yunhu::inline v0_1 {

std::string new_msg_id() {
    // Straight from the operating system: unpredictable, safe across a fork, and nothing is shared between threads.
    boost::uuids::random_generator_pure generator;
    const boost::uuids::uuid id = generator();

    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(2 * id.size());
    for (const std::uint8_t byte : id) {
        hex += digits[byte >> 4U];
        hex += digits[byte & 0xFU];
    }
    return hex;
}

} // namespace yunhu::inline v0_1
