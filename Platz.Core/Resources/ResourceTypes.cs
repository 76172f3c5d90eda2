using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;

namespace Platz.Core.Resources;

/// <summary>The types of resources that installed charts bring along.</summary>
public static class ResourceTypes
{
    /// <summary>Adds what is new and replaces what is known by the same key; said twice, it leaves the same.</summary>
    /// <param name="documents">The chart's <c>resource_types</c>, in the order of <paramref name="types"/>.</param>
    public static async Task RegisterAsync(
        PlatzDb db, Guid envId, Guid kindId, IReadOnlyList<ChartResourceType> types, JsonArray? documents,
        CancellationToken cancel)
    {
        foreach (var (type, document) in types.Zip(documents ?? []))
        {
            Guid? env = type.Global ? null : envId;
            var spec = document!["spec"]!.ToJsonString();
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO deployment_resource_types AS old (id, env_id, deployment_kind_id, key, spec)
                VALUES ({Guid.CreateVersion7()}, {env}::uuid, {kindId}, {type.Key}, {spec}::jsonb)
                ON CONFLICT (deployment_kind_id, key, env_id) DO UPDATE SET spec = excluded.spec
                WHERE old.spec <> excluded.spec
                """,
                cancel);
        }
    }
}
