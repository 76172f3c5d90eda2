using System.Text.Json.Nodes;

namespace Platz.Core.Catalog;

/// <summary>Groups clusters and people.</summary>
public sealed class Env
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required string Name { get; set; }

    public JsonObject NodeSelector { get; set; } = [];

    public JsonArray Tolerations { get; set; } = [];

    public bool AutoAddNewUsers { get; set; }
}

/// <summary>One Kubernetes API server.</summary>
public sealed class Cluster
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? EnvId { get; set; }

    /// <summary>What identifies the cluster where it comes from, <c>config:sandbox</c> for example.</summary>
    public required string ProviderId { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    public required string Name { get; set; }

    public required string RegionName { get; set; }

    public bool IsOk { get; set; } = true;

    public string? NotOkReason { get; set; }

    public bool Ignore { get; set; }

    public string? IngressDomain { get; set; }

    public string? IngressClass { get; set; }

    public string? IngressTlsSecretName { get; set; }

    /// <summary>
    /// Where the ingress really listens (<c>host:port</c>), whatever DNS says of its hosts; set by a site admin, the one
    /// way to a loopback address (security.md 2, SSRF).
    /// </summary>
    public string? IngressAddress { get; set; }

    /// <summary>PEM of the authority that signs the ingress' certificates; null for those the system trusts.</summary>
    public string? IngressCa { get; set; }

    /// <summary>Private ranges that the ingress may be in, <c>10.0.0.0/8</c> for example; all others are refused.</summary>
    public string[] IngressCidrs { get; set; } = [];

    public string? GrafanaUrl { get; set; }

    public string? GrafanaDatasourceName { get; set; }

    /// <summary>Sealed with <see cref="Envelope"/>; null for the cluster a runner lives in.</summary>
    public byte[]? Kubeconfig { get; set; }

    /// <summary>A simulated cluster, always shown as such.</summary>
    public bool IsSandbox { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>The context under which <see cref="Kubeconfig"/> is sealed.</summary>
    public string KubeconfigContext => $"k8s_clusters/{Id}/kubeconfig";
}

/// <summary>The category that a registry gives to its deployments.</summary>
public sealed class Kind
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required string Name { get; set; }
}

public enum RegistryProvider
{
    Oci,
    Ecr,
}

/// <summary>One OCI repository of Helm charts.</summary>
public sealed class Registry
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Host, with the port where it is not the usual one.</summary>
    public required string DomainName { get; set; }

    public required string RepoName { get; init; }

    public required Guid KindId { get; init; }

    public bool Available { get; set; } = true;

    public string FaIcon { get; set; } = "question";

    public RegistryProvider Provider { get; init; }

    /// <summary>The entry of <c>Registries:Sources</c> that this came from.</summary>
    public required string SourceName { get; init; }

    public bool PlainHttp { get; set; }

    /// <summary>When the registry could not be read, why.</summary>
    public string? Error { get; set; }
}

/// <summary>A secret of an env; <see cref="Contents"/> is sealed with <see cref="Envelope"/>.</summary>
public sealed class EnvSecret
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public required Guid EnvId { get; init; }

    public required string Collection { get; init; }

    public required string Name { get; set; }

    public required byte[] Contents { get; set; }

    /// <summary>Rises with every change of the contents, so that an older value cannot be put back (security.md 2).</summary>
    public int Version { get; set; } = 1;

    /// <summary>The context under which <see cref="Contents"/> is sealed.</summary>
    public string Context => $"secrets/{Id}/{EnvId}/contents/{Version}";
}

/// <summary>A value the installation itself keeps, such as the pepper of the token hashes; sealed.</summary>
public sealed class Setting
{
    public required string Key { get; init; }

    public required byte[] Value { get; init; }
}
