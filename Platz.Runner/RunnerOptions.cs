using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Platz.Core.Catalog;

namespace Platz.Runner;

public sealed class RunnerOptions
{
    public const string Section = "Runner";

    /// <summary>How many tasks run at once.</summary>
    [Range(1, 1000)]
    public int MaxConcurrentTasks { get; init; } = 32;

    /// <summary>How many of them on one cluster, so that a slow cluster starves no other.</summary>
    [Range(1, 1000)]
    public int MaxConcurrentTasksPerCluster { get; init; } = 8;

    /// <summary>After how many lost leases a task is given up.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long a dead runner's tasks stay its own.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(20);

    [Range(typeof(TimeSpan), "00:00:00.200", "00:02:00")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    [Range(typeof(TimeSpan), "00:00:00.200", "00:02:00")]
    public TimeSpan RescueInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long running phases may go on after SIGTERM before the next runner adopts them.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Helm's <c>--timeout</c>; the pod is stopped a minute later.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "06:00:00")]
    public TimeSpan HelmTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a Helm pod may take to start.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "06:00:00")]
    public TimeSpan PodStartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a task that has done nothing yet waits for its cluster to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan ClusterPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is looked whose status is due; each chart says itself how often it wants to be asked.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "1.00:00:00")]
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(5);

    [Required]
    public string HelmImage { get; init; } = "docker.io/alpine/helm:3.18.0";

    /// <summary>Where Helm pods run, in each cluster.</summary>
    [Required, RegularExpression("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    public string Namespace { get; init; } = "platz";

    /// <summary>How long the credentials of a deployment hold; renewed when a third of it is over.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan CredentialsLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where Platz itself is reached from the clusters; told to charts.</summary>
    [Required, Url]
    public string OwnUrl { get; init; } = OwnAddress.Default;

    /// <summary>Bytes kept of the beginning of a task's output.</summary>
    [Range(0, 1L << 30)]
    public long LogHead { get; init; } = 256 * 1024;

    /// <summary>Bytes kept of the end of a task's output.</summary>
    [Range(4096, 1L << 30)]
    public long LogTail { get; init; } = 4 * 1024 * 1024;

    /// <summary>Names of the clusters to serve; empty for all that can be reached.</summary>
    public string[] Clusters { get; init; } = [];
}

[OptionsValidator]
internal sealed partial class RunnerOptionsValidator : IValidateOptions<RunnerOptions>;
