using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>What differs between two sets of inputs for Helm, for people: nothing sealed is in it.</summary>
public sealed record InputsDifference
{
    /// <summary>Whether it is another chart; of the same tag too, if that was pushed again.</summary>
    public required bool Chart { get; init; }

    /// <summary>Null where the chart is not known any more.</summary>
    public string? VersionBefore { get; init; }

    /// <inheritdoc cref="VersionBefore"/>
    public string? VersionAfter { get; init; }

    public required JsonObject ConfigDelta { get; init; }

    /// <summary>Whether it differs: that may be known by who may not read it.</summary>
    public required bool Override { get; init; }

    /// <summary>Null for who may not read it.</summary>
    public JsonObject? OverrideDelta { get; init; }

    /// <summary>The form of the later inputs; null where there is none and the config is free YAML.</summary>
    public ValuesUi? Form { get; init; }

    /// <summary>Of both forms, the later's first: for the labels of what differs.</summary>
    public IReadOnlyList<InputField> Fields { get; init; } = [];

    public bool IsEmpty => this is { Chart: false, Override: false, ConfigDelta.Count: 0 };

    public static async Task<InputsDifference> BetweenAsync(
        PlatzDb db, IInstallsChart before, IInstallsChart after, bool readsOverride, CancellationToken cancel)
    {
        Guid[] ids = [before.HelmChartId, after.HelmChartId];
        var charts = await db.Charts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        var (old, now) = (charts.GetValueOrDefault(before.HelmChartId), charts.GetValueOrDefault(after.HelmChartId));
        var overrideDelta = ConfigDiff.Between(before.ValuesOverride ?? [], after.ValuesOverride ?? []);
        var form = FormOf(now);
        return new InputsDifference
        {
            Chart = before.HelmChartId != after.HelmChartId,
            VersionBefore = old?.ImageTag,
            VersionAfter = now?.ImageTag,
            ConfigDelta = ConfigDiff.Between(before.ConfigInputs, after.ConfigInputs),
            Override = overrideDelta.Count > 0,
            OverrideDelta = readsOverride ? overrideDelta : null,
            Form = form,
            Fields = [.. form?.Inputs ?? [], .. FormOf(old)?.Inputs ?? []],
        };
    }

    private static ValuesUi? FormOf(Chart? chart) => chart is null ? null : ChartSchema.Of(chart).ValuesUi;
}

/// <summary>What a retry or a rollback would come to.</summary>
/// <param name="Version">Of the deployment, to be given with the request.</param>
/// <param name="IdempotencyKey">The same for all who look at the same state.</param>
public sealed record RepeatPreview(DeploymentTask Task, int Version, IdempotencyKey IdempotencyKey)
{
    /// <summary>Why it would be refused; null when it would not.</summary>
    public SaveResult? Refusal { get; init; }

    /// <summary>The task that somebody has made of the same already.</summary>
    public Guid? MadeAlready { get; init; }

    /// <summary>Null for operations that install nothing.</summary>
    public IInstallsChart? Inputs { get; init; }

    /// <summary>From what the deployment says now to <see cref="Inputs"/>.</summary>
    public InputsDifference? Difference { get; init; }
}
