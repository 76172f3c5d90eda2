using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;

namespace Platz.Core.Values;

/// <summary>What CollectionSelect inputs offer in an env, and what the ids that they store mean.</summary>
public sealed class Collections(
    IDbContextFactory<PlatzDb> databases, Envelope envelope, SensitiveInputs sensitive)
{
    public const string Gone = "This refers to something that is not there any more; choose again.";

    private const string Itself = "A deployment cannot refer to itself; choose another.";

    private const string NotOffered = "This is not one of those that can be chosen here; choose another.";

    /// <param name="self">The deployment whose config this is, which is not offered to itself; null for other forms.</param>
    /// <param name="chosen">What the input has: it is among them though it has been disabled since.</param>
    public async Task<IReadOnlyList<CollectionItem>> ChoicesAsync(
        Guid envId, Guid? self, InputField field, JsonNode? chosen, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await CollectionRows.ReadAsync(db, envId, field.Collection, ids: null, cancel);
        HashSet<Guid> others = [.. Ids(chosen).Except(rows.Select(row => row.Item.Id))];
        var kept = others.Count == 0 ? [] : await CollectionRows.ReadAsync(db, envId, field.Collection, others, cancel);
        return
        [
            .. rows.Where(row => Passes(field, row.Properties)).Concat(kept).Select(row => row.Item)
                .Where(item => item.Id != self).OrderBy(item => item.Label, StringComparer.OrdinalIgnoreCase)
                .ThenBy(item => item.Detail, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Id),
        ];
    }

    /// <summary>What these are called, those not offered any more included; those that are gone are left out.</summary>
    public async Task<Dictionary<Guid, string>> NamesAsync(
        Guid envId, InputCollection collection, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await CollectionRows.ReadAsync(db, envId, collection, ids, cancel);
        return rows.ToDictionary(row => row.Item.Id, row => row.Item.Label);
    }

    /// <summary>Whether all that visible inputs refer to is there, in the env, and what the input asks for.</summary>
    /// <remarks>A deployment may be disabled: whether it can be is decided where it is disabled.</remarks>
    /// <param name="self">The deployment whose config this is: waiting for itself, it could never be removed.</param>
    public static async Task<IReadOnlyList<FieldError>> CheckAsync(
        PlatzDb db, Guid envId, Guid? self, ValuesUi ui, JsonObject inputs, CancellationToken cancel)
    {
        var errors = new List<FieldError>();
        foreach (var field in References(ui, inputs))
        {
            var ids = Ids(inputs[field.Id]).ToHashSet();
            var rows = ids.Count == 0 ? [] : await CollectionRows.ReadAsync(db, envId, field.Collection, ids, cancel);
            if (self is { } own && ids.Contains(own))
            {
                errors.Add(new FieldError(InputCheck.FieldName(field.Id), Itself));
            }
            else if (rows.Count < ids.Count)
            {
                errors.Add(new FieldError(InputCheck.FieldName(field.Id), Gone));
            }
            else if (!rows.All(row => Passes(field, row.Properties)))
            {
                errors.Add(new FieldError(InputCheck.FieldName(field.Id), NotOffered));
            }
        }

        return errors;
    }

    /// <summary>Everything that visible inputs refer to, each once.</summary>
    public static IReadOnlyList<Reference> Dependencies(ValuesUi ui, JsonObject inputs) =>
    [
        .. References(ui, inputs).SelectMany(field => Ids(inputs[field.Id]).Select(id => new Reference(
            field.Collection switch
            {
                InputCollection.Deployments => DependencyKind.Deployment,
                InputCollection.Secrets => DependencyKind.Secret,
                _ => DependencyKind.Resource,
            },
            id))).Distinct(),
    ];

    /// <summary>The properties that outputs may ask of what the inputs refer to, secrets opened.</summary>
    /// <exception cref="EnvelopeException">A secret cannot be opened; the message says why.</exception>
    public async Task<ReferencedItems> PropertiesAsync(
        PlatzDb db, Guid envId, IReadOnlyCollection<Reference> references, CancellationToken cancel)
    {
        var ids = references.ToLookup(reference => reference.Kind, reference => reference.Id);
        var items = new Dictionary<Guid, JsonObject>();
        var secrets = new SortedSet<string>(StringComparer.Ordinal);
        if (Of(DependencyKind.Deployment) is { Count: > 0 } few)
        {
            var rows = await CollectionRows.ReadAsync(db, envId, new InputCollection.Deployments(), few, cancel);
            items = rows.ToDictionary(row => row.Item.Id, row => row.Properties);
        }

        if ((few = Of(DependencyKind.Secret)).Count > 0)
        {
            foreach (var secret in await CollectionRows.Secrets(db, envId, few).ToListAsync(cancel))
            {
                var contents = envelope.OpenText(secret.Contents, secret.Context);
                secrets.Add(contents);
                items[secret.Id] = CollectionRows.Properties(secret);
                items[secret.Id]["contents"] = contents;
            }
        }

        if ((few = Of(DependencyKind.Resource)).Count > 0)
        {
            foreach (var resource in await CollectionRows.Resources(db, envId, collection: null, few).ToListAsync(cancel))
            {
                var opened = sensitive.Open(InputOwner.Resource(resource.Id), resource.Props);
                secrets.UnionWith(opened.Secrets);
                items[resource.Id] = CollectionRows.Properties(resource, opened.Inputs);
            }
        }

        return new ReferencedItems(items, [.. secrets]);

        HashSet<Guid> Of(DependencyKind kind) => [.. ids[kind]];
    }

    private static IEnumerable<InputField> References(ValuesUi ui, JsonObject inputs) =>
        ui.VisibleInputs(inputs).Where(field => field.Type is InputType.CollectionSelect);

    /// <summary>What is no id is not for us to tell: <see cref="InputCheck"/> does.</summary>
    private static IEnumerable<Guid> Ids(JsonNode? value) => value is JsonArray items
        ? items.SelectMany(Ids)
        : Guid.TryParseExact(JsonScalar.Text(value), "D", out var id) ? [id] : [];

    /// <summary>A condition on a property that there is not is never met.</summary>
    private static bool Passes(InputField field, JsonObject properties) => field.Filters.All(filter =>
        properties.TryGetPropertyValue(filter.Field, out var value) && JsonNode.DeepEquals(value, filter.Value));
}
