using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Values;

namespace Platz.Core.Resources;

/// <summary>
/// Creates, changes and deletes what deployments manage for others. The chart is called by a runner; where it names no
/// call, the change holds at once.
/// </summary>
public sealed class DeploymentResourceEditor(IDbContextFactory<PlatzDb> databases, SensitiveInputs sensitive)
{
    private const int MaxName = 200;

    /// <summary>What follows from a change, and is not what somebody changed.</summary>
    private static readonly string[] s_ofSyncing =
    [
        nameof(DeploymentResource.Version), nameof(DeploymentResource.SyncStatus), nameof(DeploymentResource.SyncReason),
        nameof(DeploymentResource.FailedSync), nameof(DeploymentResource.SyncAttempts), nameof(DeploymentResource.SyncAt),
    ];

    public async Task<ResourceResult> CreateAsync(NewResource wanted, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (place, refusal) = await ResourcePlace.FindAsync(db, wanted.TypeId, wanted.DeploymentId, actor, cancel);
        if (place is null || (refusal = place.Refusal(db, actor, place.Type.Create, "create")) is not null)
        {
            return refusal!;
        }

        var resource = new DeploymentResource
        {
            TypeId = wanted.TypeId,
            DeploymentId = wanted.DeploymentId,
            Name = "",
        };
        if (await TakeAsync(db, place, resource, wanted.Name, wanted.Props, cancel) is { Count: > 0 } errors)
        {
            return new ResourceResult.Invalid(errors);
        }

        await QueueAsync(db, resource, place.Type.Create!, ResourceSyncStatus.Creating, cancel);
        db.Add(resource);
        return await SaveAsync(db, place, resource, Told(AuditAction.ResourceCreated, place, resource, actor), cancel);
    }

    /// <param name="name">Null keeps it.</param>
    /// <param name="props">Those that are there replace the stored ones; a mask keeps what is stored.</param>
    /// <param name="seen">The version that the change was made to; null overwrites what others have changed since.</param>
    public async Task<ResourceResult> UpdateAsync(
        Guid id, string? name, JsonObject? props, int? seen, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (resource, place, refusal) = await FindAsync(db, id, actor, type => type.Update, "change", cancel);
        if (resource is null || place is null)
        {
            return refusal!;
        }

        if (seen is { } version && version != resource.Version)
        {
            return new ResourceResult.Conflict($"{resource.Name} was changed meanwhile. Open it again and look at that first.");
        }

        var again = resource.FailedSync is ResourceSyncStatus.Creating || resource.SyncStatus is ResourceSyncStatus.Creating;
        var merged = SealedJson.MaskInputs(resource.Props);
        foreach (var (key, value) in props ?? [])
        {
            merged[key] = value?.DeepClone();
        }

        if (await TakeAsync(db, place, resource, name ?? resource.Name, merged, cancel) is { Count: > 0 } errors)
        {
            return new ResourceResult.Invalid(errors);
        }

        var action = again ? place.Type.Create ?? place.Type.Update! : place.Type.Update!;
        resource.Version++;
        await QueueAsync(db, resource, action, again ? ResourceSyncStatus.Creating : ResourceSyncStatus.Updating, cancel);
        if (action.Target is null)
        {
            await ResourceUsers.ReinstallAsync(db, id, $"{place.Type.NameSingular} {resource.Name} updated", actor, cancel);
        }

        var told = Told(AuditAction.ResourceChanged, place, resource, actor);
        told.Detail["changed"] = ChangedFields.Of(db.Entry(resource), s_ofSyncing);
        return await SaveAsync(db, place, resource, told, cancel);
    }

    /// <summary>Refused while deployments use it, disabled ones too: they could not be enabled again.</summary>
    public async Task<ResourceResult> DeleteAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (resource, place, refusal) = await FindAsync(db, id, actor, type => type.Delete, "delete", cancel);
        if (resource is null || place is null)
        {
            return refusal!;
        }

        if (await ResourceUsers.NamesAsync(db, id, cancel) is { Count: > 0 } users)
        {
            return new ResourceResult.Conflict($"Deployments use {resource.Name}: {string.Join(", ", users)}.");
        }

        resource.Version++;
        resource.Exists = place.Type.Delete!.Target is not null;
        await QueueAsync(db, resource, place.Type.Delete, ResourceSyncStatus.Deleting, cancel);
        return await SaveAsync(db, place, resource, Told(AuditAction.ResourceDeleted, place, resource, actor), cancel);
    }

    private static async Task<(DeploymentResource?, ResourcePlace?, ResourceResult?)> FindAsync(
        PlatzDb db, Guid id, Actor actor, Func<ChartResourceType, LifecycleAction?> action, string verb,
        CancellationToken cancel)
    {
        var resource = await db.Resources.FromSql($"SELECT * FROM deployment_resources WHERE id = {id} FOR UPDATE")
            .SingleOrDefaultAsync(cancel);
        if (resource is null)
        {
            return (null, null, new ResourceResult.NotFound());
        }

        var (place, refusal) = await ResourcePlace.FindAsync(db, resource.TypeId, resource.DeploymentId, actor, cancel);
        refusal ??= place!.Refusal(db, actor, action(place.Type), verb);
        refusal ??= !resource.Exists || resource.SyncStatus is ResourceSyncStatus.Deleting
            ? new ResourceResult.Conflict($"{resource.Name} is deleted, or being deleted.")
            : null;
        return refusal is null ? (resource, place, null) : (null, null, refusal);
    }

    private async Task<IReadOnlyList<FieldError>> TakeAsync(
        PlatzDb db, ResourcePlace place, DeploymentResource resource, string name, JsonObject typed, CancellationToken cancel)
    {
        var form = place.Type.Form;
        if (DeploymentChecks.JsonError(typed.ToJsonString()) is { } problem)
        {
            return [new FieldError("props", problem)];
        }

        var (props, errors) = sensitive.Seal(form, InputOwner.Resource(resource.Id), typed, resource.Props);
        errors = [.. NameErrors(name.Trim()), .. errors, .. InputCheck.Errors(form, typed)];
        if (errors.Count == 0)
        {
            errors = await Collections.CheckAsync(db, place.EnvId, self: null, form, typed, cancel);
        }

        (resource.Name, resource.Props) = (name.Trim(), props);
        return [.. errors.Select(OfProps)];
    }

    /// <summary>The checks name the fields of a config.</summary>
    private static FieldError OfProps(FieldError error) =>
        error.Field.StartsWith("config.", StringComparison.Ordinal)
            ? error with { Field = $"props.{error.Field["config.".Length..]}" }
            : error;

    private static async Task QueueAsync(
        PlatzDb db, DeploymentResource resource, LifecycleAction action, ResourceSyncStatus status, CancellationToken cancel)
    {
        (resource.SyncReason, resource.FailedSync, resource.SyncAttempts) = (null, null, 0);
        resource.SyncStatus = action.Target is null ? ResourceSyncStatus.Ready : status;
        resource.SyncAt = action.Target is null
            ? null
            : await db.Database.SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancel);
    }

    private static async Task<ResourceResult> SaveAsync(
        PlatzDb db, ResourcePlace place, DeploymentResource resource, AuditEntry told, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            await AuditLog.AppendAsync(db, told, cancel);
            await db.Database.CurrentTransaction!.CommitAsync(cancel);
            return new ResourceResult.Saved(resource.Id);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation
        })
        {
            return new ResourceResult.Conflict($"There is already a {place.Type.NameSingular} {resource.Name}.");
        }
    }

    private static AuditEntry Told(string action, ResourcePlace place, DeploymentResource resource, Actor actor) =>
        new(action, AuditActor.Of(actor), new AuditSubject("resource", resource.Id, resource.Name))
        {
            EnvId = place.EnvId,
            Detail = new JsonObject { ["type"] = place.Type.NameSingular },
        };

    private static IEnumerable<FieldError> NameErrors(string name) => name switch
    {
        "" => [new FieldError("name", "This is needed.")],
        { Length: > MaxName } => [new FieldError("name", $"This is too long: at most {MaxName} characters.")],
        _ when name.Any(char.IsControl) => [new FieldError("name", "Control characters cannot be part of it.")],
        _ => [],
    };
}
