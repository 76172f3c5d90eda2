# shellcheck shell=bash
# The demo: a sandbox cluster, a local registry filled from samples/charts, and a few deployments.

start_demo() {
  helm=$(suitable_helm) || { fetch_helm 3 && helm=$(helm_path 3); }
  sandbox_kubeconfig=$data/kubeconfigs/sandbox.yaml
  mkdir -p -- "$data/kubeconfigs" "$data/sandbox" "$data/registry" "$data/demo"
  port_for registry && registry_port=$REPLY
  port_for sandbox && sandbox_port=$REPLY
  rm -f -- "$sandbox_kubeconfig"
  begin sandbox
  begin registry
  await registry 30 answers "http://127.0.0.1:$registry_port/v2/"
  push_charts
  await sandbox 60 sandbox_answers
}

sandbox_answers() { [[ -s $sandbox_kubeconfig ]] && answers "https://127.0.0.1:$sandbox_port/version" --insecure; }

start_sandbox() {
  local settings=(Data="$data/sandbox" Port="$sandbox_port" KubeconfigFile="$sandbox_kubeconfig" Name=sandbox HelmBinary="$helm")
  [[ -z $helm_image ]] || settings+=(HelmImage="$helm_image")
  launch sandbox env -u ASPNETCORE_URLS "${settings[@]/#/Sandbox__}" dotnet "$(program Platz.Sandbox)"
}

start_registry() {
  cat >"$run/registry.yml" <<YAML
version: 0.1
log:
  level: info
storage:
  filesystem:
    rootdirectory: "$data/registry"
  delete:
    enabled: true
http:
  addr: 127.0.0.1:$registry_port
YAML
  launch registry docker-registry serve "$run/registry.yml"
}

demo_settings() {
  setting Clusters__1000__Name sandbox
  setting Clusters__1000__Env demo
  setting Clusters__1000__Kubeconfig "$sandbox_kubeconfig"
  setting Clusters__1000__Sandbox true
  setting Registries__Sources__1000__Name demo
  setting Registries__Sources__1000__Url "http://127.0.0.1:$registry_port/charts"
}

# Every samples/charts/NAME/VERSION that the registry does not have yet.
push_charts() {
  local folder name work
  work=$(mktemp -d "$run/charts.XXXXXX")
  for folder in "$root"/samples/charts/*/*/; do
    [[ -f $folder/Chart.yaml ]] || continue
    name=$(basename -- "$(dirname -- "$folder")")
    has_chart "$name" "$(basename -- "$folder")" || push_chart "$folder" "$work"
  done
  rm -rf -- "$work"
}

has_chart() {
  curl --silent --fail --head --output /dev/null --max-time 5 --noproxy '*' \
    -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://127.0.0.1:$registry_port/v2/charts/$1/manifests/$2" 8>&- 9>&-
}

# Helm's folders are ours for the time, so that nobody's own logins and plugins are touched.
push_chart() { # folder, where to work
  local helm_here=(env HELM_CACHE_HOME="$2" HELM_CONFIG_HOME="$2" HELM_DATA_HOME="$2" NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 "$helm")
  rm -f -- "$2"/*.tgz
  if ! { patiently "${helm_here[@]}" package "$1" -d "$2" &&
    patiently "${helm_here[@]}" push "$2"/*.tgz "oci://127.0.0.1:$registry_port/charts" --plain-http; } >>"$logs/demo.log" 2>&1; then
    tail -n 10 "$logs/demo.log" >&2
    fail "The sample chart in $1 could not be pushed to the local registry."
  fi
}

# --- The deployments, made as a bot makes them: through the API. Once for a data folder. ---

# Kind, name, and chart version where it is not the newest.
demo_deployments() {
  local kind name version
  while read -r kind name version; do
    demo_deployment "$kind" "$name" "$version" || return
  done <<'LIST'
HelloWeb shop 1.0.0
HelloWeb blog 1.1.0
SlowStart billing
BrokenTemplate legacy
RedisCache sessions
LIST
}

seed_demo() {
  local token cluster
  [[ ! -e $data/demo/seeded ]] || return 0
  exec 7>&2 >>"$logs/demo.log" 2>&1 9>&-
  token=$(dotnet "$(program Platz.Web)" token --name demo) && eventually first_id "k8s-clusters?name=sandbox" &&
    cluster=$REPLY && demo_deployments && : >"$data/demo/seeded" && return
  note "The demo's deployments could not be made (see $logs/demo.log)." 2>&7
}

demo_deployment() { # kind, name, chart version
  [[ ! -e $data/demo/$2 ]] || return 0
  local kind chart code
  eventually first_id "deployment-kinds?name=$1" && kind=$REPLY || return
  eventually chart_id "$kind" "$3" && chart=$REPLY || return
  code=$(api -o "$data/demo/answer" -w '%{http_code}' -H 'Content-Type: application/json' deployments --data \
    "$(printf '{"name":"%s","kind_id":"%s","cluster_id":"%s","helm_chart_id":"%s","config":{}}' "$2" "$kind" "$cluster" "$chart")") || return
  # 409: made by an earlier attempt whose answer was lost.
  if [[ $code != 201 && $code != 200 && $code != 409 ]]; then
    note "POST deployments $2: $code $(<"$data/demo/answer")"
    return 1
  fi
  : >"$data/demo/$2"
}

# The token goes in by a file, because a command line can be read by everybody on the machine.
api() { # options of curl ..., path, more options
  local options=()
  while [[ $1 == -* ]]; do
    options+=("$1" "$2")
    shift 2
  done
  local path=$1
  shift
  curl --silent --show-error --max-time 15 --noproxy '*' -H @<(printf 'x-platz-token: %s\n' "$token") "${options[@]}" \
    "http://127.0.0.1:$port/api/v2/$path" "$@"
}

# A chart is known when the registry has been read for the first time, which takes a moment. (The waiting is done in this
# process and not in a substitution, which would outlive it.)
eventually() {
  local deadline=$((SECONDS + 120))
  until REPLY=$("$@"); do
    if ((SECONDS >= deadline)); then
      note "gave up waiting for: $*"
      return 1
    fi
    pause 1
  done
}

# Each item of a list begins with its id; nothing else of an item is named that.
items_of() { api "$1" | sed 's/{"id":"/\n&/g' | grep -E '^\{"id":"[0-9a-f-]{36}"'; }

id_of_line() { head -n 1 | sed -E 's/^\{"id":"([0-9a-f-]{36})".*/\1/' | grep .; }

first_id() { items_of "$1" | id_of_line; }

chart_id() { # kind, version
  items_of "helm-charts?kind_id=$1" | grep -F "\"image_tag\":\"$2${2:+\"}" | id_of_line
}
