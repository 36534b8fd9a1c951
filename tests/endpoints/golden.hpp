// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

// Bytes made with protoc from the API's documents, not with this library.
namespace yunhu::test::golden {

// {123456, 1, "success"}
inline constexpr std::string_view reply_success = "0a0f08c0c40710011a0773756363657373";
// {1, -101, "未登录"}
inline constexpr std::string_view reply_refused = "0a180801109bffffffffffffffff011a09e69caae799bbe5bd95";
// {"code":-101,"msg":"未登录"}
inline constexpr std::string_view json_refused = "7b22636f6465223a2d3130312c226d7367223a22e69caae799bbe5bd95227d";
// Text "hi", mentions 123 and 456, to group big.
inline constexpr std::string_view send =
    "122030303131323233333434353536363737383839396161626263636464656566661a0362696720022a0e0a026869320331323332033435"
    "363001";
inline constexpr std::string_view edit = "12063132333435361a0362696720022a050a033132333001420b3131343531343139313830";
inline constexpr std::string_view list_by_seq = "18d20920022a03626967";
inline constexpr std::string_view list = "10e9011a0661626364656620022a03626967";
inline constexpr std::string_view mid_seq = "18ffffffffffffffffff0120022a0362696738014206616263646566";
inline constexpr std::string_view pic_list = "1899e00620022a09343138373639393935300a";
inline constexpr std::string_view button_report =
    "1212313233313233313233313233313233313233180222033132332a033132333212e6b58be8af95e68c89e992aee69687e69cac";
inline constexpr std::string_view recall = "12123132333132333132333132333132333132331a033132332002";
inline constexpr std::string_view recall_batch = "1204616263641204313233341a036269672002";
// One message, total 1.
inline constexpr std::string_view list_reply =
    "0a0f08d2fe0610011a0773756363657373129d010a0661626364656612620a073733353636363610011a06e6b58be8af9522206874747073"
    "3a2f2f636861742d696d672e6a777a6e622e636f6d2f612e706e67320ce6b58be8af95e68890e591983a1d08d2fe061a0ce6b58be8af95e6"
    "8890e5919822092346464646464646461a046c65667420012a040a026f6b30fbd095ffbc313a0f087b1209e68c87e4bba4e5908d20014a06"
    "616263646566508a341801";

} // namespace yunhu::test::golden
