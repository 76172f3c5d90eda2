# shellcheck shell=bash
# ./platz bench NAME [options]: figures anyone can repeat, against a throwaway PostgreSQL that keeps its word (fsync on).

command_bench() {
  read_data_option "$@"
  local name=${rest[0]:-}
  [[ -n $name && $name != -* ]] || misuse "bench needs the name of one: pages, live, queue, log, helm or start"
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
  export PLATZ_TEST_FSYNC=on
  make_test_folder
  start_test_postgres
  build_bench
  patiently env -C "$root" PLATZ_BENCH_POSTGRES="$PLATZ_TEST_POSTGRES" PLATZ_BENCH_CHARTS="$root/samples/charts" \
    dotnet bench/Platz.Bench/bin/Release/net10.0/Platz.Bench.dll "${rest[@]}" --results "$results"
}

build_bench() {
  local log=$test_folder/build.log
  say "Building"
  if ! patiently flock -o "$root" env -C "$root" dotnet build bench/Platz.Bench -c Release --disable-build-servers -nologo -v quiet >"$log" 2>&1; then
    show_build_errors "$log"
    fail "The build failed."
  fi
}
