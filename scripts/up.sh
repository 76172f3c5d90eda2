# shellcheck shell=bash
# ./platz up

readonly programs=(Platz.Web Platz.Runner Platz.Sandbox)

command_up() {
  read_up_options "$@"
  [[ -z $detach ]] || detach_up
  make_data
  lock_data || fail "Platz is already running on $data$(address_of_running). ./platz down stops it."
  trap 'stopped 130' INT
  trap 'stopped 143' TERM HUP
  trap stop_everything EXIT
  cd / # whoever the database runs as may not be able to read where we are
  rm -f -- "$run/ready" "$run/env"
  remember up $$
  stop_orphans
  choose_web_port
  require_for_up
  build_programs
  umask 077
  start_all
}

# Ctrl-C is how a running Platz is meant to be ended; a start that is broken off is not a success.
stopped() {
  [[ ! -e $run/ready ]] || exit 0
  exit "$1"
}

read_up_options() {
  port='' demo=1 kubeconfig='' context='' helm_image='' detach='' registries=()
  external_database=${ConnectionStrings__Platz:+1}
  local folder='' all=("$@")
  while (($# > 0)); do
    case $1 in
      --no-demo) demo='' && shift && continue ;;
      --detach) detach=1 && shift && continue ;;
      --port | --data | --kubeconfig | --context | --helm-image | --registry) value_of "$1" $# "${2:-}" ;;
      *) misuse "up has no option '$1'" ;;
    esac
    case $1 in
      --port) check_port "$2" && port=$((10#$2)) ;;
      --data) folder=$2 ;;
      --kubeconfig) kubeconfig=$2 ;;
      --context) context=$2 ;;
      --helm-image) helm_image=$2 ;;
      --registry) check_registry "$2" && registries+=("$2") ;;
    esac
    shift 2
  done
  use_data "$folder"
  check_kubeconfig
  up_arguments=()
  local word
  for word in "${all[@]}"; do
    [[ $word == --detach ]] || up_arguments+=("$word")
  done
}

check_registry() {
  [[ $1 =~ ^(oci|http)://[^/@[:space:]]+/[^[:space:]]+$ ]] ||
    misuse "'$1' is not a chart registry: write oci://host[:port]/path, or http://host[:port]/path for one without TLS"
}

check_kubeconfig() {
  if [[ -z $kubeconfig ]]; then
    [[ -z $context ]] || misuse "--context needs --kubeconfig FILE"
    return 0
  fi
  [[ -f $kubeconfig ]] || fail "There is no kubeconfig file $kubeconfig."
  [[ -r $kubeconfig ]] || fail "The kubeconfig file $kubeconfig cannot be read."
  kubeconfig=$(realpath -- "$kubeconfig")
  local contexts
  contexts=$(contexts_of "$kubeconfig")
  [[ -n $contexts ]] || fail "The file $kubeconfig names no context: it is not a kubeconfig."
  [[ -n $context ]] || context=$(sed -nE 's/^current-context:[[:space:]]*//p' "$kubeconfig" | tr -d "\"'\r" | head -n 1)
  [[ -n $context ]] || fail "The kubeconfig file $kubeconfig has no current context; choose one with --context: ${contexts//$'\n'/, }."
  grep -qxF -- "$context" <<<"$contexts" ||
    fail "The kubeconfig file $kubeconfig has no context '$context', but: ${contexts//$'\n'/, }."
}

# The names under `contexts:` in a kubeconfig as kubectl writes it. Keys deeper than an entry's own are not names of contexts.
contexts_of() {
  awk '
    /^[^ \t#-]/ { inside = /^contexts:/ ; next }
    !inside || /^[ \t]*(#|$)/ { next }
    match($0, /^ *-/) && (dash == "" || RLENGTH == dash) {
      dash = RLENGTH
      match($0, /^ *- */)
      depth = RLENGTH
      sub(/^ *- */, sprintf("%" depth "s", ""))
    }
    match($0, /^ */) && RLENGTH == depth && sub(/^ *name:[ \t]*/, "") { gsub(/["\r\047]/, "") ; print }
  ' "$1"
}

address_of_running() {
  [[ ! -s $run/ready ]] || printf ': %s' "$(sed -n 's/^Platz is ready at //p' "$run/ready")"
}

choose_web_port() {
  if [[ -z $port ]]; then
    port_for web 8080
    port=$REPLY
  elif ((port == 0)); then
    rm -f -- "$data/ports/web"
    port_for web
    port=$REPLY
  elif port_is_free "$port"; then
    mkdir -p -- "$data/ports"
    printf '%s\n' "$port" >"$data/ports/web"
  else
    fail "Port $port is taken$(holder_of_port "$port"); choose another with --port N."
  fi
}

# --- Build ---

program() { printf '%s/%s/bin/Release/net10.0/%s.dll' "$root" "$1" "$1"; }

build_programs() {
  local name log=$logs/build.log
  if [[ ${PLATZ_SKIP_BUILD:-0} == 1 ]]; then
    for name in "${programs[@]}"; do
      [[ -f $(program "$name") ]] || fail "PLATZ_SKIP_BUILD is 1, but $(program "$name") has not been built."
    done
    return
  fi
  say "Building"
  # One build of this clone at a time, whoever started it; no build server stays behind.
  if ! patiently flock -o "$root" env -C "$root" dotnet build Platz.Programs.slnf -c Release --disable-build-servers \
    -nologo -v quiet >"$log" 2>&1; then
    show_build_errors "$log"
    fail "The build failed (the whole log: $log)."
  fi
}

# MSBuild says everything twice.
show_build_errors() { { grep -E ': (error|warning) ' "$1" | sort -u | head -n 40 | grep . || tail -n 40 "$1"; } >&2; }

# --- Start ---

start_all() {
  if [[ -z $external_database ]]; then
    prepare_postgres
    begin postgres || { tail -n 20 "$logs/postgres.log" >&2; fail "PostgreSQL did not start (its log: $logs/postgres.log)."; }
  fi
  [[ -z $demo ]] || start_demo
  settle
  patiently dotnet "$(program Platz.Web)" migrate >>"$logs/web.log" 2>&1 || {
    tail -n 20 "$logs/web.log" >&2
    fail "The database could not be brought up to date (the whole log: $logs/web.log)."
  }
  begin web
  await web 120 answers "http://127.0.0.1:$port/healthz/ready"
  begin runner
  announce
  [[ -z $demo ]] || { seed_demo & seeding=$!; }
  supervise
}

# What the programs are told. Kept for `runner`, `token` and `psql`, for nobody's eyes but the owner's.
settle() {
  settings=()
  [[ $external_database ]] && setting ConnectionStrings__Platz "$ConnectionStrings__Platz" ||
    setting ConnectionStrings__Platz "Host=$pg_socket;Username=platz;Database=platz"
  [[ -n ${Secrets__KeyFile:-} ]] || setting Secrets__KeyFile "$data/keys/kek"
  setting Runner__DrainTimeout 00:00:05
  [[ -n ${Runner__OwnUrl:-} || -z $port ]] || setting Runner__OwnUrl "http://127.0.0.1:$port"
  [[ -z $helm_image ]] || setting Runner__HelmImage "$helm_image"
  # Numbered from 1000, so as to stand beside the clusters and registries of appsettings.json and of the caller's environment.
  [[ -z $demo ]] || demo_settings
  if [[ -n $kubeconfig ]]; then
    setting Clusters__1002__Name "$context"
    setting Clusters__1002__Env default
    setting Clusters__1002__Kubeconfig "$kubeconfig"
    setting Clusters__1002__Context "$context"
  fi
  local number=1001 url
  for url in "${registries[@]}"; do
    setting "Registries__Sources__${number}__Name" "${url#*://}"
    setting "Registries__Sources__${number}__Url" "$url"
    ((number += 1))
  done
  printf 'export %s\n' "${settings[@]}" >"$run/env"
}

setting() {
  export "$1=$2"
  settings+=("$1=$(printf '%q' "$2")")
}

start_web() {
  launch web env -u ASPNETCORE_HTTP_PORTS -u ASPNETCORE_HTTPS_PORTS ASPNETCORE_URLS="http://127.0.0.1:$port" \
    dotnet "$(program Platz.Web)"
}

start_runner() { launch runner dotnet "$(program Platz.Runner)"; }

announce() {
  local link address=http://127.0.0.1:$port
  if [[ ${SignIn__Authority:-} ]]; then
    printf 'Platz is ready at %s\n' "$address" >"$run/ready.new"
    mv -- "$run/ready.new" "$run/ready"
    cat -- "$run/ready"
    return
  fi
  patiently dotnet "$(program Platz.Web)" sign-in-link >"$run/ready.new" 2>>"$logs/web.log" ||
    fail "No sign-in link could be made (see $logs/web.log)."
  link=$(<"$run/ready.new")
  printf 'Platz is ready at %s\nSign in: %s%s\n' "$address" "$address" "$link" >"$run/ready.new"
  mv -- "$run/ready.new" "$run/ready"
  cat -- "$run/ready"
}

# --- In the background ---

detach_up() {
  make_data
  lock_data || fail "Platz is already running on $data$(address_of_running). ./platz down stops it."
  exec 9>&-
  rm -f -- "$run/ready"
  local log=$logs/platz.log child from
  touch -- "$log"
  from=$(($(wc -c <"$log") + 1))
  setsid nohup "$root/platz" up "${up_arguments[@]}" </dev/null >>"$log" 2>&1 8>&- &
  child=$!
  trap 'kill -TERM "$child" 2>/dev/null; exit 130' INT TERM HUP
  until [[ -s $run/ready ]]; do
    if ! birth_of "$child"; then
      tail -c "+$from" -- "$log" >&2
      fail "Platz did not start (its log: $log)."
    fi
    pause 0.2
  done
  cat -- "$run/ready"
  say "It goes on in the background (log: $log); ./platz down stops it."
  exit 0
}
