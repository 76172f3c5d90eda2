# shellcheck shell=bash
# Words, the data folder and ports: what every command needs.

say() { printf '%s\n' "$*"; }

note() { printf 'platz: %s\n' "$*" >&2; }

fail() {
  note "$*"
  exit 1
}

misuse() {
  note "$*"
  note "./platz help lists what there is."
  exit 2
}

# The value of an option, or a word about its absence.
value_of() { # option, arguments left, value
  [[ $2 -ge 2 && -n $3 ]] || misuse "$1 needs a value"
}

now_ms() { REPLY=$((${EPOCHREALTIME/[.,]/} / 1000)); }

# Waits without starting a process; a signal is acted upon at once.
pause() { read -rt "$1" -u 8 || true; }
exec 8<> <(:)

# Sets the paths of a data folder without making any.
use_data() {
  data=$(realpath -ms -- "${1:-$root/data}")
  run=$data/run logs=$data/logs
}

# Folders of others stay closed: the database's own user only needs to walk through the data folder.
make_data() {
  local problem
  if ! problem=$({ mkdir -p -- "$data" "$run" "$logs" "$data/keys" && : >"$run/writable"; } 2>&1); then
    note "The data folder $data cannot be written to: ${problem##*: }."
    fail "Choose another with --data DIR."
  fi
  rm -f -- "$run/writable"
  chmod 0711 -- "$data"
  chmod 0700 -- "$run" "$logs" "$data/keys"
}

# One `up` at a time on a data folder. The lock dies with its holder, so every process that may outlive us closes fd 9.
lock_data() {
  exec 9>>"$run/lock"
  flock --nonblock 9
}

is_up() {
  [[ -e $run/lock ]] && ! flock --nonblock "$run/lock" true 2>/dev/null
}

# --- Processes, told apart from later ones that were given the same pid ---

# The time a process was started, in ticks since boot; fails for the dead.
birth_of() {
  local stat=''
  { read -rd '' stat <"/proc/$1/stat"; } 2>/dev/null || [[ $stat ]] || return 1
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[0]} != Z ]] || return 1
  REPLY=${stat[19]}
}

remember() { # name, pid
  birth_of "$2" || REPLY=gone
  printf '%s %s\n' "$2" "$REPLY" >"$run/$1.pid"
}

# The living process that was remembered under a name.
remembered() {
  local pid birth
  [[ -f $run/$1.pid ]] && read -r pid birth <"$run/$1.pid" || return 1
  birth_of "$pid" && [[ $REPLY == "$birth" ]] || return 1
  REPLY=$pid
}

# --- Ports ---

check_port() {
  [[ $1 =~ ^[0-9]{1,5}$ ]] && ((10#$1 <= 65535)) || misuse "'$1' is not a port: give a number from 0 (any free one) to 65535"
  local first=1024
  [[ ! -r /proc/sys/net/ipv4/ip_unprivileged_port_start ]] || first=$(</proc/sys/net/ipv4/ip_unprivileged_port_start)
  ((10#$1 == 0 || 10#$1 >= first || EUID == 0)) || fail "Port $1 is for root alone here; choose $first or above."
}

port_is_free() {
  local hex
  printf -v hex ':%04X' "$1"
  ! awk -v port="$hex" 'FNR > 1 && $4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# Who listens on a port, as far as we may know.
holder_of_port() {
  local line
  line=$(ss -ltnpH "sport = :$1" 2>/dev/null | head -n 1) || true
  if [[ $line =~ \(\(\"([^\"]+)\",pid=([0-9]+) ]]; then
    printf ' by %s (process %s)' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
  fi
}

# The port that a name had last time, if it is still free; else a new one. Below the range of outgoing connections.
port_for() {
  local name=$1 port=${2:-} tries
  local file=$data/ports/$name
  mkdir -p -- "$data/ports"
  [[ ! -s $file ]] || port=$(<"$file")
  for ((tries = 0; tries < 200; tries++)); do
    if [[ $port =~ ^[0-9]+$ ]] && port_is_free "$port"; then
      printf '%s\n' "$port" >"$file"
      REPLY=$port
      return
    fi
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
  done
  fail "No free port was found between 20000 and 32000."
}
