using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Platz.Tests.Core.Tasks;

/// <summary>The recorded helm runs that failed, and the line each of them should be summed up by.</summary>
internal static class Transcripts
{
    private static readonly Dictionary<(string Case, string Helm), string> s_firstLines = new()
    {
        [("immutable selector", "3.18.0")] =
            "Error: UPGRADE FAILED: cannot patch \"web\" with kind Deployment: Deployment.apps \"web\" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"app\":\"other\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable",
        [("not ready in time: crash loop", "3.18.0")] =
            "Error: context deadline exceeded",
        [("not ready in time: image missing", "3.18.0")] =
            "Error: context deadline exceeded",
        [("existing resource conflict on install", "3.18.0")] =
            "Error: Unable to continue with install: ConfigMap \"shared-config\" in namespace \"hr3180\" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key \"meta.helm.sh/release-name\" must equal \"cfg2\": current value is \"n\"",
        [("template error: nil pointer", "3.18.0")] =
            "Error: template: badtpl/templates/x.yaml:2:27: executing \"badtpl/templates/x.yaml\" at <.Values.a.b.c>: nil pointer evaluating interface {}.b",
        [("template error: parse", "3.18.0")] =
            "Error: parse error at (badparse/templates/x.yaml:2): unexpected \"}\" in operand",
        [("template error: yaml", "3.18.0")] =
            "Error: YAML parse error on badyaml/templates/x.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        [("required value missing", "3.18.0")] =
            "Error: execution error at (required/templates/x.yaml:4:13): hostname must be set",
        [("values schema violated", "3.18.0")] =
            "Error: values don't meet the specifications of the schema(s) in the following chart(s): schema: replicas: Must be greater than or equal to 1",
        [("kind not known to the cluster", "3.18.0")] =
            "Error: unable to build kubernetes objects from release manifest: resource mapping not found for name: \"x\" namespace: \"\" from \"\": no matches for kind \"ServiceMonitor\" in version \"monitoring.coreos.com/v1\"; ensure CRDs are installed first",
        [("cluster too old for the chart", "3.18.0")] =
            "Error: chart requires kubeVersion: >=1.30.0 which is incompatible with Kubernetes v1.26.5",
        [("registry unreachable", "3.18.0")] =
            "Error: failed to resolve 127.0.0.1:9/charts/web:1.0.0: Get \"https://127.0.0.1:9/v2/charts/web/manifests/1.0.0\": dial tcp 127.0.0.1:9: connect: connection refused",
        [("chart path missing", "3.18.0")] =
            "Error: repo charts not found",
        [("forbidden", "3.18.0")] =
            "Error: query: failed to query with labels: secrets is forbidden: User \"viewer\" cannot list resource \"secrets\" in API group \"\" in the namespace \"hr3180\"",
        [("cluster unreachable", "3.18.0")] =
            "Error: Kubernetes cluster unreachable: Get \"http://127.0.0.1:9/version\": dial tcp 127.0.0.1:9: connect: connection refused",
        [("release locked by a killed run", "3.18.0")] =
            "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
        [("interrupted with SIGTERM", "3.18.0")] =
            "Error: context canceled",
        [("uninstall of nothing", "3.18.0")] =
            "Error: uninstall: Release not loaded: web: release: not found",
        [("immutable selector", "4.1.4")] =
            "Error: UPGRADE FAILED: Deployment.apps \"web\" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"app\":\"other\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable",
        [("not ready in time: crash loop", "4.1.4")] =
            "Error: resource Deployment/hr414/crash not ready. status: InProgress, message: Available: 0/1; context deadline exceeded",
        [("not ready in time: image missing", "4.1.4")] =
            "Error: resource Deployment/hr414/pull not ready. status: InProgress, message: Available: 0/1; context deadline exceeded",
        [("existing resource conflict on install", "4.1.4")] =
            "Error: unable to continue with install: ConfigMap \"shared-config\" in namespace \"hr414\" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key \"meta.helm.sh/release-name\" must equal \"cfg2\": current value is \"n\"",
        [("template error: nil pointer", "4.1.4")] =
            "Error: badtpl/templates/x.yaml:2:27 executing \"badtpl/templates/x.yaml\" at <.Values.a.b.c>: nil pointer evaluating interface {}.b",
        [("template error: parse", "4.1.4")] =
            "Error: parse error at (badparse/templates/x.yaml:2): unexpected \"}\" in operand",
        [("template error: yaml", "4.1.4")] =
            "Error: YAML parse error on badyaml/templates/x.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        [("required value missing", "4.1.4")] =
            "Error: execution error at (required/templates/x.yaml:4:13): hostname must be set",
        [("values schema violated", "4.1.4")] =
            "Error: values don't meet the specifications of the schema(s) in the following chart(s): schema: at '/replicas': minimum: got 0, want 1",
        [("kind not known to the cluster", "4.1.4")] =
            "Error: unable to build kubernetes objects from release manifest: resource mapping not found for name: \"x\" namespace: \"\" from \"\": no matches for kind \"ServiceMonitor\" in version \"monitoring.coreos.com/v1\"; ensure CRDs are installed first",
        [("unknown field", "4.1.4")] =
            "Error: failed to create typed patch object (hr414/uf; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema",
        [("cluster too old for the chart", "4.1.4")] =
            "Error: chart requires kubeVersion: >=1.30.0 which is incompatible with Kubernetes v1.26.5",
        [("registry unreachable", "4.1.4")] =
            "Error: failed to perform \"FetchReference\" on source: Get \"https://127.0.0.1:9/v2/charts/web/manifests/1.0.0\": dial tcp 127.0.0.1:9: connect: connection refused",
        [("chart path missing", "4.1.4")] =
            "Error: repo charts not found",
        [("forbidden", "4.1.4")] =
            "Error: query: failed to query with labels: secrets is forbidden: User \"viewer\" cannot list resource \"secrets\" in API group \"\" in the namespace \"hr414\"",
        [("cluster unreachable", "4.1.4")] =
            "Error: kubernetes cluster unreachable: Get \"http://127.0.0.1:9/version\": dial tcp 127.0.0.1:9: connect: connection refused",
        [("release locked by a killed run", "4.1.4")] =
            "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
        [("uninstall of nothing", "4.1.4")] =
            "Error: uninstall: Release not loaded: web: release: not found",
        [("hook job failed", "3.18.0")] =
            "Error: failed pre-install: job migrate failed: BackoffLimitExceeded",
        [("hook job failed", "4.1.4")] =
            "Error: failed pre-install: resource Job/hx414/migrate not ready. status: Failed, message: Job Failed. failed: 1/1",
    };

    /// <summary>In a pod standard output and error arrive as one log.</summary>
    private static readonly List<(string Case, string Helm, int ExitCode, string Log)> s_all =
        [.. ((JsonArray)JsonNode.Parse(File.ReadAllText(Beside("helm-transcripts.json")))!["cases"]!)
            .Select(run => ((string)run!["case"]!, (string)run["helm"]!, (int)run["exitCode"]!, $"{run["stdout"]}{run["stderr"]}"))];

    public static IReadOnlyList<(string Case, string Helm, int ExitCode, string Log)> Failed { get; } =
        [.. s_all.Where(run => run.ExitCode != 0)];

    public static IReadOnlyList<string> Succeeded { get; } =
        [.. s_all.Where(run => run.ExitCode == 0).Select(run => run.Log)];

    public static IEnumerable<string> ExpectedNames => s_firstLines.Keys.Select(key => $"{key.Case} {key.Helm}");

    private static string Beside(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, file);

    public static string FirstLine(string name, string helm) => s_firstLines[(name, helm)];
}
