using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Core.Values;

namespace Platz.Web.Tasks;

/// <summary>Names for what operations keep only as ids.</summary>
/// <param name="Actions">Titles of actions.</param>
/// <param name="Forms">Of charts whose config was changed.</param>
/// <param name="Retries">Of each task that retries another, which retry it is: 1 for the first.</param>
/// <param name="References">Of what changed inputs refer to; null for what is there no longer.</param>
public sealed record OperationNames(
    IReadOnlyDictionary<Guid, string> Clusters,
    IReadOnlyDictionary<(Guid ChartId, string ActionId), string> Actions,
    IReadOnlyDictionary<Guid, ValuesUi> Forms,
    IReadOnlyDictionary<Guid, int> Retries,
    IReadOnlyDictionary<Guid, string?> References)
{
    public static OperationNames None { get; } = new(
        new Dictionary<Guid, string>(), new Dictionary<(Guid, string), string>(), new Dictionary<Guid, ValuesUi>(),
        new Dictionary<Guid, int>(), new Dictionary<Guid, string?>());

    /// <summary>The title, or the id where the chart is gone.</summary>
    public string Of(InvokeAction action) =>
        Actions.GetValueOrDefault((action.HelmChartId, action.ActionId)) ?? action.ActionId;

    /// <summary>The inputs that a config before or after it may have, the later version's first.</summary>
    public IReadOnlyList<InputField> InputsOf(Operation operation) =>
        [.. ChartsOf(operation).Select(id => Forms.GetValueOrDefault(id)).OfType<ValuesUi>().SelectMany(form => form.Inputs)];

    /// <summary>"retry 2", "rollback".</summary>
    public string OriginWords(DeploymentTask task, TaskOrigin origin) =>
        Retries.TryGetValue(task.Id, out var count) && count > 0 ? $"{origin.Word} {count}" : origin.Word;

    /// <summary>The charts whose forms tell what the operation changes; none where it changes no input.</summary>
    internal static IEnumerable<Guid> ChartsOf(Operation operation) => operation switch
    {
        IChangesInputs { ConfigDelta.Count: > 0, PrevHelmChartId: { } before } changes => [changes.HelmChartId, before],
        IChangesInputs { ConfigDelta.Count: > 0 } changes => [changes.HelmChartId],
        Install { ConfigInputs.Count: > 0 } install => [install.HelmChartId],
        _ => [],
    };

    /// <summary>What an input was changed to, or from; both in one array.</summary>
    internal static JsonNode? ValuesOf(Operation operation, InputField input) => operation switch
    {
        IChangesInputs changes => changes.ConfigDelta?[ConfigDiff.Escape(input.Id)],
        Install install => install.ConfigInputs[input.Id],
        _ => null,
    };
}

/// <summary>Finds what a list of tasks needs.</summary>
public sealed class NameLookup(EnvLookup lookup, ChartChoices charts, TaskRelations relations, Collections collections)
{
    /// <param name="known">Given back where it says all already.</param>
    public async Task<OperationNames> OfAsync(
        IReadOnlyList<DeploymentTask> tasks, OperationNames known, CancellationToken cancel)
    {
        var places = tasks.Select(t => t.Operation).OfType<Recreate>()
            .SelectMany(r => new[] { r.OldClusterId, r.NewClusterId }).ToHashSet();
        var actions = tasks.Select(t => t.Operation).OfType<InvokeAction>()
            .Select(a => (a.HelmChartId, a.ActionId)).ToHashSet();
        if (!places.IsSubsetOf(known.Clusters.Keys))
        {
            known = known with { Clusters = await lookup.ClusterNamesAsync(places, cancel) };
        }

        if (!actions.IsSubsetOf(known.Actions.Keys))
        {
            var ofCharts = actions.Select(a => a.HelmChartId).ToHashSet();
            known = known with { Actions = await charts.ActionTitlesAsync(ofCharts, cancel) };
        }

        var changed = tasks.SelectMany(t => OperationNames.ChartsOf(t.Operation)).ToHashSet();
        if (!changed.IsSubsetOf(known.Forms.Keys))
        {
            known = known with { Forms = await charts.FormsAsync(changed, cancel) };
        }

        var retries = tasks.Where(t => t.RetryOfTaskId is not null).Select(t => t.Id).ToHashSet();
        if (!retries.IsSubsetOf(known.Retries.Keys))
        {
            known = known with { Retries = await relations.RetriesAsync([.. retries], cancel) };
        }

        return await WithReferencesAsync(tasks, known, cancel);
    }

    /// <summary>Names of what the inputs refer to, or did, that differ.</summary>
    public async Task<IReadOnlyDictionary<Guid, string?>> OfAsync(
        InputsDifference difference, Guid envId, CancellationToken cancel)
    {
        var names = new Dictionary<Guid, string?>();
        foreach (var input in difference.Fields.Where(input => input.Collection is not null))
        {
            var ids = Ids(difference.ConfigDelta[ConfigDiff.Escape(input.Id)]).Except(names.Keys).ToList();
            var found = ids.Count == 0 ? [] : await collections.NamesAsync(envId, input.Collection!, ids, cancel);
            ids.ForEach(id => names[id] = found.GetValueOrDefault(id));
        }

        return names;
    }

    private async Task<OperationNames> WithReferencesAsync(
        IReadOnlyList<DeploymentTask> tasks, OperationNames known, CancellationToken cancel)
    {
        var missing = tasks.SelectMany(task => known.InputsOf(task.Operation)
                .Where(input => input.Collection is not null)
                .SelectMany(input => Ids(OperationNames.ValuesOf(task.Operation, input))
                    .Select(id => (Place: (task.EnvId, Collection: input.Collection!), Id: id))))
            .Where(reference => !known.References.ContainsKey(reference.Id)).ToHashSet();
        if (missing.Count == 0)
        {
            return known;
        }

        var names = known.References.ToDictionary();
        foreach (var place in missing.GroupBy(reference => reference.Place, reference => reference.Id))
        {
            var found = await collections.NamesAsync(place.Key.EnvId, place.Key.Collection, [.. place], cancel);
            foreach (var id in place)
            {
                names[id] = found.GetValueOrDefault(id);
            }
        }

        return known with { References = names };
    }

    private static IEnumerable<Guid> Ids(JsonNode? value) => value switch
    {
        JsonArray items => items.SelectMany(Ids),
        JsonValue text when Guid.TryParseExact(text.ToString(), "D", out var id) => [id],
        _ => [],
    };
}
