# shellcheck shell=bash
# The commands beside `up` on the same data folder: down, runner, token, verify-audit, psql.

# Takes --data DIR out of the arguments; the others are left in `rest`.
read_data_option() {
  local folder=''
  rest=()
  while (($# > 0)); do
    if [[ $1 == --data ]]; then
      value_of "$1" $# "${2:-}"
      folder=$2
      shift 2
    else
      rest+=("$1")
      shift
    fi
  done
  use_data "$folder"
}

command_down() {
  read_data_option "$@"
  ((${#rest[@]} == 0)) || misuse "down has no option '${rest[0]}'"
  if is_up && remembered up; then
    local pid=$REPLY deadline=$((SECONDS + 15))
    kill -TERM "$pid"
    while birth_of "$pid"; do
      ((SECONDS < deadline)) || { kill -KILL "$pid" 2>/dev/null && break; }
      pause 0.1
    done
    ! is_up || pause 0.2
  elif [[ ! -d $run ]]; then
    say "Platz is not running on $data."
    return
  fi
  cd /
  # What outlived an `up` that was killed.
  lock_data || fail "Another command is just starting on $data."
  stop_orphans
  say "Platz is not running on $data any more."
}

# The settings that `up` wrote for the programs; with a database of one's own the caller's settings do as well.
enter_running() {
  if is_up && [[ -r $run/env ]]; then
    # shellcheck source=/dev/null
    source "$run/env"
  elif is_up; then
    fail "Platz is still starting on $data."
  elif [[ -z ${ConnectionStrings__Platz:-} ]]; then
    fail "Platz is not running on $data; start it with ./platz up."
  fi
}

built_program() {
  [[ -f $(program "$1") ]] || fail "The programs have not been built; ./platz up builds them."
}

command_runner() {
  read_data_option "$@"
  ((${#rest[@]} == 0)) || misuse "runner has no option '${rest[0]}'"
  enter_running
  built_program Platz.Runner
  cd /
  exec dotnet "$(program Platz.Runner)" 8>&-
}

command_token() {
  read_data_option "$@"
  local arguments=()
  if ((${#rest[@]} > 0)); then
    [[ ${rest[0]} == --name ]] || misuse "token has no option '${rest[0]}'"
    value_of --name "${#rest[@]}" "${rest[1]:-}"
    ((${#rest[@]} == 2)) || misuse "token has no option '${rest[2]}'"
    arguments=(--name "${rest[1]}")
  fi
  enter_running
  built_program Platz.Web
  exec dotnet "$(program Platz.Web)" token "${arguments[@]}" 8>&-
}

command_verify_audit() {
  read_data_option "$@"
  local arguments=()
  if ((${#rest[@]} > 0)); then
    [[ ${rest[0]} == --heads ]] || misuse "verify-audit has no option '${rest[0]}'"
    value_of --heads "${#rest[@]}" "${rest[1]:-}"
    ((${#rest[@]} == 2)) || misuse "verify-audit has no option '${rest[2]}'"
    arguments=(--heads "${rest[1]}")
  fi
  enter_running
  built_program Platz.Web
  exec dotnet "$(program Platz.Web)" verify-audit "${arguments[@]}" 8>&-
}

command_psql() {
  read_data_option "$@"
  enter_running
  name_database_to_psql
  find_postgres || true
  local psql=psql
  [[ ! -x $pg_bin/psql ]] || psql=$pg_bin/psql
  has "$psql" || fail "No psql was found; install the Debian package postgresql-client."
  exec "$psql" "${rest[@]}" 8>&-
}

# An Npgsql connection string, in the words of libpq.
name_database_to_psql() {
  local part key value
  local -a parts
  IFS=';' read -ra parts <<<"$ConnectionStrings__Platz"
  for part in "${parts[@]}"; do
    [[ $part == *=* ]] || continue
    key=${part%%=*} value=${part#*=}
    key=${key//[[:space:]]/}
    value=${value#"${value%%[![:space:]]*}"}
    [[ ! $value =~ ^([\"\'])(.*)[\"\']$ ]] || value=${BASH_REMATCH[2]}
    case ${key,,} in
      host | server) export PGHOST=$value ;;
      port) export PGPORT=$value ;;
      database | db) export PGDATABASE=$value ;;
      username | userid | user) export PGUSER=$value ;;
      password) export PGPASSWORD=$value ;;
      sslmode) export PGSSLMODE=${value,,} ;;
      rootcertificate) export PGSSLROOTCERT=$value ;;
    esac
  done
  [[ ! ${PGSSLMODE:-} =~ ^verify(ca|full)$ ]] || PGSSLMODE=verify-${BASH_REMATCH[1]}
}
