# shellcheck shell=bash
# ./platz chaos [PART] [options]: a kill campaign against a throwaway PostgreSQL that keeps its word (fsync on).

command_chaos() {
  read_data_option "$@"
  test_folder=''
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  trap end_tests EXIT
  local results=$root/artifacts/chaos
  mkdir -p -- "$results"
  cd / # whoever the database runs as may not be able to read where we are
  require_dotnet
  has_postgres || provide postgresql
  require_postgres
  if [[ ${rest[0]:-} == helm ]]; then
    has docker-registry || provide docker-registry
    fetch_helm 3
  fi
  export PLATZ_TEST_FSYNC=on
  make_test_folder
  start_test_postgres
  write_restart
  build_chaos
  patiently env -C "$root" PLATZ_CHAOS_POSTGRES="$PLATZ_TEST_POSTGRES" PLATZ_CHAOS_RESTART="$test_folder/restart" \
    PLATZ_CHAOS_CHARTS="$root/samples/charts" \
    dotnet "$test_folder/chaos/Platz.Chaos.dll" "${rest[@]}" --results "$results"
}

# How the campaign crashes its PostgreSQL: no checkpoint, no farewell, and up again.
write_restart() {
  {
    printf 'exec '
    printf '%q ' "${pg_as[@]}" "$pg_bin/pg_ctl" restart -s -w -t 120 -m immediate -D "$test_folder/cluster"
    printf '>>%q 2>&1 </dev/null\n' "$test_folder/postgres.log"
  } >"$test_folder/restart"
}

# Compiled ahead of time, because every kill is followed by a start. Apart from the folders of other builds, which know
# no platform; where the compiler for that cannot be had, starts take longer.
build_chaos() {
  local log=$test_folder/build.log project=$root/bench/Platz.Chaos
  local publish=(dotnet publish "$project" -c Release -o "$test_folder/chaos" --artifacts-path "$root/artifacts/chaos-build"
    --disable-build-servers -nologo -v quiet -p:NuGetLockFilePath="$test_folder/packages.lock.json" -p:RestoreLockedMode=false -p:RunAnalyzers=false)
  say "Building"
  patiently flock -o "$root" env -C "$root" "${publish[@]}" -r linux-x64 --self-contained false -p:PublishReadyToRun=true >"$log" 2>&1 ||
    patiently flock -o "$root" env -C "$root" "${publish[@]}" >"$log" 2>&1 || {
    show_build_errors "$log"
    fail "The build failed."
  }
}
