namespace Platz.Sandbox.Kubelet;

/// <summary>
/// The arguments a helm pod may run with: known subcommands and flags only, and every path moved into the pod's own
/// folder. Pure.
/// </summary>
internal sealed class HelmArguments(PodPaths paths)
{
    private static readonly HashSet<string> s_commands =
    [
        "upgrade", "install", "uninstall", "rollback", "status", "history", "get", "list", "template", "pull",
            "version",
    ];

    private static readonly HashSet<string> s_plain =
    [
        "--install", "-i", "--wait", "--wait-for-jobs", "--atomic", "--rollback-on-failure", "--cleanup-on-fail",
        "--create-namespace", "--dependency-update", "--devel", "--disable-openapi-validation", "--dry-run", "--force",
        "--force-conflicts", "--force-replace", "--hide-notes", "--hide-secret", "--insecure-skip-tls-verify",
        "--no-hooks", "--plain-http", "--pass-credentials", "--render-subchart-notes", "--reset-values",
        "--reset-then-reuse-values", "--reuse-values", "--skip-crds", "--skip-schema-validation", "--take-ownership",
        "--verify", "--keep-history", "--ignore-not-found", "--recreate-pods", "--all", "-a", "--all-namespaces", "-A",
        "--include-crds", "--untar", "--short", "-q", "--deployed", "--failed", "--pending", "--uninstalled",
        "--uninstalling", "--superseded", "--show-desc", "--show-resources", "--no-headers", "--no-color",
        "--kube-insecure-skip-tls-verify", "--server-side",
    ];

    private static readonly HashSet<string> s_valued =
    [
        "--namespace", "-n", "--timeout", "--version", "--set", "--set-string", "--set-json", "--set-literal",
        "--description", "--labels", "-l", "--selector", "--history-max", "--output", "-o", "--max", "--revision",
        "--username", "--password", "--kube-context", "--kube-token", "--cascade", "--repo", "--name-template",
        "--filter",
        "--offset", "--kube-version", "--api-versions", "--show-only", "-s", "--template", "--qps", "--burst-limit",
        "--color",
    ];

    private static readonly HashSet<string> s_paths =
    [
        "--values", "-f", "--kubeconfig", "--registry-config", "--repository-config", "--repository-cache",
        "--content-cache", "--ca-file", "--cert-file", "--key-file", "--kube-ca-file", "--keyring", "--destination",
        "-d",
        "--untardir", "--output-dir",
    ];

    private readonly List<string> _result = [];

    public IReadOnlyList<string> Result => _result;

    /// <summary>Where helm finds its cluster, if an argument says so.</summary>
    public string? Kubeconfig { get; private set; }

    /// <summary>Null when all is well, else why these arguments are refused.</summary>
    public string? Rewrite(IReadOnlyList<string> arguments)
    {
        var command = arguments.FirstOrDefault(argument => !argument.StartsWith('-'));
        if (command is null || !s_commands.Contains(command))
        {
            return $"helm {command}: the sandbox runs only helm {string.Join(", ", s_commands)}";
        }

        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            if (!argument.StartsWith('-') || argument == "-")
            {
                _result.Add(PodPaths.LooksLikePath(argument) ? paths.Map(argument) : argument);
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? argument : argument[..equals];
            var takesNext = equals < 0 && !s_plain.Contains(flag);
            var value =
                equals >= 0 ? argument[(equals + 1)..] : takesNext ? arguments.ElementAtOrDefault(index + 1) : null;
            if (Add(flag, value, equals >= 0) is { } refusal)
            {
                return refusal;
            }

            index += takesNext ? 1 : 0;
        }

        return null;
    }

    private string? Add(string flag, string? value, bool joined)
    {
        var isPath = s_paths.Contains(flag);
        if (!isPath && flag != "--set-file" && !s_plain.Contains(flag) && !s_valued.Contains(flag))
        {
            return $"the flag {flag} is not allowed in the sandbox";
        }

        if (value is null)
        {
            _result.Add(flag);
            return null;
        }

        var mapped = isPath ? string.Join(',', value.Split(',').Select(MapFile))
            : flag == "--set-file" ? MapSetFile(value)
            : value;
        Kubeconfig = flag == "--kubeconfig" ? mapped : Kubeconfig;
        _result.AddRange(joined ? [$"{flag}={mapped}"] : [flag, mapped]);
        return null;
    }

    /// <summary>Values may also come from a URL, and "-" is an empty standard input.</summary>
    private string MapFile(string file) =>
        file == "-" || file.Contains("://", StringComparison.Ordinal) ? file : paths.Map(file);

    private string MapSetFile(string value) => string.Join(',', value.Split(',').Select(pair =>
        pair.Split('=', 2) is [var key, var file] ? $"{key}={MapFile(file)}" : pair));
}
