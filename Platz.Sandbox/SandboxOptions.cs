using System.ComponentModel.DataAnnotations;

namespace Platz.Sandbox;

/// <summary>The sandbox's settings: <c>Sandbox__X</c> in the environment or <c>--Sandbox:X=</c>.</summary>
public sealed class SandboxOptions
{
    /// <summary>The folder of the store; empty keeps objects in memory and logs in a temporary folder.</summary>
    public string Data { get; set; } = "";

    /// <summary>0 takes a free port.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// Where the kubeconfig (server and admin token) is written once the sandbox listens; empty writes none.
    /// </summary>
    public string KubeconfigFile { get; set; } = "";

    /// <summary>The port on which the hosts of Ingress objects are served; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int IngressPort { get; set; }

    /// <summary>
    /// Where, once the ingress listens, its address and the path of its authority's certificate are written, a line
    /// each; the certificate lies beside it, its name ending in <c>.pem</c>. Empty writes none.
    /// </summary>
    public string IngressFile { get; set; } = "";

    /// <summary>The name of the kubeconfig's context.</summary>
    [Required]
    public string Name { get; set; } = "sandbox";

    /// <summary>The helm binary that helm pods run; empty lets them fail with that reason.</summary>
    public string HelmBinary { get; set; } = "";

    /// <summary>A pod whose image has this repository (whatever the tag) runs helm.</summary>
    [Required]
    public string HelmImage { get; set; } = "docker.io/alpine/helm:3.18.0";

    /// <summary>
    /// More users by token, as in a token file of the real server; they have the rights RBAC gives them.
    /// </summary>
    public Dictionary<string, string> Users { get; init; } = [];

    /// <summary>How many changes a watch can look back before it gets 410.</summary>
    [Range(1, 1_000_000)]
    public int History { get; set; } = 5000;

    public TimeSpan ScheduleDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>From ContainerCreating to Running.</summary>
    public TimeSpan StartDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From Running to ready, where the pod does not say otherwise.</summary>
    public TimeSpan ReadyDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From a terminated container to the phase that follows from it.</summary>
    public TimeSpan PhaseDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between attempts at what cannot work yet: a missing volume, an image that is not there.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The first wait of a crashing container; it doubles up to thirty-two times.</summary>
    public TimeSpan CrashBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the deletion of a namespace takes at least.</summary>
    public TimeSpan NamespaceDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The repository part of an image reference: no digest, no tag.</summary>
    public static string RepositoryOf(string image)
    {
        var reference = image.Split('@')[0];
        var colon = reference.LastIndexOf(':');
        var repository = colon > reference.LastIndexOf('/') ? reference[..colon] : reference;
        const string hub = "docker.io/";
        return repository.StartsWith(hub, StringComparison.Ordinal) ? repository[hub.Length..] : repository;
    }
}
