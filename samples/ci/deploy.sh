#!/usr/bin/env bash
# deploy.sh DEPLOYMENT CHART: installs another chart version, prints the log while it is written, and fails if the task
# does. PLATZ_URL and PLATZ_TOKEN say where and as whom; PLATZ_KEY, if set, makes a job that runs again deploy once.
set -euo pipefail
: "${PLATZ_URL:?}" "${PLATZ_TOKEN:?}"
deployment=$1 chart=$2

# The token does not stand in the list of processes. While the server restarts, or has enough to do, it is asked again,
# for up to ten minutes.
api() {
  curl --silent --show-error --fail-with-body --retry 120 --retry-delay 5 --retry-connrefused \
    --header @<(printf 'x-platz-token: %s\n' "$PLATZ_TOKEN") "$@"
}

answer=$(api --include --request PUT "$PLATZ_URL/api/v2/deployments/$deployment" \
  --header 'Content-Type: application/json' --header "Idempotency-Key: ${PLATZ_KEY:-$$-$RANDOM$RANDOM}" \
  --data "{\"helm_chart_id\":\"$chart\"}") || { echo "$answer" >&2; exit 1; }
task=$(sed -n 's/^[Xx]-[Pp]latz-[Tt]ask-[Ii]d: *\([-0-9a-f]*\).*/\1/p' <<<"$answer")
[[ $task ]] || { echo "Saved; nothing is to be done while the deployment is disabled."; exit 0; }
echo "Task $PLATZ_URL/tasks/$task"

# A log that is followed breaks off when the server is restarted; it is all there the next time.
until api --no-buffer "$PLATZ_URL/api/v2/deployment-tasks/$task/log?follow=true"; do
  (($? != 22)) || exit 1 # it was answered, with an error
  sleep 5
done

end=$(api "$PLATZ_URL/api/v2/deployment-tasks/$task/log?format=ndjson&follow=true&tail=0" | tail -n 1)
[[ $end == '{"end":true,"status":"Done"'* ]] || { echo "$end" >&2; exit 1; }
