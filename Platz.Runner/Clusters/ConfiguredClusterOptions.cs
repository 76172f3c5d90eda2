using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platz.Runner.Clusters;

/// <summary>Clusters that stand in configuration (<c>Clusters:0:Name</c> …).</summary>
public sealed class ConfiguredClusterOptions
{
    [ValidateEnumeratedItems]
    public List<ConfiguredCluster> Clusters { get; init; } = [];
}

public sealed class ConfiguredCluster
{
    /// <summary>Identifies the cluster: the same name after a restart is the same cluster, wherever it listens.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>Created when absent.</summary>
    [Required]
    public string Env { get; init; } = "default";

    /// <summary>Path of a kubeconfig file; its <see cref="Context"/>, or its current context, is stored sealed.</summary>
    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    /// <summary>The runner lives in this cluster and uses its own service account.</summary>
    public bool InCluster { get; init; }

    /// <summary>A simulated cluster; shown as such everywhere.</summary>
    public bool Sandbox { get; init; }

    public string Region { get; init; } = "local";

    public string? IngressDomain { get; init; }

    public string ProviderId => $"config:{Name}";
}

[OptionsValidator]
internal sealed partial class ConfiguredClusterOptionsValidator : IValidateOptions<ConfiguredClusterOptions>;
