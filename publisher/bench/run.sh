#!/usr/bin/env bash
# What a poll of a channel costs: copydesk beside nginx, Caddy and bare net/http,
# which serve the same bytes as static files, in one run. Every server is pinned
# to one core, the load generator to another; rounds alternate between servers,
# so that a slow minute hits all of them. Figures are medians over the rounds:
# CPU (user and system, of all processes of a server) and requests.
#
# nginx is there twice: tuned for static files (sendfile, open_file_cache, no
# access log), and, as plain-nginx, with what it does when its config says nothing.
#
# Copydesk runs as an operator runs it: the daemon with its database, metrics,
# log, count of readers and all its headers.
#
#   apt-get install nginx-light caddy wrk
#   publisher/bench/run.sh [ROUNDS [SECONDS]]      default: 5 rounds of 3 seconds
#
# SERVER_CORE and LOAD_CORE choose the cores (0 and 1). PROFILE=FILE writes a CPU
# profile of copydesk under identity, gzip and 304 to FILE.identity and so on.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} seconds=${2:-3}
server_core=${SERVER_CORE:-0} load_core=${LOAD_CORE:-1}

for program in nginx caddy wrk curl taskset go gzip; do
  command -v "$program" >/dev/null || { echo "run.sh: $program is not installed" >&2; exit 1; }
done

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# free_port prints a port of loopback that nobody listens on.
free_port() {
  local port
  while port=$((20000 + RANDOM % 30000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# answers URL PATTERN waits until an address answers with a pattern.
answers() {
  for _ in $(seq 60); do
    curl -fs "$1" 2>/dev/null | grep "$2" >"$work/nothing" && return
    read -rt 0.1 <> <(:) || true
  done
  echo "run.sh: $1 does not answer with $2" >&2
  tail -n 5 "$work"/*.log >&2
  exit 1
}

# start NAME COMMAND... runs a server on its core.
declare -A pid
start() {
  local name=$1
  shift
  taskset -c "$server_core" "$@" >"$work/$name.log" 2>&1 &
  pid[$name]=$!
  pids+=("$!")
}

# source_feed writes fifty articles that make a channel's RSS about 120 KB.
source_feed() {
  local i j
  echo '<rss version="2.0"><channel><title>Harbour News</title><link>http://harbour.example/</link>'
  for i in $(seq 50); do
    printf '<item><guid>http://harbour.example/%d</guid><link>http://harbour.example/%d</link><title>Ferry %d leaves the harbour at dawn</title><author>desk@harbour.example (Ann Lee)</author><pubDate>Tue, 24 Nov 2026 12:%02d:00 GMT</pubDate><description><![CDATA[' "$i" "$i" "$i" "$i"
    for j in $(seq 10); do
      printf '<p>Paragraph %d of report %d: boat %d carried %d passengers past the mole, said the <a href="http://harbour.example/crew/%d">crew</a>, and came back for more.</p>' "$j" "$i" $((i * j % 97)) $((i * j * 7919 % 1000)) $((i * 31 + j))
    done
    echo ']]></description></item>'
  done
  echo '</channel></rss>'
}

copydesk_port=$(free_port) admin_port=$(free_port) nginx_port=$(free_port) plain_port=$(free_port) caddy_port=$(free_port) bare_port=$(free_port)
feed=channels/all/feed.rss
mkdir -p "$work/www/channels/all"
source_feed >"$work/www/source.xml"

# nginx_conf PORT NAME SETTINGS writes a config.
nginx_conf() {
  cat <<CONF
$([ "$(id -u)" = 0 ] && echo 'user root;')
daemon off;
worker_processes 1;
pid $work/$2.pid;
error_log stderr;
events { worker_connections 1024; }
http {
  $3
  keepalive_requests 1000000000;
  types { application/rss+xml rss; text/xml xml; }
  charset utf-8;
  charset_types application/rss+xml;
  gzip_static on;
  gzip_vary on;
  $(for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $work/temp-$2;"; done)
  server { listen 127.0.0.1:$1; root $work/www; add_header Cache-Control "public, max-age=60"; }
}
CONF
}
nginx_conf "$nginx_port" nginx 'access_log off; sendfile on; tcp_nopush on; open_file_cache max=100 inactive=10m; open_file_cache_valid 10m;' >"$work/nginx.conf"
nginx_conf "$plain_port" plain-nginx "access_log $work/access;" >"$work/plain-nginx.conf"
cat >"$work/Caddyfile" <<CONF
{
  admin off
  auto_https off
}
http://127.0.0.1:$caddy_port {
  root * $work/www
  @rss path *.rss
  header @rss Content-Type "application/rss+xml; charset=utf-8"
  header Cache-Control "public, max-age=60"
  file_server {
    precompressed gzip
  }
}
CONF
cat >"$work/copydesk.yaml" <<CONF
publisher: {title: Bench, url: "http://127.0.0.1:$copydesk_port", authority: "bench.example,2026"}
listen: "127.0.0.1:$copydesk_port"
admin_listen: "127.0.0.1:$admin_port"
database: $work/copydesk.db
fetch: {allow_private: true, per_host_gap: 0s}
sources:
  - {slug: harbour, name: Harbour News, url: "http://127.0.0.1:$nginx_port/source.xml", schedule: "@every 24h", republish: full}
channels:
  - {slug: all, title: All, limit: 50}
CONF

go build -o "$work/copydesk" ./cmd/copydesk
go build -o "$work/bare" publisher/bench/bare.go
start nginx nginx -c "$work/nginx.conf" -e stderr
start plain-nginx nginx -c "$work/plain-nginx.conf" -e stderr
answers "http://127.0.0.1:$nginx_port/source.xml" Ferry
start copydesk "$work/copydesk" run -c "$work/copydesk.yaml"
answers "http://127.0.0.1:$copydesk_port/$feed" 'report 50:'
curl -fs "http://127.0.0.1:$copydesk_port/$feed" >"$work/www/$feed"
curl -fs -H 'Accept-Encoding: gzip' "http://127.0.0.1:$copydesk_port/$feed" >"$work/www/$feed.gz"
HOME=$work XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work start caddy caddy run --config "$work/Caddyfile" --adapter caddyfile
start bare "$work/bare" "127.0.0.1:$bare_port" "$work/www/$feed"

servers=(copydesk nginx plain-nginx caddy bare)
kinds=(identity gzip 304)
declare -A url tag
url=([copydesk]="http://127.0.0.1:$copydesk_port/$feed" [nginx]="http://127.0.0.1:$nginx_port/$feed"
  [plain-nginx]="http://127.0.0.1:$plain_port/$feed" [caddy]="http://127.0.0.1:$caddy_port/$feed" [bare]="http://127.0.0.1:$bare_port/$feed")
for s in "${servers[@]}"; do
  answers "${url[$s]}" 'report 50:'
  curl -fs "${url[$s]}" | cmp - "$work/www/$feed"
  curl -fs -H 'Accept-Encoding: gzip' "${url[$s]}" | cmp - "$work/www/$feed.gz"
  tag[$s]=$(curl -fsI "${url[$s]}" | tr -d '\r' | sed -n 's/^[Ee][Tt][Aa][Gg]: //p')
  [ "$(curl -s -o "$work/nothing" -w '%{http_code}' -H "If-None-Match: ${tag[$s]}" "${url[$s]}")" = 304 ]
done

# ticks NAME prints the CPU that a server and its children have had, in clock
# ticks.
ticks() {
  local sum=0 p
  for p in "${pid[$1]}" $(cat "/proc/${pid[$1]}/task/${pid[$1]}/children" 2>/dev/null); do
    sum=$((sum + $(sed 's/.*) //' "/proc/$p/stat" | cut -d' ' -f12,13 | tr ' ' '+')))
  done
  echo "$sum"
}

# load NAME KIND [SECONDS] asks for a while and prints how many were answered.
load() {
  local agent=(-H 'User-Agent: Mozilla/5.0 (compatible; Clipper/2.1; +https://clipper.example/bot)')
  local header=("${agent[@]}" -H 'Accept-Encoding: identity')
  case $2 in
    gzip) header=("${agent[@]}" -H 'Accept-Encoding: gzip') ;;
    304) header+=(-H "If-None-Match: ${tag[$1]}") ;;
  esac
  taskset -c "$load_core" wrk -t1 -c32 -d"${3:-$seconds}s" "${header[@]}" "${url[$1]}" >"$work/wrk"
  if grep -q -e 'Non-2xx' -e 'Socket errors' "$work/wrk"; then
    cat "$work/wrk" >&2
    exit 1
  fi
  sed -n 's/^ *\([0-9]*\) requests in .*/\1/p' "$work/wrk"
}

hertz=$(getconf CLK_TCK)
for s in "${servers[@]}"; do load "$s" identity 1 >"$work/nothing"; done
for round in $(seq "$rounds"); do
  for kind in "${kinds[@]}"; do
    for s in "${servers[@]}"; do
      before=$(ticks "$s")
      count=$(load "$s" "$kind")
      after=$(ticks "$s")
      echo "$s $kind $(((after - before) * 1000000 / hertz)) $count" >>"$work/results"
    done
  done
  [ ! -t 2 ] || printf '\rround %d of %d' "$round" "$rounds" >&2
done
[ ! -t 2 ] || printf '\r\033[K' >&2

if [ -n "${PROFILE:-}" ]; then
  for kind in "${kinds[@]}"; do
    curl -fs -o "$PROFILE.$kind" "http://127.0.0.1:$admin_port/debug/pprof/profile?seconds=4" &
    profile=$!
    load copydesk "$kind" 5 >"$work/nothing"
    wait "$profile"
  done
fi

printf 'feed of 50 articles, %d bytes (%d gzipped); %d rounds of %d s; nginx %s, Caddy %s, %s\n' \
  "$(stat -c %s "$work/www/$feed")" "$(stat -c %s "$work/www/$feed.gz")" "$rounds" "$seconds" \
  "$(nginx -v 2>&1 | sed 's/.*\///')" "$(caddy version | cut -d' ' -f1)" "$(go version | cut -d' ' -f3)"
awk -v seconds="$seconds" '
  function median(list,    part, n, i, j, t) {
    n = split(list, part, " ")
    for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (part[j] + 0 < part[i] + 0) { t = part[i]; part[i] = part[j]; part[j] = t }
    return n % 2 ? part[(n + 1) / 2] : (part[n / 2] + part[n / 2 + 1]) / 2
  }
  { cpu[$1, $2] = cpu[$1, $2] " " $3 / $4; rate[$1, $2] = rate[$1, $2] " " $4 / seconds }
  END {
    servers = split("copydesk nginx plain-nginx caddy bare", server); split("identity gzip 304", kind)
    printf "%-12s", ""
    for (k = 1; k <= 3; k++) printf "  %-34s", kind[k] ": CPU us   req/s  CPU of nginx"
    print ""
    for (s = 1; s <= servers; s++) {
      printf "%-12s", server[s]
      for (k = 1; k <= 3; k++) {
        c = median(cpu[server[s], kind[k]])
        printf "  %13.1f %9.0f %9.2f  ", c, median(rate[server[s], kind[k]]), c / median(cpu["nginx", kind[k]])
      }
      print ""
    }
  }' "$work/results"
