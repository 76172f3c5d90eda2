# What the application answers on a sandbox cluster: the paths of actions.yaml, features.yaml and resources.yaml.
- path: /
  contentType: text/html; charset=utf-8
  body: {{ printf "<!doctype html><title>%s</title>" (.Values.app.title | toString | html) | quote }}
- path: /platz/status
  method: GET
  body:
    status: {name: {{ .Values.sandbox.status | quote }}, color: {{ .Values.sandbox.color | quote }}}
    primary_metric: {value: "12.5", unit: req/s, short_description: Rate, color: success}
    metrics:
      - {value: "0.2", unit: "%", short_description: Errors}
      - {value: {{ .Values.app.replicas | toString | quote }}, unit: pods, short_description: Web}
    notices:
      {{- with .Values.app.message }}
      - {level: Info, text: {{ . | quote }}}
      {{- end }}
      - {level: Info, text: {{ printf "%s keeps one request in %v" .Values.app.title .Values.app.sampling | quote }}}
      {{- if .Values.app.debug }}
      - {level: Warning, text: Debugging is on}
      {{- end }}
- {path: /platz/reindex, method: POST, delayMs: 300, body: {index: pages, documents: 1204, took_ms: 287}}
- {path: /platz/explode, method: POST, status: 500, body: {error: the index is locked by another writer, shard: 7}}
- {path: /platz/data, method: DELETE, body: {removed: 1204}}
- {path: /platz/drain, method: POST, status: 202, body: {draining: true}}
- {path: /platz/databases, method: POST, status: 201, body: {created: true}}
- {path: /platz/databases, method: PUT, body: {updated: true}}
- {path: /platz/databases, method: DELETE, status: 204}
