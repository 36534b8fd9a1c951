# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# cmake -DINPUT=FILE -DOUTPUT=FILE -P embed.cmake: writes a C++ source that holds the descriptors of the proto.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1, " bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"testing/shape.hpp\"

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

std::string_view descriptors() noexcept {
    static constexpr unsigned char bytes[] = {${bytes}};
    return {reinterpret_cast<const char*>(bytes), sizeof bytes};
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
")
