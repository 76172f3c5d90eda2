using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Core.Values;

namespace Platz.Runner.Operations;

/// <summary>
/// What must never be shown of a deployment: what is sealed in its inputs, and what is secret in all that they refer to.
/// Of its config as it is now and of what is installed, for either may be told by whatever runs.
/// </summary>
internal sealed class DeploymentSecrets(
    IDbContextFactory<PlatzDb> databases, SensitiveInputs sensitive, Collections collections, TimeProvider clock)
{
    /// <summary>A secret that was changed is not in use before a Helm run has taken longer than this.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, (DateTimeOffset Until, Redactor Redactor)> _redactors = new();

    /// <param name="operation">Also what this one installs or sends.</param>
    public async Task<HashSet<string>> OfAsync(Guid deploymentId, Operation? operation, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await (
            from deployment in db.Deployments.AsNoTracking()
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where deployment.Id == deploymentId
            select new { Deployment = deployment, cluster.EnvId }).SingleOrDefaultAsync(cancel);
        if (known is not { EnvId: { } envId, Deployment: { } found })
        {
            return [];
        }

        var revision = await db.Tasks.AsNoTracking().Where(t => t.Id == found.RevisionId).Select(t => t.Operation)
            .SingleOrDefaultAsync(cancel);
        List<Given> given = [new(found.HelmChartId, found.Config)];
        given.AddRange(new[] { operation?.Installs, revision?.Installs }.OfType<IInstallsChart>()
            .Select(installs => new Given(installs.HelmChartId, installs.ConfigInputs)));
        if (operation is InvokeAction invoke)
        {
            given.Add(new Given(null, invoke.Body));
        }

        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in given.Where((one, i) => !given.Take(i).Any(one.IsLike))) // mostly all of them are the same
        {
            await AddAsync(db, (deploymentId, envId), one, secrets, cancel);
        }

        return secrets;
    }

    /// <summary>For texts that come often: it may be a second old.</summary>
    public async Task<Redactor> RedactorAsync(Guid deploymentId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (_redactors.TryGetValue(deploymentId, out var known) && known.Until > now)
        {
            return known.Redactor;
        }

        var redactor = new Redactor(await OfAsync(deploymentId, operation: null, cancel));
        _redactors[deploymentId] = (now + s_fresh, redactor);
        foreach (var old in _redactors.Where(pair => pair.Value.Until <= now))
        {
            _redactors.TryRemove(old);
        }

        return redactor;
    }

    private async Task AddAsync(
        PlatzDb db, (Guid Deployment, Guid Env) place, Given given, HashSet<string> secrets, CancellationToken cancel)
    {
        try
        {
            var opened = sensitive.Open(place.Deployment, given.Inputs);
            secrets.UnionWith(opened.Secrets);
            var chart = await db.Charts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == given.Chart, cancel);
            var form = chart is null ? null : ChartSchema.Of(chart).ValuesUi;
            var references = Collections.Dependencies(form ?? ValuesUi.Empty, opened.Inputs);
            secrets.UnionWith((await collections.PropertiesAsync(db, place.Env, references, cancel)).Secrets);
        }
        catch (Exception e) when (e is EnvelopeException or ValuesException or BrokenChartException)
        {
            // what cannot be opened is given to nobody
        }
    }

    private sealed record Given(Guid? Chart, JsonObject Inputs)
    {
        public bool IsLike(Given other) => Chart == other.Chart && JsonNode.DeepEquals(Inputs, other.Inputs);
    }
}
