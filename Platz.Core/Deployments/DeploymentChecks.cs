using System.Text;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>What a deployment refers to, read once for one save: it must exist and fit together.</summary>
internal sealed class DeploymentChecks
{
    /// <summary>Of config and override each, as JSON; beyond it a Kubernetes Secret would not hold the values.</summary>
    private const int MaxJsonBytes = 256 * 1024;

    private const int MaxDescriptionLength = 65_536;

    private readonly PlatzDb _db;
    private readonly Deployment _deployment;
    private readonly Kind _kind;
    private readonly Cluster? _cluster;
    private readonly Chart? _chart;
    private readonly string? _previousTag;
    private readonly bool _chartFits;

    private DeploymentChecks(
        PlatzDb db, Deployment deployment, Kind kind, Cluster? cluster, Chart? chart, bool chartFits, string? previousTag)
    {
        (_db, _deployment, _kind) = (db, deployment, kind);
        (_cluster, _chart, _chartFits, _previousTag) = (cluster, chart, chartFits, previousTag);
    }

    public string ClusterName => _cluster?.Name ?? "this cluster";

    public static async Task<DeploymentChecks> ForAsync(
        PlatzDb db, Deployment deployment, Kind kind, CancellationToken cancel)
    {
        var cluster = await db.Clusters.SingleOrDefaultAsync(
            c => c.Id == deployment.ClusterId && c.DeletedAt == null, cancel);
        var chart = await db.Charts.SingleOrDefaultAsync(c => c.Id == deployment.HelmChartId, cancel);
        var fits = chart is not null && await db.Registries.AnyAsync(
            r => r.Id == chart.HelmRegistryId && r.KindId == kind.Id, cancel);
        var before = db.Entry(deployment).Property(d => d.HelmChartId).OriginalValue;
        var previousTag = await db.Charts.Where(c => c.Id == before).Select(c => c.ImageTag)
            .SingleOrDefaultAsync(cancel);
        return new DeploymentChecks(db, deployment, kind, cluster, chart, fits, previousTag);
    }

    /// <param name="chartChosen">Whether the user has just picked the chart; one installed earlier may since be gone.</param>
    public List<FieldError> Errors(string name, bool chartChosen)
    {
        var errors = new List<FieldError>();
        Check("name", Location.NameError(_kind.Name, name));
        Check("cluster_id", ClusterError());
        Check("helm_chart_id", chartChosen ? ChartError() : null);
        Check("config", JsonError(_deployment.Config.ToJsonString()));
        Check("values_override", JsonError(_deployment.ValuesOverride.ToJsonString()));
        Check("description_md", TextError(_deployment.DescriptionMd));
        return errors;

        void Check(string field, string? message)
        {
            if (message is not null)
            {
                errors.Add(new FieldError(field, message));
            }
        }
    }

    /// <summary>Refuses while enabled deployments use this one, and names them.</summary>
    public async Task<SaveResult.Conflict?> DependentsAsync(CancellationToken cancel)
    {
        var names = await (
            from dependency in _db.Dependencies
            join dependent in _db.Deployments on dependency.DeploymentId equals dependent.Id
            where dependency.Kind == DependencyKind.Deployment && dependency.TargetId == _deployment.Id
                && dependent.Enabled && dependent.DeletedAt == null
            orderby dependent.Namespace
            select dependent.Namespace).Take(20).ToListAsync(cancel);
        return names.Count == 0
            ? null
            : new SaveResult.Conflict($"Other deployments depend on this one: {string.Join(", ", names)}.");
    }

    public NewTask Task(Deployment deployment, Operation operation, Actor actor, string? idempotencyKey) => new()
    {
        DeploymentId = deployment.Id,
        EnvId = _cluster!.EnvId!.Value,
        ClusterId = deployment.ClusterId,
        Operation = operation,
        Actor = actor,
        KindName = _kind.Name,
        DeploymentName = deployment.Name,
        ClusterName = _cluster.Name,
        Namespace = deployment.Namespace,
        ChartVersion = _chart?.ImageTag,
        PrevChartVersion = operation is Upgrade ? _previousTag : null,
        IdempotencyKey = idempotencyKey,
    };

    private string? ClusterError() => _cluster switch
    {
        null => "There is no such cluster.",
        { EnvId: null } => $"The cluster {_cluster.Name} belongs to no env.",
        { Ignore: true } => $"The cluster {_cluster.Name} is set to be ignored.",
        _ => null,
    };

    private string? ChartError() => _chart switch
    {
        null => "There is no such chart version.",
        _ when !_chartFits => $"This chart is not one of the kind {_kind.Name}.",
        { Error: { } error } => $"Version {_chart.ImageTag} is broken: {error}",
        { Available: false } => $"Version {_chart.ImageTag} is no longer in its registry.",
        _ => null,
    };

    private static string? TextError(string? text) => text switch
    {
        { Length: > MaxDescriptionLength } => $"This is too long: at most {MaxDescriptionLength:N0} characters.",
        not null when text.Contains('\0', StringComparison.Ordinal) => "A NUL character cannot be stored.",
        _ => null,
    };

    private static string? JsonError(string json) => json switch
    {
        _ when Encoding.UTF8.GetByteCount(json) > MaxJsonBytes =>
            $"This is too large: at most {MaxJsonBytes / 1024} KiB.",
        _ when json.Contains("\\u0000", StringComparison.Ordinal) => "A NUL character cannot be stored.",
        _ => null,
    };
}
