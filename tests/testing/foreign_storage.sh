#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# foreign_storage.sh EMULATOR YUNHU NGINX: curl's uploads against the emulator's storage, and our downloads from nginx.
set -eu
emulator=$1
yunhu=$2
nginx=$3
dir=$(mktemp -d)
emulator_pid=
nginx_pid=
download_pid=
trap 'for pid in $emulator_pid $nginx_pid $download_pid; do kill "$pid" 2>/dev/null || :; done; rm -rf "$dir"' EXIT

fail() {
    echo "foreign_storage.sh: $1" >&2
    exit 1
}
field() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"; }

# ---- curl speaks the storage's protocol to the emulator.
"$emulator" --port 0 --token T --host-name '*.jwzhd.com' --ca-out "$dir/ca.pem" --journal "$dir/journal" \
    >"$dir/out" 2>&1 </dev/null &
emulator_pid=$!
until grep -q '^gateway ' "$dir/out"; do
    kill -0 "$emulator_pid" || fail "the emulator has ended: $(cat "$dir/out")"
    sleep 0.05
done
port=$(sed -n 's/^listening on .*://p' "$dir/out")
ask() {
    curl --silent --show-error --cacert "$dir/ca.pem" --max-time 60 --expect100-timeout 60 \
        --connect-to "::127.0.0.1:$port" "$@"
}
referer='Referer: http://myapp.jwznb.com'

head -c 2500000 /dev/urandom >"$dir/sent"
token=$(ask --header 'token: T' https://chat-go.jwzhd.com/v1/misc/qiniu-token2 | field token)
access_key=${token%%:*}
host=$(ask "https://api.qiniu.com/v4/query?ak=$access_key&bucket=chat68-file" | sed 's/.*"domains":\["\([^"]*\)".*/\1/')
key=$(ask --form "token=$token" --form key=disk/form.bin --form "file=@$dir/sent;type=application/x-test;filename=file" \
    "https://$host/" | field key)
test "$key" = disk/form.bin || fail "a form"
ask --header "$referer" --dump-header "$dir/head" --output "$dir/got" "https://chat-file.jwznb.com/$key"
cmp "$dir/sent" "$dir/got" || fail "a form's bytes"
grep -qi '^content-type: application/x-test' "$dir/head" || fail "a form's type"
test "$(ask --form token=forged --form key=k --form "file=@$dir/sent" --output "$dir/body" --write-out '%{http_code}' \
    "https://$host/")" = 401 || fail "a forged token"
test "$(ask --output "$dir/body" --write-out '%{http_code}' "https://chat-file.jwznb.com/$key")" = 403 ||
    fail "no Referer"

# In parts: `disk/parts.bin`, as its path names it.
encoded=$(printf disk/parts.bin | base64 | tr '+/' '-_')
parts=https://$host/buckets/chat68-file/objects/$encoded/uploads
head -c 1048576 "$dir/sent" >"$dir/part1"
tail -c +1048577 "$dir/sent" >"$dir/part2"
with_token="Authorization: UpToken $token"
session=$(ask --header "$with_token" --request POST --header 'Content-Length: 0' "$parts" | field uploadId)
for n in 2 1; do # any order
    answer=$(ask --header "$with_token" --header 'Content-Type: application/octet-stream' \
        --upload-file "$dir/part$n" "$parts/$session/$n")
    test "$(echo "$answer" | field md5)" = "$(md5sum <"$dir/part$n" | cut -c1-32)" || fail "part $n"
    eval "etag$n=\$(echo \"\$answer\" | field etag)"
done
ask --header "$with_token" "$parts/$session?max-parts=1000&part-number_marker=0" | grep -q '"partNumber":2' ||
    fail "the list of parts"
# shellcheck disable=SC2154 # etag1 and etag2 are set by eval
key=$(ask --header "$with_token" --header 'Content-Type: application/json' \
    --data "{\"parts\":[{\"partNumber\":1,\"etag\":\"$etag1\"},{\"partNumber\":2,\"etag\":\"$etag2\"}]}" \
    "$parts/$session" | field key)
test "$key" = disk/parts.bin || fail "the end of the parts"
ask --header "$referer" --output "$dir/got" "https://chat-file.jwznb.com/$key"
cmp "$dir/sent" "$dir/got" || fail "the bytes of the parts"
ask --header "$referer" --range 1000000-1999999 --output "$dir/got" "https://chat-file.jwznb.com/$key"
tail -c +1000001 "$dir/sent" | head -c 1000000 | cmp - "$dir/got" || fail "a range"
test "$(ask --header "$with_token" --output "$dir/body" --write-out '%{http_code}' "$parts/$session")" = 612 ||
    fail "a session after its end"
ask --header "$with_token" --request DELETE --output "$dir/body" \
    "$parts/$(ask --header "$with_token" --request POST --header 'Content-Length: 0' "$parts" | field uploadId)" ||
    fail "an abort"

# ---- Our downloads come from nginx, by TLS.
mkdir "$dir/media" "$dir/to"
cp "$dir/sent" "$dir/media/a.bin"
head -c 12000000 /dev/urandom >"$dir/media/large.bin"
echo '<html>' >"$dir/media/page.html"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=media \
    -addext 'subjectAltName=DNS:*.jwznb.com' -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>"$dir/openssl"
as=
[ "$(id -u)" -ne 0 ] || as='user root;' # its usual user can't read here
port=$((20000 + $$ % 20000))
for attempt in 1 2 3 4 5 6 7 8 9 10; do # nginx can't choose a free port by itself
    port=$((port + attempt * 97))
    cat >"$dir/nginx.conf" <<END
daemon off;
$as
pid $dir/nginx.pid;
error_log $dir/error.log;
worker_processes 1;
events { worker_connections 64; }
http {
    log_format taken '\$status \$request_uri host=\$host range=\$http_range if=\$http_if_range token=\$http_token';
    access_log $dir/access.log taken;
    client_body_temp_path $dir/temp; proxy_temp_path $dir/temp; fastcgi_temp_path $dir/temp;
    uwsgi_temp_path $dir/temp; scgi_temp_path $dir/temp;
    default_type application/octet-stream;
    types { text/html html; }
    server {
        listen 127.0.0.1:$port ssl;
        server_name _;
        ssl_certificate $dir/cert.pem;
        ssl_certificate_key $dir/key.pem;
        root $dir/media;
        absolute_redirect off;
        location / {
            valid_referers myapp.jwznb.com;
            if (\$invalid_referer) { return 403; }
        }
        location /slow/ { alias $dir/media/; limit_rate 2m; }
        location /moved/ { return 302 https://chat-file-oss.jwznb.com/from\$request_uri; }
        location /from/moved/ { alias $dir/media/; }
        location /here/ { return 307 /from/moved/a.bin; }
        location /away/ { return 302 https://evil.example\$request_uri; }
        location /plain/ { return 302 http://127.0.0.1:$port/a.bin; }
        location /loop/ { return 302 /loop/; }
    }
}
END
    "$nginx" -c "$dir/nginx.conf" -p "$dir" 2>"$dir/nginx.err" &
    nginx_pid=$!
    until [ -s "$dir/nginx.pid" ] || ! kill -0 "$nginx_pid" 2>/dev/null; do sleep 0.05; done
    kill -0 "$nginx_pid" 2>/dev/null && break
    nginx_pid=
done
[ -n "$nginx_pid" ] || fail "nginx does not start: $(cat "$dir/nginx.err")"
get() { # get URL TO
    "$yunhu" download "$1" "$2" --token T-of-the-account --ca-file "$dir/cert.pem" --connect-to "*=127.0.0.1:$port" \
        >"$dir/path" 2>"$dir/err"
}
refused() { # refused URL CODE
    code=0
    get "$1" "$dir/to/refused" || code=$?
    test "$code" = "$2" || fail "$1: exit code $code: $(cat "$dir/err")"
    test ! -e "$dir/to/refused" || fail "$1 has a file"
}

get https://chat-img.jwznb.com/a.bin "$dir/to/" || fail "a file: $(cat "$dir/err")"
cmp "$dir/media/a.bin" "$(cat "$dir/path")" || fail "a file's bytes"
get http://chat-file.jwznb.com/moved/a.bin "$dir/to/moved" || fail "a redirect: $(cat "$dir/err")"
cmp "$dir/media/a.bin" "$dir/to/moved" || fail "a redirect's bytes"
grep -q '^200 /from/moved/a.bin host=chat-file-oss.jwznb.com' "$dir/access.log" || fail "the other host"
get https://chat-file.jwznb.com/here/ "$dir/to/here" || fail "a relative redirect: $(cat "$dir/err")"
cmp "$dir/media/a.bin" "$dir/to/here" || fail "a relative redirect's bytes"

# Killed in the middle, and continued; then with another content in its place.
interrupt() { # interrupt NAME: leaves a part of slow/large.bin
    "$yunhu" download https://chat-file.jwznb.com/slow/large.bin "$dir/to/$1" --token T-of-the-account \
        --ca-file "$dir/cert.pem" --connect-to "*=127.0.0.1:$port" >"$dir/path" 2>"$dir/err" &
    download_pid=$!
    until [ "$(stat -c %s "$dir/to/.$1.part" 2>/dev/null || echo 0)" -gt 1000000 ]; do
        kill -0 "$download_pid" || fail "a download that was to be killed: $(cat "$dir/err")"
        sleep 0.05
    done
    kill -KILL "$download_pid"
    wait "$download_pid" 2>/dev/null || :
    download_pid=
}
interrupt large
get https://chat-file.jwznb.com/slow/large.bin "$dir/to/large" || fail "the rest: $(cat "$dir/err")"
cmp "$dir/media/large.bin" "$dir/to/large" || fail "the bytes of a continued download"
grep -q '^206 /slow/large.bin .*range=bytes=[1-9][0-9]*- if=[^- ]' "$dir/access.log" || fail "Range and If-Range"
interrupt other
head -c 11000000 /dev/urandom >"$dir/media/large.bin.new"
mv "$dir/media/large.bin.new" "$dir/media/large.bin"
get https://chat-file.jwznb.com/slow/large.bin "$dir/to/other" || fail "another content: $(cat "$dir/err")"
cmp "$dir/media/large.bin" "$dir/to/other" || fail "the bytes of another content"

refused https://chat-file.jwznb.com/away/a.bin 3
refused https://chat-file.jwznb.com/plain/a.bin 3
refused https://chat-file.jwznb.com/loop/ 3
refused https://chat-file.jwznb.com/page.html 3
refused https://chat-file.jwznb.com/nothing 3
refused https://chat-storage1.jwznb.com/a.bin 3 # a host that gets no Referer
refused "https://127.0.0.1:$port/a.bin" 2
grep -v ' token=-$' "$dir/access.log" && fail "a token at a media host"
if "$yunhu" download https://chat-img.jwznb.com/a.bin "$dir/to/untrusted" --token T --ca-file "$dir/ca.pem" \
    --connect-to "*=127.0.0.1:$port" >"$dir/path" 2>"$dir/err"; then
    fail "a certificate of another CA"
fi
exit 0
