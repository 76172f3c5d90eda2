namespace Platz.Tests.Core.Charts.Extensions;

/// <summary>Extension files that use all there is.</summary>
internal static class Everything
{
    public const string ValuesUi = """
        apiVersion: platz.io/v1beta1
        kind: ValuesUi
        inputs:
          - id: motd
            type: text
            label: Message
            initialValue: Hello
            helpText: Shown to everybody
            required: true
          - id: replicas
            type: number
            label: Replicas
            minimum: 1
            maximum: "10.5"
            step: 0.5
            initialValue: 2.5
          - id: mode
            type: RadioSelect
            label: Mode
            options:
              - { value: dev, label: Development, helpText: For trying }
              - { value: 7 }
              - { value: null, label: None }
            initialValue: 7
          - id: db
            type: CollectionSelect
            collection: deployments
            label: Database
            filters: [{ field: kind, value: Postgres }]
          - id: creds
            type: CollectionSelect
            collection: secrets
            label: Credentials
            sensitive: true
            filters: [{ field: collection, value: db-creds }]
          - id: hosts
            type: array
            itemType: text
            label: Hosts
            initialValue: [a, b]
          - id: backup
            type: DaysAndHour
            label: Backup
            initialValue: { run_days: "0,3", schedule: "23:15" }
          - id: tls
            type: Checkbox
            label: TLS
            initialValue: false
            showIf: { "==": [{ var: mode }, dev] }
          - id: bucket
            type: array
            itemType: CollectionSelect
            collection: { deployment: Storage, type: bucket }
            label: Buckets
            showIfAll: [{ field: tls, value: true }]
          - id: legacy
            type: CollectionSelect
            collection: queue
            label: Queue
        outputs:
          values:
            - path: [motd]
              value: { FieldValue: { input: motd } }
            - path: [env, "[+]", value]
              value: { FieldProperty: { input: db, property: name } }
          secrets:
            app:
              motd: { FieldValue: { input: motd } }
              pass: { FieldProperty: { input: creds, property: contents } }
        """;

    public const string Actions = """
        - apiVersion: platz.io/v1beta1
          kind: Action
          spec:
            id: flush
            title: Flush
            description: Empties the cache
            allowed_role: Maintainer
            endpoint: standard_ingress
            path: /admin/flush?all=1
            method: POST
        - apiVersion: platz.io/v1beta1
          kind: Action
          spec:
            id: wipe
            title: Wipe
            description: Deletes everything
            allowed_role: Owner
            allowed_on_statuses: [Started, Idle]
            fontawesome_icon: trash
            dangerous: true
            endpoint: standard_ingress
            path: /admin/wipe
            method: DELETE
            ui_schema:
              inputs:
                - { id: why, type: text, label: Why, required: true }
              outputs:
                values:
                  - { path: [why], value: { FieldValue: { input: why } } }
        """;

    public const string Features = """
        apiVersion: platz.io/v1beta2
        kind: Features
        spec:
          ingress: { enabled: true, hostname_format: Name }
          status: { endpoint: standard_ingress, path: /status, refresh_interval_secs: 5 }
          cardinality: OnePerCluster
          reinstall_dependencies: false
          node_selector_paths: [[web, nodeSelector]]
          tolerations_paths: [[web, tolerations], [job, tolerations]]
          display:
            name: { InputField: { name: motd } }
            icon: { font_awesome: database }
        """;

    public const string Resources = """
        - apiVersion: platz.io/v1beta1
          kind: ResourceType
          key: bucket
          spec:
            name_singular: Bucket
            name_plural: Buckets
            fontawesome_icon: bucket
            global: true
            values_ui:
              inputs: [{ id: name, type: text, label: Name }]
            lifecycle:
              create: { allowed_role: Owner, target: { endpoint: standard_ingress, path: /buckets, method: POST } }
              update: {}
        """;
}
