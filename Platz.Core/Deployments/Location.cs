using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>
/// Where a release lives: a namespace on a cluster. Namespace and release are both called
/// <c>lower(kind)[-name]</c> (contract 2.3).
/// </summary>
public sealed partial record Location(Guid ClusterId, string Namespace)
{
    /// <summary>Kind and name together, so that what charts append still fits Kubernetes' 63 characters.</summary>
    public const int MaxLength = 52;

    private static readonly HashSet<string> s_reserved =
        ["default", "kube-system", "kube-public", "kube-node-lease", "platz"];

    public static string Name(string kind, string name) =>
        name.Length == 0 ? kind.ToLowerInvariant() : $"{kind.ToLowerInvariant()}-{name}";

    public static Location Of(Deployment deployment) => new(deployment.ClusterId, deployment.Namespace);

    /// <summary>
    /// Where the release is, or will be when what is queued has run: not where the row says after a move that failed.
    /// Asked before the row is changed, with the deployment locked.
    /// </summary>
    public static async Task<Location> OfReleaseAsync(PlatzDb db, Deployment deployment, CancellationToken cancel) =>
        deployment.RevisionId is null || await IsMovingAsync(db, deployment.Id, cancel)
            ? Of(deployment)
            : await OfRevisionAsync(db, deployment.RevisionId.Value, cancel);

    /// <summary>Whether a move is queued or under way. One whose time has not come is none: a change cancels it.</summary>
    public static Task<bool> IsMovingAsync(PlatzDb db, Guid deploymentId, CancellationToken cancel) =>
        db.Set<QueuedTask>().AnyAsync(
            q => q.DeploymentId == deploymentId && q.OpKind == nameof(Recreate) && q.State != QueueState.Scheduled, cancel);

    /// <summary>Where a task installed what it installed.</summary>
    public static Task<Location> OfRevisionAsync(PlatzDb db, Guid revisionId, CancellationToken cancel) =>
        db.Tasks.Where(t => t.Id == revisionId).Select(t => new Location(t.ClusterId, t.Namespace)).SingleAsync(cancel);

    /// <summary>Whether a namespace of this name is Kubernetes' own, or ours.</summary>
    public static bool IsReserved(string name) => s_reserved.Contains(name);

    /// <summary>Why a name cannot be used for a deployment of this kind; null when it can.</summary>
    public static string? NameError(string kind, string name, Cardinality cardinality) => (name, cardinality) switch
    {
        ("", Cardinality.OnePerCluster) => null,
        (_, Cardinality.OnePerCluster) => "There is one of this kind on a cluster, and it has no name.",
        _ => NameError(kind, name),
    };

    private static string? NameError(string kind, string name) => name switch
    {
        "" => "A name is needed.",
        _ when !DnsLabel.IsMatch(name) =>
            "A name has lower-case letters, digits and hyphens, and begins and ends with a letter or digit.",
        _ when kind.Length + name.Length > MaxLength =>
            $"The name is too long: at most {Math.Max(0, MaxLength - kind.Length)} characters for this kind.",
        _ when IsReserved(Name(kind, name)) => "Kubernetes keeps this name for itself; choose another.",
        _ => null,
    };

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?\\z", RegexOptions.NonBacktracking)]
    private static partial Regex DnsLabel { get; }
}
