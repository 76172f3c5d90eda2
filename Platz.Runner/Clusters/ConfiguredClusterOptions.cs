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

    /// <summary>Where the ingress really listens (<c>host:port</c>), whatever DNS says of its hosts.</summary>
    [RegularExpression(
        @"^([^:\s/]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$", ErrorMessage = "IngressAddress must be host:port.")]
    public string? IngressAddress { get; init; }

    /// <summary>Path of a PEM file: the authority that signs the ingress' certificates.</summary>
    public string? IngressCa { get; init; }

    /// <summary>The Secret that charts name as the certificate of their hosts.</summary>
    public string? IngressTlsSecret { get; init; }

    public string ProviderId => $"config:{Name}";
}

[OptionsValidator]
internal sealed partial class ConfiguredClusterOptionsValidator : IValidateOptions<ConfiguredClusterOptions>;
