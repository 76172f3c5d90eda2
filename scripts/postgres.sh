# shellcheck shell=bash
# A private PostgreSQL: its own cluster, its own user, a Unix socket and nothing else.
#
# Who gets in: the folder around cluster and socket belongs to the user the server runs as, mode 0700, so that only that
# user and root come near the socket; and the server asks the kernel who is calling (peer) and lets in only those two.

pg_bin='' pg_user='' pg_home='' pg_socket=''
pg_as=() # the words that make a command run as pg_user

# Newest first; a cluster made by one major version is opened by that version only.
find_postgres() { # [major version]
  local bin
  while read -r bin; do
    if [[ -x $bin/postgres && -x $bin/initdb && -x $bin/pg_ctl ]]; then
      [[ -z ${1:-} || $("$bin/postgres" --version) =~ \)\ $1[^0-9] ]] || continue
      pg_bin=$bin
      return
    fi
  done < <(
    printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
    ! has postgres || dirname -- "$(readlink -f -- "$(command -v postgres)")"
  )
  return 1
}

require_postgres() {
  find_postgres || fail "No PostgreSQL server was found, in /usr/lib/postgresql/*/bin or on PATH. Install the Debian package
postgresql, or let ConnectionStrings__Platz name a database."
}

# PostgreSQL refuses to run as root.
choose_postgres_user() { # folder that may exist already
  pg_user=$(id -un) pg_as=()
  ((EUID == 0)) || return 0
  if [[ -e $1 && $(stat -Lc %U -- "$1") != root ]]; then
    pg_user=$(stat -Lc %U -- "$1")
  elif id postgres >/dev/null 2>&1; then
    pg_user=postgres
  else
    pg_user=platz
    id platz >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin platz
  fi
  pg_as=(runuser -u "$pg_user" --)
}

prepare_postgres() {
  choose_postgres_user "$data/postgres"
  [[ -e $data/postgres ]] || make_postgres_home
  pg_home=$(readlink -f -- "$data/postgres")
  if [[ -f $pg_home/cluster/PG_VERSION ]]; then
    local version
    version=$(<"$pg_home/cluster/PG_VERSION")
    find_postgres "$version" || fail "The database in $data was made by PostgreSQL $version, which was not found.
Install postgresql-$version, or choose another folder with --data DIR."
  else
    say "Making a PostgreSQL cluster"
    make_cluster "$pg_home/cluster" "$logs/postgres.log"
  fi
  choose_socket
}

# The data folder of root may lie where nobody else can go (/root): then the database gets a place that its user reaches.
make_postgres_home() {
  install -d -m 0700 -o "$pg_user" -- "$data/postgres"
  ! "${pg_as[@]}" test -x "$data/postgres" || return 0
  rm -f -- "$data/postgres" 2>/dev/null || rmdir -- "$data/postgres"
  local place
  install -d -m 0755 /var/lib/platz
  place=$(mktemp -d /var/lib/platz/data-XXXXXX)
  chown "$pg_user" "$place"
  ln -sfn "$place" "$data/postgres"
  say "The user $pg_user cannot reach $data: the database is kept in $place"
}

# Made beside its place and moved there whole, so that an interrupted initdb leaves nothing half-made behind.
make_cluster() { # folder, log
  local folder=$1
  rm -rf -- "$folder.new"
  if ! patiently "${pg_as[@]}" "$pg_bin/initdb" -D "$folder.new" -U postgres --encoding=UTF8 --locale="$(utf8_locale)" \
    --data-checksums --auth=peer >>"$2" 2>&1; then
    tail -n 20 "$2" >&2
    fail "initdb could not make the PostgreSQL cluster in $folder."
  fi
  cat >>"$folder.new/postgresql.conf" <<CONF

listen_addresses = ''
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  printf 'local all all peer map=platz\n' >"$folder.new/pg_hba.conf"
  local role
  for role in platz postgres; do
    printf 'platz "root" %s\nplatz "%s" %s\n' "$role" "$pg_user" "$role"
  done >"$folder.new/pg_ident.conf"
  mv -T -- "$folder.new" "$folder"
}

# With it the database orders and folds letters of every language; C alone knows ASCII.
utf8_locale() { locale -a 2>/dev/null | grep -ixE 'C\.utf-?8' | head -n 1 | grep . || echo C; }

# A socket's path has at most 107 bytes, and a connection string has letters of its own.
choose_socket() {
  pg_socket=$pg_home/socket
  if ((${#pg_socket} <= 85)) && [[ $pg_socket =~ ^[A-Za-z0-9/._-]+$ ]]; then
    install -d -m 0700 -o "$pg_user" -- "$pg_socket"
    return
  fi
  [[ ! -s $run/socket ]] || pg_socket=$(<"$run/socket")
  if [[ ! -d $pg_socket || -L $pg_socket || $(stat -c %U:%a -- "$pg_socket") != "$pg_user:700" ||
    ${#pg_socket} -gt 85 || ! $pg_socket =~ ^[A-Za-z0-9/._-]+$ ]]; then
    pg_socket=$(mktemp -d /tmp/platz-XXXXXX)
    chown "$pg_user" "$pg_socket"
  fi
  printf '%s\n' "$pg_socket" >"$run/socket"
}

# The postmaster of this very cluster: it has made its data folder its working directory. A pid alone says nothing after
# a crash, when another process may have been given it.
postmaster() { # cluster
  local pid
  { read -r pid <"$1/postmaster.pid"; } 2>/dev/null || return 1
  [[ $pid =~ ^[0-9]+$ && $(readlink "/proc/$pid/cwd") == "$1" ]] || return 1
  REPLY=$pid
}

postmaster_is_running() { postmaster "$1" && birth_of "$REPLY"; }

# Waits until the server has recovered and answers.
start_cluster() { # cluster, socket folder, log, more options
  # Both name a pid, which PostgreSQL takes for a living server's as soon as any process has been given it.
  postmaster "$1" || rm -f -- "$1/postmaster.pid" "$2/.s.PGSQL.5432.lock"
  pg_starting=$1
  patiently "${pg_as[@]}" "$pg_bin/pg_ctl" start -s -w -t 120 -D "$1" \
    -o "-c unix_socket_directories='$2' ${4:-}" >>"$3" 2>&1 || return
  pg_starting=
}

stop_cluster() { # cluster, milliseconds it may take
  local tries seconds=$((($2 - 500) / 1000))
  # The server that is only just starting has not written its pid yet.
  for ((tries = 0; tries < 10; tries++)); do
    postmaster "$1" && break
    [[ ${pg_starting:-} == "$1" ]] || return 0
    pause 0.1
  done
  postmaster_is_running "$1" || return 0
  local pid=$REPLY
  postmaster "$1" && pid=$REPLY
  "${pg_as[@]}" "$pg_bin/pg_ctl" stop -s -D "$1" -m fast -t "$((seconds > 1 ? seconds : 1))" >/dev/null 2>&1 ||
    "${pg_as[@]}" "$pg_bin/pg_ctl" stop -s -D "$1" -m immediate -t 1 >/dev/null 2>&1 ||
    kill -KILL "$pid" 2>/dev/null || true
}

# --- The database of `up` ---

start_postgres() {
  start_cluster "$pg_home/cluster" "$pg_socket" "$logs/postgres.log" || return
  "${pg_as[@]}" "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$pg_socket" -U postgres -d postgres <<'SQL' >>"$logs/postgres.log" 2>&1
SELECT 'CREATE ROLE platz LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'platz') \gexec
SELECT 'CREATE DATABASE platz OWNER platz' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'platz') \gexec
SQL
}

postgres_is_alive() { postmaster_is_running "$pg_home/cluster"; }
