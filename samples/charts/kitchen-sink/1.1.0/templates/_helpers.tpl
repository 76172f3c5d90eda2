{{- define "kitchen-sink.labels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "kitchen-sink.container" -}}
# What the form calls sensitive, and the contents of the database secret. Not there when the form leaves both out.
envFrom:
  - secretRef:
      name: kitchen-sink
      optional: true
securityContext:
  allowPrivilegeEscalation: false
  capabilities:
    drop: [ALL]
{{- end -}}

{{- define "kitchen-sink.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
{{- end -}}
