# shellcheck shell=bash
# The processes of `up`: started, watched, restarted and stopped.

services=()                        # in the order of their start
declare -A pid_of=() since=() backoff=() due=()
job=''                             # what `patiently` waits for

# Runs something long. Bash acts upon a signal only when a foreground command has ended, but at once during `wait`.
patiently() {
  local status=0
  setsid -- "$@" 9>&- 8>&- &
  job=$!
  wait "$job" || status=$?
  job=
  return "$status"
}

# Starts a service in a session of its own, so that Ctrl-C reaches only this script, which stops all in order.
launch() { # name, command
  local name=$1
  shift
  setsid -- "$@" </dev/null >>"$logs/$name.log" 2>&1 9>&- 8>&- &
  pid_of[$name]=$!
  remember "$name" "$!"
}

# Brings a service under watch: start_NAME starts it, NAME_is_alive (if there is one) asks for it.
begin() {
  local name=$1
  services+=("$name")
  since[$name]=$SECONDS backoff[$name]=1
  "start_$name"
}

is_alive() {
  if declare -F "$1_is_alive" >/dev/null; then
    "$1_is_alive"
  else
    [[ -n ${pid_of[$1]:-} ]] && birth_of "${pid_of[$1]}"
  fi
}

# Waits until a service answers; one that dies instead is the end of the start.
await() { # name, seconds, test
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@"; do
    if ! is_alive "$name"; then
      tail -n 20 "$logs/$name.log" >&2
      fail "$name did not start (the whole log: $logs/$name.log)."
    fi
    if ((SECONDS >= deadline)); then
      tail -n 20 "$logs/$name.log" >&2
      fail "$name does not answer (the whole log: $logs/$name.log)."
    fi
    pause 0.2
  done
}

answers() { curl --silent --fail --output /dev/null --max-time 5 --noproxy "*" "$@" 8>&- 9>&-; } # address, options of curl ...

# --- While all runs ---

supervise() {
  local name
  exec 2>>"$logs/supervisor.log" # Bash has its own words for a process that was killed
  while true; do
    for name in "${services[@]}"; do
      revive "$name"
    done
    pause 1
  done
}

revive() {
  local name=$1
  if is_alive "$name"; then
    ((SECONDS - since[$name] < 60)) || backoff[$name]=1
  elif [[ -z ${due[$name]:-} ]]; then
    exit_of "$name"
    say "$name died$REPLY, restarting in ${backoff[$name]} s"
    due[$name]=$((SECONDS + backoff[$name]))
    backoff[$name]=$((backoff[$name] * 2 > 30 ? 30 : backoff[$name] * 2))
  elif ((SECONDS >= due[$name])); then
    unset "due[$name]"
    since[$name]=$SECONDS
    "start_$name" || true # still dead at the next look, then
  fi
}

exit_of() {
  local status=0
  REPLY=''
  [[ -n ${pid_of[$1]:-} ]] || return 0
  wait "${pid_of[$1]}" || status=$?
  REPLY=" (exit $status)"
}

# --- The end ---

# The whole group: a helm that the sandbox runs ends with it.
end_now() { kill -KILL -- "-$1" 2>/dev/null || kill -KILL "$1" 2>/dev/null || true; }

ask_to_end() {
  local name
  for name in "$@"; do
    [[ -z ${pid_of[$name]:-} ]] || kill -TERM "${pid_of[$name]}" 2>/dev/null || true
  done
}

await_end() { # deadline in ms, names
  local deadline=$1 name
  shift
  for name in "$@"; do
    [[ -n ${pid_of[$name]:-} ]] || continue
    while birth_of "${pid_of[$name]}" && now_ms && ((REPLY < deadline)); do
      pause 0.05
    done
    ! birth_of "${pid_of[$name]}" || say "$name did not stop in time and was killed"
    end_now "${pid_of[$name]}"
    rm -f -- "$run/$name.pid"
  done
}

# Everything within 10 s. The runner drains for 5 s at most, and needs database and sandboxes until it is done.
stop_everything() {
  local status=$? start pid
  trap '' INT TERM HUP
  trap - EXIT
  set +e
  release_services
  now_ms && start=$REPLY
  ((${#services[@]} == 0)) || say "Stopping"
  [[ -z $job ]] || kill -TERM -- "-$job" 2>/dev/null
  [[ -z ${seeding:-} ]] || kill -TERM "$seeding" 2>/dev/null
  ask_to_end runner web
  await_end $((start + 6500)) runner
  ask_to_end "${sandboxes[@]}" registry
  await_end $((start + 7500)) web "${sandboxes[@]}" registry
  if [[ -n $pg_home ]]; then
    now_ms && stop_cluster "$pg_home/cluster" $((start + 9500 - REPLY))
  fi
  for pid in $(jobs -p); do
    end_now "$pid"
  done
  rm -f -- "$run/ready" "$run/env" "$run/up.pid"
  exit "$status"
}

# What an `up` that was killed has left running. The caller holds the lock, so nobody needs them.
stop_orphans() {
  local name
  for name in runner web "${sandboxes[@]}" registry; do
    if remembered "$name"; then
      say "Stopping $name (process $REPLY), which an earlier run left behind"
      pid_of[$name]=$REPLY
    fi
  done
  now_ms
  local start=$REPLY
  ask_to_end runner web
  await_end $((start + 6500)) runner
  ask_to_end "${sandboxes[@]}" registry
  await_end $((start + 7500)) web "${sandboxes[@]}" registry
  pid_of=()
  local cluster=$data/postgres/cluster
  [[ -d $cluster ]] || return 0
  cluster=$(readlink -f -- "$cluster")
  if postmaster_is_running "$cluster" && find_postgres "$(<"$cluster/PG_VERSION")"; then
    say "Stopping PostgreSQL, which an earlier run left behind"
    choose_postgres_user "$cluster"
    stop_cluster "$cluster" 30000
  fi
}
