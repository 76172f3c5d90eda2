using System.Text.Json.Nodes;
using Platz.Core.Activity;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Resources;

namespace Platz.Tests.Gallery;

/// <summary>What belongs to deployments and to readers: secrets, managed databases, a view that somebody keeps.</summary>
internal static class GalleryThings
{
    /// <param name="reader">Who looks at the gallery.</param>
    public static void Add(PlatzDb db, GalleryWorld world, Guid reader)
    {
        db.AddRange(
            Secret(world, "databases", "orders"), Secret(world, "databases", "reports"),
            Secret(world, "tokens", "payment-provider"));

        var type = new DeploymentResourceType
        {
            Key = "database",
            EnvId = world.Production.Id,
            DeploymentKindId = world.Web.Id,
            Spec = JsonNode.Parse("""
                {"name_singular": "Database", "name_plural": "Databases", "fontawesome_icon": "database",
                 "values_ui": {"inputs": [
                    {"id": "owner", "type": "text", "label": "Owner", "required": true},
                    {"id": "gigabytes", "type": "number", "label": "Size (GB)", "required": true, "initialValue": 5},
                    {"id": "password", "type": "text", "label": "Password", "sensitive": true}]},
                 "lifecycle": {
                    "create": {"allowed_role": "Maintainer",
                               "target": {"endpoint": "standard_ingress", "path": "/db", "method": "POST"}},
                    "update": {"allowed_role": "Maintainer",
                               "target": {"endpoint": "standard_ingress", "path": "/db", "method": "PUT"}},
                    "delete": {"allowed_role": "Owner",
                               "target": {"endpoint": "standard_ingress", "path": "/db", "method": "DELETE"}}}}
                """)!.AsObject(),
        };
        world.Databases =
        [
            NewDatabase(world, type, "orders"), NewDatabase(world, type, "reports"), NewDatabase(world, type, "archive"),
        ];
        var failed = world.Databases[1];
        failed.SyncStatus = ResourceSyncStatus.Error;
        failed.FailedSync = ResourceSyncStatus.Creating;
        failed.SyncReason = "payments-api answered 507: no space is left for another database of this size";
        db.Add(type);
        db.AddRange(world.Databases);
        db.AddRange(
            View(world, reader, "What bots broke this week", "status=Failed&range=7d&by=bots"),
            View(world, reader, "Failures", "status=Failed"));
    }

    private static SavedView View(GalleryWorld world, Guid reader, string name, string query) =>
        new() { UserId = reader, EnvId = world.Production.Id, Name = name, Query = query };

    private static EnvSecret Secret(GalleryWorld world, string collection, string name) =>
        new() { EnvId = world.Production.Id, Collection = collection, Name = name, Contents = [] };

    private static DeploymentResource NewDatabase(GalleryWorld world, DeploymentResourceType type, string name) => new()
    {
        TypeId = type.Id,
        DeploymentId = world.Payments.Id,
        Name = name,
        Props = new JsonObject { ["owner"] = "team-checkout", ["gigabytes"] = 20 },
        SyncStatus = ResourceSyncStatus.Ready,
    };
}
