# shellcheck shell=bash
# The demo: two sandbox clusters, a local registry filled from samples/charts, and a few deployments.

readonly sandboxes=(sandbox sandbox-2)
declare -A sandbox_port=() ingress_port=()

start_demo() {
  helm=$(suitable_helm) || { fetch_helm 3 && helm=$(helm_path 3); }
  mkdir -p -- "$data/kubeconfigs" "${sandboxes[@]/#/$data/}" "$data/registry" "$data/demo"
  local name
  port_for registry && registry_port=$REPLY
  for name in "${sandboxes[@]}"; do
    port_for "$name" && sandbox_port[$name]=$REPLY
    port_for "$name-ingress" && ingress_port[$name]=$REPLY
    rm -f -- "$(kubeconfig_of "$name")"
    begin "$name"
  done
  begin registry
  await registry 30 answers "http://127.0.0.1:$registry_port/v2/"
  push_charts
  for name in "${sandboxes[@]}"; do
    await "$name" 60 sandbox_answers "$name"
  done
}

kubeconfig_of() { printf '%s\n' "$data/kubeconfigs/$1.yaml"; }

sandbox_answers() { [[ -s $(kubeconfig_of "$1") ]] && answers "https://127.0.0.1:${sandbox_port[$1]}/version" --insecure; }

start_sandbox() { launch_sandbox sandbox; }

start_sandbox-2() { launch_sandbox sandbox-2; }

# The authority of its ingress lands beside the kubeconfig: NAME.pem.
launch_sandbox() { # name
  local settings=(Data="$data/$1" Port="${sandbox_port[$1]}" KubeconfigFile="$(kubeconfig_of "$1")" Name="$1" HelmBinary="$helm"
    IngressPort="${ingress_port[$1]}" IngressFile="$data/kubeconfigs/$1.ingress")
  [[ -z $helm_image ]] || settings+=(HelmImage="$helm_image")
  launch "$1" env -u ASPNETCORE_URLS "${settings[@]/#/Sandbox__}" dotnet "$(program Platz.Sandbox)"
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
  local number=1000 name
  for name in "${sandboxes[@]}"; do
    setting "Clusters__${number}__Name" "$name"
    setting "Clusters__${number}__Env" demo
    setting "Clusters__${number}__Kubeconfig" "$(kubeconfig_of "$name")"
    setting "Clusters__${number}__Sandbox" true
    setting "Clusters__${number}__IngressDomain" "$name.test"
    setting "Clusters__${number}__IngressAddress" "127.0.0.1:${ingress_port[$name]}"
    setting "Clusters__${number}__IngressCa" "$data/kubeconfigs/$name.pem"
    setting "Clusters__${number}__IngressTlsSecret" ingress-tls
    ((number += 1))
  done
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

# Kind, name, cluster, chart version (- for the newest), config.
demo_deployments() {
  local shop database
  demo_deployment HelloWeb shop sandbox 1.0.0 &&
    demo_deployment HelloWeb blog sandbox-2 1.1.0 &&
    demo_deployment SlowStart billing sandbox - &&
    demo_deployment BrokenTemplate legacy sandbox - &&
    demo_deployment RedisCache sessions sandbox - &&
    eventually first_id "deployments?name=shop" && shop=$REPLY &&
    demo_secret databases orders 'postgres://orders:not-a-real-password@db.internal/orders' && database=$REPLY &&
    demo_deployment KitchenSink pantry sandbox 1.0.0 "$(kitchen_sink_config "$shop" "$database")"
}

# What the form of kitchen-sink would send; it depends on the shop and on the secret.
kitchen_sink_config() { # id of the shop, id of the secret
  cat <<JSON
{"title": "Pantry", "replicas": 2, "sampling": 0.25, "memory": 64, "debug": true, "log_level": "trace",
 "tags": ["demo", "kitchen"], "ports": [9090], "backup": true, "backup_at": {"run_days": "0,3", "schedule": "23:15"},
 "shop": "$1", "neighbours": ["$1"], "database": "$2", "admin_password": "not a real one"}
JSON
}

seed_demo() {
  local token
  [[ ! -e $data/demo/seeded ]] || return 0
  exec 7>&2 >>"$logs/demo.log" 2>&1 9>&-
  token=$(dotnet "$(program Platz.Web)" token --name demo) && demo_deployments && : >"$data/demo/seeded" && return
  note "The demo's deployments could not be made (see $logs/demo.log)." 2>&7
}

# Puts its id into REPLY.
demo_secret() { # collection, name, contents
  local env code
  eventually first_id "envs?name=demo" && env=$REPLY || return
  code=$(api -o "$data/demo/answer" -w '%{http_code}' -H 'Content-Type: application/json' secrets --data \
    "$(printf '{"env_id":"%s","collection":"%s","name":"%s","contents":"%s"}' "$env" "$1" "$2" "$3")") || return
  made_or_there "POST secrets $1/$2" "$code" && eventually first_id "secrets?env_id=$env&collection=$1&name=$2"
}

# 409: made by an earlier attempt whose answer was lost.
made_or_there() { # what was asked, code of the answer
  [[ $2 != 201 && $2 != 200 && $2 != 409 ]] || return 0
  note "$1: $2 $(<"$data/demo/answer")"
  return 1
}

demo_deployment() { # kind, name, cluster, chart version, config
  [[ ! -e $data/demo/$2 ]] || return 0
  local kind chart cluster code
  eventually first_id "k8s-clusters?name=$3" && cluster=$REPLY || return
  eventually first_id "deployment-kinds?name=$1" && kind=$REPLY || return
  eventually chart_id "$kind" "${4#-}" && chart=$REPLY || return
  code=$(api -o "$data/demo/answer" -w '%{http_code}' -H 'Content-Type: application/json' deployments --data \
    "$(printf '{"name":"%s","kind_id":"%s","cluster_id":"%s","helm_chart_id":"%s","config":%s}' \
      "$2" "$kind" "$cluster" "$chart" "${5:-"{}"}")") || return
  made_or_there "POST deployments $2" "$code" && : >"$data/demo/$2"
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
