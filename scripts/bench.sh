# shellcheck shell=bash
# ./platz bench NAME [options]: figures anyone can repeat, against a throwaway PostgreSQL that keeps its word (fsync on),
# or the server that PLATZ_BENCH_POSTGRES names, as a superuser: a database that is to be kept needs one that stays.

command_bench() {
  read_data_option "$@"
  local name=${rest[0]:-}
  [[ -n $name && $name != -* ]] || misuse "bench needs the name of one: pages, live, history, queue, latency, log, helm, start or day"
  test_folder=''
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  trap end_tests EXIT
  local results=$root/artifacts/bench
  mkdir -p -- "$results"
  cd / # whoever the database runs as may not be able to read where we are
  require_dotnet
  has_postgres || provide postgresql
  require_postgres
  if [[ $name == log || $name == helm ]]; then
    has docker-registry || provide docker-registry
    fetch_helm 3
  fi
  if [[ $name == history ]]; then
    has_chromium || provide chromium
  fi
  export PLATZ_TEST_FSYNC=on
  make_test_folder
  # A day passes in minutes: autovacuum would look but a few times, instead of 1,440 times.
  [[ $name != day ]] || export PLATZ_TEST_OPTIONS='-c autovacuum_naptime=1'
  if [[ -z ${PLATZ_BENCH_POSTGRES:-} ]]; then
    start_test_postgres
    export PLATZ_BENCH_POSTGRES=$PLATZ_TEST_POSTGRES
  fi
  PLATZ_HELM3=$(helm_path 3)
  export PLATZ_HELM3
  build_bench Platz.Bench
  case $name in queue | latency) provide_queues ;; esac
  patiently env -C "$root" PLATZ_BENCH_CHARTS="$root/samples/charts" \
    dotnet bench/Platz.Bench/bin/Release/net10.0/Platz.Bench.dll "${rest[@]}" --results "$results"
}

build_bench() { # project
  local log=$test_folder/build.log
  say "Building"
  if ! patiently flock -o "$root" env -C "$root" dotnet build "bench/$1" -c Release --disable-build-servers -nologo -v quiet >"$log" 2>&1; then
    show_build_errors "$log"
    fail "The build failed."
  fi
}

# The queues of others that ours is measured beside. One that cannot be had is left out, and the bench says so.
provide_queues() {
  export PLATZ_BENCH_PEERS=$root/bench/Platz.Peers/bin/Release/net10.0/Platz.Peers.dll
  export PLATZ_BENCH_QUEUES=$test_folder/queues
  build_bench Platz.Peers
  has npm || ! may_install || provide npm
  if ! has npm || ! fetch_npm queues "$root/bench/queues" "the queues to measure beside"; then
    note "Without npm there is no graphile-worker and no pg-boss: they are left out."
    return
  fi
  mkdir -- "$PLATZ_BENCH_QUEUES"
  cp -- "$root"/bench/queues/*.mjs "$PLATZ_BENCH_QUEUES"
  ln -s -- "$(npm_path queues "$root/bench/queues")/node_modules" "$PLATZ_BENCH_QUEUES/node_modules"
}
