namespace Platz.Core.Charts.Extensions;

/// <summary>All that a chart says about itself beyond Helm.</summary>
/// <param name="ValuesUi">Null: the config is free YAML, given to the chart under the key <c>config</c>.</param>
public sealed record ChartSchema(
    ValuesUi? ValuesUi, IReadOnlyList<ChartAction> Actions, ChartFeatures Features,
    IReadOnlyList<ChartResourceType> ResourceTypes)
{
    public static ChartSchema None { get; } = new(null, [], ChartFeatures.Default, []);

    /// <summary>What was kept of a chart when it was read; of a broken one nothing.</summary>
    public static ChartSchema Of(Chart chart) => ChartSchemaJson.Read(chart);
}
