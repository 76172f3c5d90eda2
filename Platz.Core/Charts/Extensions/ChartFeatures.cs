namespace Platz.Core.Charts.Extensions;

/// <summary>What a chart asks of Platz (<c>features.yaml</c>); without the file these defaults.</summary>
public sealed record ChartFeatures
{
    public static ChartFeatures Default { get; } = new();

    public bool Ingress { get; init; }

    public HostnameFormat HostnameFormat { get; init; } = HostnameFormat.KindAndName;

    public StatusEndpoint? Status { get; init; }

    public Cardinality Cardinality { get; init; } = Cardinality.Many;

    /// <summary>Whether deployments of this chart are reinstalled when one that they depend on was re-deployed.</summary>
    public bool ReinstallDependencies { get; init; } = true;

    public IReadOnlyList<IReadOnlyList<string>> NodeSelectorPaths { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<string>> TolerationsPaths { get; init; } = [];

    /// <summary>The input whose value is shown instead of the deployment's name.</summary>
    public string? DisplayNameInput { get; init; }

    public string? FontawesomeIcon { get; init; }
}

public enum HostnameFormat
{
    KindAndName,
    Name,
}

public enum Cardinality
{
    Many,
    OnePerCluster,
}

/// <summary>Where the chart tells its status, polled no more often than every 15 s.</summary>
public sealed record StatusEndpoint(string Path, int RefreshIntervalSeconds);
