# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# Sourced by the scripts in this folder: an nginx that responds as Yunhu's send-message does. POSIX sh.
#
# start_server DIRECTORY: starts it on a free port of 127.0.0.1 with a CA of its own, with one worker, on the second
# core if there are two. Sets
#   server_port         keep-alive without end
#   server_close_port   closes after each response; TLS sessions can be resumed
#   server_full_port    closes after each response; no resumption
#   server_pid, on_server_core, on_client_core
# and leaves DIRECTORY/ca.pem, and other.pem, a CA that has signed nothing. `server_reply`, if set, is nginx's
# directive for the response; `server_ids`, if set, gives each response a unique header. stop_server ends it; it also ends
# with the process that started it.
#
# make_work_folder: sets `work` to a new folder. Both the folder and the server are removed when the script ends, however it ends.
#
# set_up TARGET PACKAGE...: installs what the server, the build and the packages need, and builds the target in the
# folder `build`; with SETUP=no it does neither. Needs examples/setup.sh.

server_pid=
server_reply= server_ids=

pick_cores() {
    on_server_core= on_client_core=
    allowed=$(awk '/^Cpus_allowed_list:/ { n = split($2, parts, ",")
        for (i = 1; i <= n; i++) {
            m = split(parts[i], ends, "-")
            for (c = ends[1]; c <= ends[m]; c++) print c + 0
        } }' /proc/self/status | head -n 2 | tr '\n' ' ')
    set -- $allowed
    if [ $# -ge 2 ] && taskset -c "$1" true 2>/dev/null; then
        on_client_core="taskset -c $1"
        on_server_core="taskset -c $2"
    fi
}

# As a public CA signs: a root that clients know, an intermediate that the server sends along, the server's own. All on
# P-256, the usual curve that is the cheapest to verify.
make_certificates() {
    (
        cd "$1"
        for name in root intermediate server other; do
            openssl ecparam -name prime256v1 -genkey -noout -out "$name.key"
        done
        openssl req -x509 -new -key root.key -days 30 -subj /CN=bench-root -out ca.pem
        openssl req -x509 -new -key other.key -days 30 -subj /CN=other-root -out other.pem
        sign intermediate root.key ca.pem 'basicConstraints=critical,CA:TRUE,pathlen:0' 'keyUsage=critical,keyCertSign'
        sign server intermediate.key intermediate.pem 'subjectAltName=IP:127.0.0.1,DNS:localhost' \
            'keyUsage=critical,digitalSignature'
        cat intermediate.pem >>server.pem
    )
}

# sign NAME KEY CA EXTENSION...: NAME.pem for NAME.key, by KEY of the certificate CA.
sign() {
    signed=$1 key=$2 ca=$3
    shift 3
    printf '%s\n' "$@" >"$signed.ext"
    openssl req -new -key "$signed.key" -subj "/CN=bench-$signed" -out "$signed.csr"
    openssl x509 -req -in "$signed.csr" -CA "$ca" -CAkey "$key" -CAcreateserial -days 30 -extfile "$signed.ext" \
        -out "$signed.pem" 2>/dev/null
}

# The reply is {1: {1: 123456, 2: 1, 3: "success"}}.
write_configuration() {
    reply=$(printf '\012\017\010\300\304\007\020\001\032\007success')
    response="return 200 '$reply';"
    if [ -n "$server_reply" ]; then response=$server_reply; fi
    if [ -n "$server_ids" ]; then response="add_header X-Request-Id \$request_id; $response"; fi
    cat >"$1/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $1/nginx.pid;
error_log $1/error.log;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
    access_log off;
    client_body_temp_path $1/body;
    proxy_temp_path $1/proxy;
    fastcgi_temp_path $1/fastcgi;
    scgi_temp_path $1/scgi;
    uwsgi_temp_path $1/uwsgi;
    default_type application/x-protobuf;
    ssl_certificate $1/server.pem;
    ssl_certificate_key $1/server.key;
    ssl_protocols TLSv1.3;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    keepalive_time 24h;
    server {
        listen 127.0.0.1:$server_port ssl backlog=4096;
        location = /v1/msg/send-message { $response }
    }
    server {
        listen 127.0.0.1:$server_close_port ssl backlog=4096;
        keepalive_timeout 0;
        location = /v1/msg/send-message { $response }
    }
    server {
        listen 127.0.0.1:$server_full_port ssl backlog=4096;
        keepalive_timeout 0;
        ssl_session_tickets off;
        ssl_session_cache off;
        location = /v1/msg/send-message { $response }
    }
}
END
}

make_work_folder() {
    work=$(mktemp -d)
    trap 'stop_server; rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

set_up() {
    if [ "${SETUP:-}" = no ]; then return 0; fi
    target=$1
    shift
    install_missing $(build_packages) libncurses-dev libbenchmark-dev nginx-light openssl util-linux "$@"
    if ! cmake --preset bench -B "$build" >"$work/build.log" 2>&1; then cat "$work/build.log" >&2 && return 1; fi
    cmake --build "$build" --target "$target" --parallel "$(nproc)"
}

random_port() {
    echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
}

start_server() {
    pick_cores
    [ -s "$1/ca.pem" ] || make_certificates "$1"
    rm -f "$1/nginx.pid"
    : >"$1/error.log"
    nginx=$(command -v nginx || echo /usr/sbin/nginx)
    for attempt in 1 2 3 4 5 6 7 8; do
        server_port=$(random_port) server_close_port=$(random_port) server_full_port=$(random_port)
        write_configuration "$1"
        $on_server_core setpriv --pdeathsig TERM "$nginx" -e "$1/error.log" -c "$1/nginx.conf" &
        server_pid=$!
        # Written when it listens.
        while [ ! -s "$1/nginx.pid" ] && kill -0 "$server_pid" 2>/dev/null; do sleep 0.05; done
        if [ -s "$1/nginx.pid" ]; then return 0; fi
        wait "$server_pid" || true
        server_pid=
        grep -q 'bind() to .* failed' "$1/error.log" || break # a taken port is tried again
    done
    cat "$1/error.log" >&2
    echo "nginx did not start" >&2
    return 1
}

stop_server() {
    if [ -n "$server_pid" ]; then
        kill "$server_pid" 2>/dev/null || true
        wait "$server_pid" 2>/dev/null || true
        server_pid=
    fi
}
