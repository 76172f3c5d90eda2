using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Resources;

namespace Platz.Tests.Support;

/// <summary>The type that kitchen-sink manages, installed without any runner.</summary>
internal static class ManagedDatabases
{
    /// <param name="revision">The task that is to have installed the chart.</param>
    /// <returns>The id of the type.</returns>
    public static async Task<Guid> InstallAsync(
        PlatzDb db, Guid envId, Deployment deployment, Guid revision, CancellationToken cancel)
    {
        var chart = await db.Charts.SingleAsync(c => c.Id == deployment.HelmChartId, cancel);
        var type = ChartSchema.Of(SampleSchema.Into(chart, "kitchen-sink", "1.0.0")).ResourceTypes[0];
        ChartSchemaJson.Write(chart, ChartSchema.None with
        {
            ResourceTypes = [type with { Form = type.Form with { Inputs = [.. type.Form.Inputs.Where(i => i.Id != "gigabytes")] } }],
        });
        await db.SaveChangesAsync(cancel);
        await ResourceTypes.RegisterAsync(
            db, envId, deployment.KindId, ChartSchema.Of(chart).ResourceTypes, chart.ResourceTypes, cancel);
        await db.Deployments.Where(d => d.Id == deployment.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.RevisionId, revision), cancel);
        return (await db.ResourceTypes.SingleAsync(cancel)).Id;
    }
}
