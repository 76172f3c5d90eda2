# shellcheck shell=bash
# ./platz test [FILTER]: in the Debug build, so that a running `up` keeps its own.

command_test() {
  read_data_option "$@"
  ((${#rest[@]} <= 1)) || misuse "test takes one filter"
  filter=${rest[0]:-}
  [[ $filter != -* ]] || misuse "test has no option '$filter'"
  prepare_tests
  run_tests
}

prepare_tests() {
  begin_tests
  provide_tests "$root"
}

# A folder for all that is made, and its end with the script's.
begin_tests() {
  # Nothing here runs long enough to win back what profiling its code costs: a third of the compilers' time.
  export DOTNET_TieredPGO=0
  test_folder='' build='' format=''
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  trap end_tests EXIT
  cd / # whoever the database runs as may not be able to read where we are
  require_dotnet
  make_test_folder
}

# What tests need, fetched while the tree is built.
provide_tests() { # tree, options of its build ...
  start_build "$@"
  require_for_tests
  fetch_helm 3
  fetch_helm 4
  fetch_clients
  start_test_postgres
  await_build
}

end_tests() {
  local status=$?
  trap '' INT TERM HUP
  set +e
  release_services
  [[ -z $job ]] || end_now "$job"
  [[ -z ${build:-} ]] || end_now "$build"
  [[ -z ${format:-} ]] || end_now "$format"
  [[ -z ${compiler:-} ]] || end_compiler
  [[ -z $test_folder ]] || stop_cluster "$test_folder/cluster" 5000
  [[ -z $test_folder ]] || rm -rf -- "$test_folder"
  exit "$status"
}

# In memory where there is plenty of it: every test has a database of its own, whose copy costs a fourth to a fifth there.
# Not where it is to be as safe, and as slow, as on a disk.
scratch_place() {
  local free
  if [[ ${PLATZ_TEST_FSYNC:-off} != on ]] &&
    free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) && ((free >= 6 * 1024 * 1024)) &&
    free=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo) && ((free >= 12 * 1024 * 1024)) &&
    [[ -w /dev/shm ]] && ! findmnt --noheadings --output OPTIONS /dev/shm 2>/dev/null | grep -qw noexec; then
    printf /dev/shm
  else
    printf /tmp
  fi
}

make_test_folder() {
  test_folder=$(readlink -f -- "$(mktemp -d "$(scratch_place)/platz-test-XXXXXX")")
  chmod 0755 "$test_folder"
  install -d -m 1777 "$test_folder/tmp"
  export TMPDIR=$test_folder/tmp
}

# A throwaway cluster. Without fsync it is several times faster, and nobody needs it after a power cut.
start_test_postgres() {
  local log=$test_folder/postgres.log options=''
  choose_postgres_user /nowhere
  [[ $(id -un) == "$pg_user" ]] || chown "$pg_user" "$test_folder"
  [[ ${PLATZ_TEST_FSYNC:-off} == on ]] || options="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  options+=" ${PLATZ_TEST_OPTIONS:-}"
  make_cluster "$test_folder/cluster" "$log"
  install -d -m 0700 -o "$pg_user" "$test_folder/socket"
  start_cluster "$test_folder/cluster" "$test_folder/socket" "$log" "$options" || {
    tail -n 20 "$log" >&2
    fail "The PostgreSQL of the tests did not start."
  }
  export PLATZ_TEST_POSTGRES="Host=$test_folder/socket;Username=postgres;Database=postgres"
  # One who may reach that socket but is not root, for tests of what an unprivileged user does.
  export PLATZ_TEST_USER=$pg_user
  PLATZ_HELM3=$(helm_path 3) PLATZ_HELM4=$(helm_path 4)
  export PLATZ_HELM3 PLATZ_HELM4
}

start_build() {
  local tree=$1
  shift
  say "Building"
  setsid -- flock -o "$tree" env -C "$tree" dotnet build Platz.sln -c Debug --disable-build-servers -nologo -v quiet "$@" \
    >"$test_folder/build.log" 2>&1 9>&- 8>&- &
  build=$!
}

await_build() {
  local status=0
  wait "$build" || status=$?
  build=
  if ((status != 0)); then
    show_build_errors "$test_folder/build.log"
    fail "The build failed."
  fi
}

run_tests() {
  local results=$test_folder/results.xml selection=() status=0 formatting=0
  if [[ $filter ]]; then
    selection=(-method "*$filter*")
    say "Testing"
  else
    say "Testing, and checking the formatting"
    check_format >"$test_folder/format.log" 2>&1 9>&- 8>&- &
    format=$!
  fi
  # Half as many again as there are processors: tests wait, too.
  patiently env -C "$root" dotnet Platz.Tests/bin/Debug/net10.0/Platz.Tests.dll -noLogo -noColor -noAutoReporters \
    -maxThreads 1.5x "${selection[@]}" -result-xml "$results" || status=$?
  if [[ $format ]]; then
    wait "$format" || formatting=1
    format=''
  fi
  if ((formatting)); then
    head -n 20 "$test_folder/format.log" >&2
    note "The formatting is not as .editorconfig says: run dotnet format."
  fi
  [[ -s $results ]] || fail "The tests ended without results (exit $status)."
  count_results "$results"
  ((status == 0 && formatting == 0))
}

# Beside the tests, in the time that those spend waiting. Only what the build does not say: analyzers have run there as
# errors, style included, and would take this 110 s of processor more. The order of imports no analyzer knows.
check_format() {
  local checks=(--verify-no-changes --no-restore -v quiet)
  exec setsid -- nice -n 19 env -C "$root" bash -c '
    dotnet format whitespace Platz.sln "$@" && dotnet format style Platz.sln --severity error --diagnostics IMPORTS "$@"
  ' format "${checks[@]}"
}

# The figures of the runner's own file: errors are failures outside a test, such as in tearing down a fixture.
count_results() {
  local head passed failed skipped
  head=$(grep -oE '<assembly [^>]*>' "$1" | head -n 1)
  passed=$(figure passed) failed=$(($(figure failed) + $(figure errors))) skipped=$(figure skipped)
  ((passed + failed + skipped > 0)) || fail "No test has '$filter' in its full name."
  say "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0)) || exit 1
}

figure() { [[ $head =~ \ $1=\"([0-9]+)\" ]] && printf '%s' "${BASH_REMATCH[1]}"; }
