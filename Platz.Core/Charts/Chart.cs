using System.Text.Json.Nodes;

namespace Platz.Core.Charts;

/// <summary>One pushed version of a Helm chart. A tag pushed again becomes a new row; the older one stays, unavailable.</summary>
public sealed class Chart
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>When it was pushed, as far as the registry tells; otherwise when it was first seen.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid HelmRegistryId { get; init; }

    /// <summary>Digest of the manifest, <c>sha256:…</c>.</summary>
    public required string ImageDigest { get; init; }

    public required string ImageTag { get; init; }

    public bool Available { get; set; } = true;

    public required string ChartName { get; init; }

    public string? AppVersion { get; init; }

    public string? Description { get; init; }

    public JsonObject? ValuesUi { get; set; }

    public JsonArray? ActionsSchema { get; set; }

    public JsonObject? Features { get; set; }

    public JsonArray? ResourceTypes { get; set; }

    /// <summary>
    /// Of <see cref="Features"/>: whether deployments of this chart are reinstalled when one they depend on was
    /// re-deployed. A column, because the end of a task asks it of many deployments in one statement.
    /// </summary>
    public bool ReinstallDependencies { get; set; } = true;

    /// <summary>The chart's own <c>values.yaml</c>.</summary>
    public string? DefaultValues { get; set; }

    /// <summary>What read the chart; a chart read by an older reader is read again.</summary>
    public int ReaderVersion { get; set; }

    /// <summary>The extension files as found: path in the chart to text.</summary>
    public JsonObject ExtensionFiles { get; init; } = [];

    /// <summary>Why the chart is BROKEN and cannot be picked.</summary>
    public string? Error { get; set; }

    /// <summary>Which format read the tag, where one did.</summary>
    public Guid? TagFormatId { get; set; }

    public string? ParsedVersion { get; set; }

    public string? ParsedRevision { get; set; }

    public string? ParsedBranch { get; set; }

    public string? ParsedCommit { get; set; }
}
