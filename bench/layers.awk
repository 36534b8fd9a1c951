# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# awk -f bench/layers.awk -v calls=N FILE: a callgrind file of peer-yunhu -> instructions per call by layer, counted
# where they are executed (exclusive), by the name of the function.
function name(table, text,    id, rest) {
    id = text; sub(/\).*/, ")", id)
    rest = substr(text, length(id) + 2)
    if (rest != "") names[table, id] = rest
    return names[table, id]
}
function own(f,    n) { # the name before template arguments and parameters
    n = f
    if (index(n, "(anonymous namespace)") == 1) n = substr(n, 22)
    gsub(/\(anonymous namespace\)/, "", n)
    sub(/[<(].*/, "", n)
    return n
}
function layer(ob, f,    n) {
    gsub(/yunhu::v[0-9_]+::/, "yunhu::", f) # the inline namespace
    sub(/5yunhu[0-9]+v[0-9_]+9endpoints/, "5yunhu9endpoints", f)
    if (ob ~ /libssl|libcrypto/) return "TLS (OpenSSL)"
    if (ob ~ /libprotobuf/) return "endpoints (protobuf)"
    n = own(f)
    if (n ~ /yunhu::bench|caller/) return "caller"
    if (n ~ /yunhu::transport::stream|socket_bio/) return "TLS (our side)"
    if (n ~ /boost::beast|yunhu::http::/) return "http"
    if (n ~ /yunhu::transport::/) return "transport"
    if (n ~ /yunhu::engine::/) return "engine"
    if (f ~ /yunhu::endpoints|5yunhu9endpoints|yunhu::wire|google::protobuf/ || n ~ /decode_row/) return "endpoints"
    if (n ~ /boost::asio/) return "Asio"
    if (n ~ /yunhu::detail::|yunhu::client|make_call/) return "runtime"
    if (n ~ /yunhu::/) return "model (request, result, id)"
    if (f ~ /malloc|free|operator new|operator delete|memalign/) return "heap"
    if (f ~ /mem(cpy|move|set|cmp|chr)|str(len|cmp)/) return "memcpy, strlen, ..."
    if (ob ~ /libc\.so|libpthread|vdso|ld-linux/ || ob == "???") return "libc, kernel entry"
    return "other"
}
/^ob=/ { ob = name("ob", substr($0, 4)); next }
/^fn=/ { fn = name("fn", substr($0, 4)); next }
/^cob=/ { name("ob", substr($0, 5)); next }
/^cfn=/ { name("fn", substr($0, 5)); next }
/^calls=/ { callee = 1; next }
/^[-+*0-9]/ {
    if (callee) callee = 0
    else { cost[layer(ob, fn)] += $NF; all += $NF }
}
END {
    for (l in cost) printf "%8.0f  %5.1f %%  %s\n", cost[l] / calls, 100 * cost[l] / all, l | "sort -rn"
    close("sort -rn")
    printf "%8.0f  100.0 %%  all\n", all / calls
}
