using k8s.Models;
using Platz.Runner;
using Platz.Runner.Helm;
using Platz.Tests.Web.Tasks;

namespace Platz.Tests.Runner.Helm;

/// <summary>
/// The pod that a chart's templates and hooks are rendered in. A cluster refuses another one, for its namespace has the
/// restricted profile; this says it before there is a cluster.
/// </summary>
public sealed class HelmPodSpecTests
{
    private static readonly V1PodSpec s_pod = HelmPodSpec.Build(
        "task-1-helm-upgrade", "platz", SomeTask.With(), ["upgrade", "web-shop"], new RunnerOptions()).Spec;

    [Fact]
    public void It_fits_the_restricted_profile()
    {
        Assert.True(s_pod.SecurityContext is { RunAsNonRoot: true, RunAsUser: > 0, SeccompProfile.Type: "RuntimeDefault" });
        Assert.True(s_pod is { HostNetwork: not true, HostPID: not true, HostIPC: not true, HostUsers: null });
        Assert.All(s_pod.Volumes, volume => Assert.True(volume is { HostPath: null, Nfs: null, Csi: null }
            && (volume.EmptyDir is not null || volume.Secret is not null)));
        Assert.Null(s_pod.InitContainers);
        var container = Assert.Single(s_pod.Containers);
        Assert.True(container.SecurityContext is
        {
            Privileged: not true, AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true, ProcMount: null,
            Capabilities: { Add: null, Drop: ["ALL"] },
        });
        Assert.Null(container.Ports);
    }

    [Fact]
    public void It_has_no_shell_an_end_and_a_limit()
    {
        var container = Assert.Single(s_pod.Containers);
        Assert.Equal(["helm"], container.Command);
        Assert.Equal(["upgrade", "web-shop"], container.Args);
        Assert.Equal(("Never", 660L), (s_pod.RestartPolicy, s_pod.ActiveDeadlineSeconds));
        Assert.NotEmpty(container.Resources.Limits);
        Assert.NotEmpty(container.Resources.Requests);
    }

    [Fact]
    public void It_has_no_token_of_an_account_and_nothing_secret_in_its_environment()
    {
        Assert.False(s_pod.AutomountServiceAccountToken);
        Assert.False(s_pod.EnableServiceLinks);
        Assert.DoesNotContain(s_pod.Volumes, volume => volume.Projected is not null);
        Assert.All(Assert.Single(s_pod.Containers).Env, variable => Assert.StartsWith("/work", variable.Value, StringComparison.Ordinal));
        Assert.Null(Assert.Single(s_pod.Containers).EnvFrom);
    }
}
