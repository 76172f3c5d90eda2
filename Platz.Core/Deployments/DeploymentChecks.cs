using System.Text;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Identity;

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
        Schema = chart is null ? null : ChartSchema.Of(chart);
    }

    public string ClusterName => _cluster?.Name ?? "this cluster";

    public Guid? EnvId => _cluster?.EnvId;

    public string KindName => _kind.Name;

    /// <summary>Null when there is no such chart.</summary>
    public ChartSchema? Schema { get; }

    public string? ChartVersion => _chart?.ImageTag;

    public string? PreviousChartVersion => _previousTag;

    public static async Task<DeploymentChecks> ForAsync(
        PlatzDb db, Deployment deployment, Kind kind, CancellationToken cancel)
    {
        // Locked, so that it stays in the env whose rights are asked until the deployment is in it.
        var cluster = await db.Clusters
            .FromSql($"SELECT * FROM k8s_clusters WHERE id = {deployment.ClusterId} AND deleted_at IS NULL FOR KEY SHARE")
            .SingleOrDefaultAsync(cancel);
        var chart = await db.Charts.SingleOrDefaultAsync(c => c.Id == deployment.HelmChartId, cancel);
        var fits = chart is not null && await db.Registries.AnyAsync(
            r => r.Id == chart.HelmRegistryId && r.KindId == kind.Id, cancel);
        var before = db.Entry(deployment).Property(d => d.HelmChartId).OriginalValue;
        var previousTag = await db.Charts.Where(c => c.Id == before).Select(c => c.ImageTag)
            .SingleOrDefaultAsync(cancel);
        return new DeploymentChecks(db, deployment, kind, cluster, chart, fits, previousTag);
    }

    /// <param name="chartChosen">Whether the user has just picked the chart; one installed earlier may since be gone.</param>
    public List<FieldError> Errors(bool chartChosen)
    {
        var errors = new List<FieldError>();
        Check("name", Location.NameError(_kind.Name, _deployment.Name, Schema?.Features.Cardinality ?? Cardinality.Many));
        Check("cluster_id", ClusterError());
        Check("helm_chart_id", chartChosen ? ChartError() : null);
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

    /// <summary>Refuses who may not do all of this where the deployment is.</summary>
    public async Task<SaveResult?> RefusalAsync(
        Actor actor, IEnumerable<Permission> needed, CancellationToken cancel)
    {
        var standing = await Access.OfAsync(_db, actor, EnvId, _kind.Id, cancel);
        return standing is Standing.None
            ? new SaveResult.NotFound()
            : needed.Where(permission => !_db.Admits(actor, standing, permission, EnvId))
                .Select(permission => new SaveResult.Forbidden(permission)).FirstOrDefault();
    }

    /// <summary>Refuses while enabled deployments use this one, or what it manages, and names them.</summary>
    public async Task<SaveResult.Conflict?> DependentsAsync(CancellationToken cancel)
    {
        var managed = _db.Resources.Where(r => r.DeploymentId == _deployment.Id).Select(r => r.Id);
        var names = await (
            from dependency in _db.Dependencies
            join dependent in _db.Deployments on dependency.DeploymentId equals dependent.Id
            where ((dependency.Kind == DependencyKind.Deployment && dependency.TargetId == _deployment.Id)
                    || (dependency.Kind == DependencyKind.Resource && managed.Contains(dependency.TargetId)))
                && dependent.Id != _deployment.Id
                && dependent.Enabled && dependent.DeletedAt == null
            select dependent.Namespace).Distinct().OrderBy(name => name).Take(20).ToListAsync(cancel);
        return names.Count == 0
            ? null
            : new SaveResult.Conflict($"Other deployments depend on this one: {string.Join(", ", names)}.");
    }

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

    internal static string? JsonError(string json) => json switch
    {
        _ when Encoding.UTF8.GetByteCount(json) > MaxJsonBytes =>
            $"This is too large: at most {MaxJsonBytes / 1024} KiB.",
        _ when JsonNul.IsIn(json) => "A NUL character cannot be stored.",
        _ => null,
    };
}
