using System.Diagnostics;
using System.Text.Json.Nodes;
using Platz.Sandbox.Faults;
using Platz.Sandbox.Store;
using Platz.Sandbox.Store.Admission;

namespace Platz.Sandbox.Kubelet;

/// <summary>
/// Prepares what a helm pod runs: its files in a folder of its own, its arguments checked, a clean environment.
/// </summary>
internal sealed class HelmPods(
    SandboxOptions options, SandboxFolders folders, PodVolumes volumes, ServerAddress address, FaultSwitches faults,
    Certificates certificates)
{
    private static readonly string[] s_pathVariables =
    [
        "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_REGISTRY_CONFIG", "HELM_REPOSITORY_CACHE",
        "HELM_REPOSITORY_CONFIG", "HELM_CONTENT_CACHE", "HOME", "TMPDIR", "KUBECONFIG", "DOCKER_CONFIG",
        "SSL_CERT_FILE",
        "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
    ];

    private static readonly string[] s_plainVariables =
    [
        "HELM_NAMESPACE", "HELM_DRIVER", "HELM_MAX_HISTORY", "HELM_KUBECONTEXT", "HELM_KUBETOKEN", "HELM_BURST_LIMIT",
        "HELM_QPS", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "TZ",
    ];

    public bool IsHelm(JsonObject container) =>
        SandboxOptions.RepositoryOf(container.Text("image") ?? "") == SandboxOptions.RepositoryOf(options.HelmImage);

    /// <summary>The process to run, or why there is none.</summary>
    public (IContainerProcess? Process, bool Scripted, string Refusal) Prepare(
        StoredObject pod, JsonObject container, TimeProvider clock)
    {
        if (faults.TakeScript(pod.Name) is { } script)
        {
            return (new ScriptedProcess(script, clock), true, "");
        }

        if (options.HelmBinary.Length == 0)
        {
            return (null, false, "the sandbox has no helm binary: set Sandbox:HelmBinary");
        }

        var arguments = Arguments(container);
        if (arguments is null)
        {
            return (null, false,
                $"exec: \"{container.Texts("command").FirstOrDefault()}\": a helm pod of the sandbox runs "
                + "helm and nothing else, without a shell");
        }

        return Prepare(pod, container, arguments);
    }

    private (IContainerProcess? Process, bool Scripted, string Refusal) Prepare(
        StoredObject pod, JsonObject container, IReadOnlyList<string> arguments)
    {
        var paths = new PodPaths(folders.Run(pod.Uid));
        Directory.CreateDirectory(paths.WorkingDirectory);
        volumes.Materialize(pod, container, paths);
        var helm = new HelmArguments(paths);
        if (helm.Rewrite(arguments) is { } refusal)
        {
            return (null, false, refusal);
        }

        var environment = Environment(container, paths);
        var kubeconfig = helm.Kubeconfig ?? environment.GetValueOrDefault("KUBECONFIG") ?? OwnKubeconfig(pod, paths);
        if (Kubeconfig.Confine(kubeconfig, paths, address.Url, certificates.AuthorityPem) is { } unsafeConfig)
        {
            return (null, false, unsafeConfig);
        }

        environment["KUBECONFIG"] = kubeconfig;
        return (new HelmProcess(StartInfo(helm.Result, environment, paths), Path.Combine(paths.Root, "pid")), false,
            "");
    }

    public void Clean(string podUid)
    {
        if (Directory.Exists(folders.Run(podUid)))
        {
            Directory.Delete(folders.Run(podUid), recursive: true);
        }
    }

    /// <summary>Helm's own arguments; null when the pod's command is not helm.</summary>
    public static IReadOnlyList<string>? Arguments(JsonObject container)
    {
        string[] command = [.. container.Texts("command")];
        string[] arguments = [.. container.Texts("args")];
        return command switch
        {
            [] => arguments,
            ["helm" or "/usr/bin/helm" or "/usr/local/bin/helm", .. var rest] => [.. rest, .. arguments],
            _ => null,
        };
    }

    private Dictionary<string, string> Environment(JsonObject container, PodPaths paths)
    {
        // Nothing of the sandbox's own environment, no search path: helm finds no plugin and no credential program.
        var environment = new Dictionary<string, string> { ["PATH"] = Path.Combine(paths.Root, "none") };
        foreach (var (name, path) in ((string, string)[])
            [("HOME", "/root"), ("HELM_CACHE_HOME", "/helm/cache"), ("HELM_CONFIG_HOME", "/helm/config"),
            ("HELM_DATA_HOME", "/helm/data"), ("TMPDIR", "/tmp")])
        {
            environment[name] = paths.Map(path);
        }

        foreach (var variable in container.Objects("env"))
        {
            var name = variable.Text("name") ?? "";
            var value = variable.Text("value") ?? "";
            if (s_pathVariables.Contains(name))
            {
                environment[name] = paths.Map(value);
            }
            else if (s_plainVariables.Contains(name))
            {
                environment[name] = value;
            }
        }

        Directory.CreateDirectory(environment["TMPDIR"]);
        environment["HELM_PLUGINS"] = Path.Combine(paths.Root, "none");
        environment["HELM_KUBEAPISERVER"] = address.Url;
        return environment;
    }

    /// <summary>What client-go makes of the mounted service account token in a real pod.</summary>
    private string OwnKubeconfig(StoredObject pod, PodPaths paths)
    {
        var file = Path.Combine(paths.Root, "kubeconfig");
        var tokenFile = paths.Map($"{PodDefaults.TokenMount}/token");
        var token = File.Exists(tokenFile) ? File.ReadAllText(tokenFile) : "";
        File.WriteAllText(file,
            Kubeconfig.Text("sandbox", address.Url, certificates.AuthorityPem, token, pod.Namespace));
        return file;
    }

    private ProcessStartInfo StartInfo(
        IReadOnlyList<string> arguments, Dictionary<string, string> environment, PodPaths paths)
    {
        var start = new ProcessStartInfo(options.HelmBinary, arguments)
        {
            WorkingDirectory = paths.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
