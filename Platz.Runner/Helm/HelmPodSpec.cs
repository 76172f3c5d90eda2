using k8s.Models;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;

namespace Platz.Runner.Helm;

/// <summary>The pod that runs Helm: no shell, the <c>restricted</c> profile, helm's folders on an emptyDir (contract 2.5).</summary>
internal static class HelmPodSpec
{
    private const string Work = "/work";

    public static V1Pod Build(string name, string ns, DeploymentTask task, string[] arguments, RunnerOptions options) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = ns,
            Labels = new Dictionary<string, string>
            {
                [ClusterOperations.ManagedBy] = "platz",
                [ClusterOperations.TaskLabel] = $"{task.Id}",
                ["platz.io/deployment-id"] = $"{task.DeploymentId}",
                ["platz.io/attempt"] = $"{task.Attempt}",
                ["platz.io/fence"] = $"{task.Fence}",
            },
        },
        Spec = new V1PodSpec
        {
            RestartPolicy = "Never",
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            ActiveDeadlineSeconds = (long)options.HelmTimeout.TotalSeconds + 60,
            TerminationGracePeriodSeconds = 30, // Helm then stops by itself and leaves no lock (kubernetes.md 1.4)
            SecurityContext = new V1PodSecurityContext
            {
                RunAsNonRoot = true,
                RunAsUser = 65532,
                RunAsGroup = 65532,
                FsGroup = 65532,
                SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
            },
            Containers = [Container(arguments, options)],
            Volumes =
            [
                new V1Volume { Name = "files", Secret = new V1SecretVolumeSource { SecretName = name, DefaultMode = 288 } },
                new V1Volume { Name = "work", EmptyDir = new V1EmptyDirVolumeSource() },
            ],
        },
    };

    private static V1Container Container(string[] arguments, RunnerOptions options) => new()
    {
        Name = "helm",
        Image = options.HelmImage,
        ImagePullPolicy = "IfNotPresent",
        Command = ["helm"],
        Args = arguments,
        TerminationMessagePolicy = "FallbackToLogsOnError",
        Env =
        [
            new V1EnvVar { Name = "HOME", Value = Work },
            new V1EnvVar { Name = "TMPDIR", Value = Work },
            new V1EnvVar { Name = "HELM_CACHE_HOME", Value = $"{Work}/cache" },
            new V1EnvVar { Name = "HELM_CONFIG_HOME", Value = $"{Work}/config" },
            new V1EnvVar { Name = "HELM_DATA_HOME", Value = $"{Work}/data" },
        ],
        Resources = new V1ResourceRequirements
        {
            Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("50m"), ["memory"] = new("128Mi") },
            Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("512Mi") },
        },
        SecurityContext = new V1SecurityContext
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new V1Capabilities { Drop = ["ALL"] },
        },
        VolumeMounts =
        [
            new V1VolumeMount { Name = "files", MountPath = HelmCommand.Files, ReadOnlyProperty = true },
            new V1VolumeMount { Name = "work", MountPath = Work },
        ],
    };
}
