#!/usr/bin/env bash
# What the machine sees of a server: the calls to the system that it makes, from its start over a log-in, a
# conversation, a backup and an erasure to its end, and its log. The service's unit allows these calls: one
# that it does not would be refused there, and nowhere else.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0
check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@"; then echo "ok $name"; passed=$((passed + 1)); else echo "not ok $name"; failed=$((failed + 1)); fi
}
finish() {
    echo "system: $passed passed, $failed failed"
    [ $failed = 0 ]
    exit
}
for tool in strace systemd-analyze jq curl readelf; do
    command -v $tool >/dev/null && continue
    check "# skipped: $tool is not installed" true
    finish
done

# What a set of calls holds, sets in it included.
members() {
    local word
    systemd-analyze syscall-filter --no-pager "$1" 2>/dev/null | sed 's/^ *//' | grep -vE "^(#|$1\$|\$)" | while read -r word; do
        case $word in @*) members "$word" ;; *) echo "$word" ;; esac
    done
}
allowed() {
    local line words word
    : >"$work/allowed"
    members @default >>"$work/allowed"
    sed -n 's/^SystemCallFilter=//p' packaging/beckon.service | while read -r line; do
        words=${line#\~}
        for word in $words; do
            case $word in @*) members "$word" ;; *) echo "$word" ;; esac
        done | sort -u >"$work/words"
        if [ "$words" = "$line" ]; then
            cat "$work/words" >>"$work/allowed"
        else
            grep -vxFf "$work/words" "$work/allowed" >"$work/left"
            mv "$work/left" "$work/allowed"
        fi
    done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
allowed
check "the filter holds what every program needs" grep -qx openat "$work/allowed"
check "and not everything" bash -c "! grep -qx setrlimit '$work/allowed'"
check "the program's tables of functions are read-only once it runs" bash -c "readelf -dW build/beckon | grep -q 'FLAGS.*NOW'"

mkdir "$work/demo"
cp -r demo/workspace.yaml demo/topics demo/knowledge demo/actions demo/*.secret demo/*.token "$work/demo/" 2>/dev/null
strace -f -qq -o "$work/calls" build/beckon serve "$work/demo" --port 0 >"$work/said" 2>"$work/log" &
tracer=$!
file=$work/demo/data/operator.json
for _ in $(seq 300); do [ -s "$file" ] && break; sleep 0.1; done
url=$(jq -r .url "$file") operator=$(jq -r .token "$file") pid=$(jq -r .pid "$file")
post() { # post PATH TOKEN BODY
    curl -s -m 20 "$url$1" -H "Authorization: Bearer $2" -H 'Content-Type: application/json' -H "Idempotency-Key: $RANDOM$RANDOM" -d "$3"
}
token=$(curl -s "$url/v1/session" -H 'Content-Type: application/json' -d '{"name":"Anna"}' | jq -r .token)
conversation=$(post /v1/conversations "$token" '{}' | jq -r .conversation)
post "/v1/conversations/$conversation/messages" "$token" '{"text":"how do I pay?"}' >/dev/null
check "a member of staff is added" test "$(post /v1/agents "$operator" '{"login":"x","name":"X","password":"a long password"}' | jq -r .id)" != null
check "and logs in" test "$(curl -s "$url/v1/login" -H 'Content-Type: application/json' -d '{"login":"x","password":"a long password"}' | jq -r .name)" = X
check "a backup is made" test "$(post /v1/operator/backup "$operator" "{\"file\":\"$work/copy\"}" | jq -r .file)" = "$work/copy"
kill -HUP "$pid"
check "a customer is erased" test "$(post /v1/customers/1/erase "$operator" '{}' | jq -r .seq)" != null
kill -TERM "$pid"
check "it stops in good order" wait $tracer

# One line a request, as JSON, and nothing in any of them that is somebody's.
grep '^{' "$work/log" >"$work/lines"
check "each request has a line of JSON" test "$(jq -r .route "$work/lines" | grep -c .)" -ge 6
check "which names the route, not the address" grep -q '"/v1/conversations/{conversation}/messages"' "$work/lines"
for secret in "$token" "$operator" 'a long password' Anna 'how do I pay' 127.0.0.1; do
    check "no line of the log holds ${secret:0:12}..." bash -c "! grep -qF -- '$secret' '$work/lines'"
done

# SQLite changes the owner of its files when it is root, which the service is not.
sed -E 's/^[0-9]+ +//; s/\(.*//' "$work/calls" | grep -E '^[a-z_0-9]+$' | sort -u | grep -vx fchown >"$work/made"
check "$(wc -l <"$work/made") kinds of calls were seen" test "$(wc -l <"$work/made")" -gt 30
refused=$(grep -vxFf "$work/allowed" "$work/made" | paste -sd' ')
check "none of them would be refused${refused:+: $refused}" test -z "$refused"
finish
