using System.Text;
using Platz.Tests.Support;

namespace Platz.Tests.Journeys.Planted;

/// <summary>
/// A chart that tells what it must not: in its notes, in templates that fail, in objects that the cluster refuses, in
/// commands that do not start, in the answers to its actions.
/// </summary>
internal static class LeakyChart
{
    private const string Form = """
        apiVersion: platz.io/v1beta1
        kind: ValuesUi
        inputs:
          - {id: mode, type: text, label: Mode, required: true}
          - {id: password, type: text, label: Password, sensitive: true}
          - {id: database, type: CollectionSelect, collection: secrets, label: Database}
        outputs:
          values:
            - {path: [leak, mode], value: {FieldValue: {input: mode}}}
            - {path: [leak, password], value: {FieldValue: {input: password}}}
            - {path: [leak, database], value: {FieldProperty: {input: database, property: contents}}}
          secrets:
            leaky:
              DATABASE: {FieldProperty: {input: database, property: contents}}
        """;

    private const string Features = """
        apiVersion: platz.io/v1beta2
        kind: Features
        spec:
          ingress: {enabled: true, hostname_format: KindAndName}
          status: {endpoint: standard_ingress, path: /platz/echo, refresh_interval_secs: 1}
          cardinality: Many
        """;

    private const string Helpers = """
        {{- define "leaky.spellings" -}}
        {{ . }} {{ b64enc . }} {{ printf "x:%s" . | b64enc }} {{ printf "xy:%s!" . | b64enc }} {{ printf "%x" . }} {{ printf "%X" . }} {{ urlquery . }} {{ toJson . }} {{ toJson (toJson .) }}
        {{- end -}}
        {{- define "leaky.all" -}}
        {{ include "leaky.spellings" .Values.leak.password }} {{ include "leaky.spellings" .Values.leak.database }}
        {{- with (lookup "v1" "Secret" .Release.Namespace "platz-creds") }} {{ .data.access_token }} {{ b64dec .data.access_token }}{{ end }}
        {{- end -}}
        """;

    private const string Objects = """
        {{- $leak := .Values.leak }}
        {{- if eq $leak.mode "fail" }}{{ fail (include "leaky.all" .) }}{{ end }}
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          annotations: {example.com/checksum: {{ $leak.database | quote }}}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata:
              labels: {app: {{ if eq $leak.mode "refused" }}{{ $leak.password }}{{ else }}web{{ end }}}
              annotations:
                example.com/database: {{ $leak.database | quote }}
                sandbox.platz.io/http: |
                  - {path: /platz/refuse, status: 500, echo: true}
                  - {path: /platz/*, echo: true}
            spec:
              containers:
                - name: web
                  image: {{ if eq $leak.mode "image" }}registry.invalid/{{ $leak.password }}:1{{ else }}web:1{{ end }}
                  ports: [{name: http, containerPort: 8080}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: {{ .Release.Name }}}
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: http}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{ .Release.Name }}}
        spec:
          rules:
            {{- range .Values.ingress.hosts }}
            - host: {{ .host | quote }}
              http:
                paths:
                  - {path: /, pathType: Prefix, backend: {service: {name: {{ $.Release.Name }}, port: {name: http}}}}
            {{- end }}
        {{- if eq $leak.mode "stay" }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: farewell, annotations: {helm.sh/hook: pre-delete}}
        spec:
          selector: {matchLabels: {app: farewell}}
          template:
            metadata: {labels: {app: {{ $leak.password }}}}
            spec: {containers: [{name: farewell, image: "web:1"}]}
        {{- end }}
        """;

    private static string Actions => $"{Action("echo")}\n{Action("refuse")}";

    private static string Action(string id) => $$"""
        - apiVersion: platz.io/v1beta1
          kind: Action
          spec:
            id: {{id}}
            title: {{id}}
            description: Says again what it was told.
            allowed_role: Maintainer
            endpoint: standard_ingress
            path: /platz/{{id}}
            method: POST
            ui_schema:
              inputs:
                - {id: note, type: text, label: Note, sensitive: true}
                - {id: database, type: CollectionSelect, collection: secrets, label: Database}
              outputs:
                values:
                  - {path: [note], value: {FieldValue: {input: note} } }
                  - {path: [database], value: {FieldProperty: {input: database, property: contents} } }
        """;

    public static Task PushAsync(RegistryServer registry, CancellationToken cancel)
    {
        var chart = new ChartTar()
            .File("leaky/Chart.yaml", "apiVersion: v2\nname: leaky\nversion: 1.0.0\n")
            .File("leaky/values.yaml", "leak: {mode: ok, password: '', database: ''}\ningress: {hosts: []}\n")
            .File("leaky/templates/_helpers.tpl", Helpers)
            .File("leaky/templates/all.yaml", Objects)
            .File("leaky/templates/NOTES.txt", "{{ include \"leaky.all\" . }}\n")
            .File("leaky/platz/values-ui.yaml", Form)
            .File("leaky/platz/features.yaml", Features)
            .File("leaky/platz/actions.yaml", Actions);
        return registry.PushRawAsync(
            "planted/leaky", "1.0.0", chart.ToTgz(), Encoding.UTF8.GetBytes("""{"apiVersion":"v2","name":"leaky","version":"1.0.0"}"""),
            cancel);
    }
}
