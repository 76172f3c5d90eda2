namespace Platz.Sandbox.Kubelet;

/// <summary>
/// Where the paths of a pod lie on the host: every path, mounted or not, ends within the pod's own folder.
/// </summary>
internal sealed class PodPaths(string root)
{
    private readonly List<(string Mount, string Host)> _mounts = [];

    public string Root => root;

    /// <summary>Helm's working directory.</summary>
    public string WorkingDirectory => Path.Combine(root, "rootfs");

    public void Mount(string mountPath, string hostPath)
    {
        _mounts.Add((Normal(mountPath), hostPath));
        _mounts.Sort((left, right) => right.Mount.Length.CompareTo(left.Mount.Length));
    }

    public static bool LooksLikePath(string argument) =>
        argument.StartsWith('/') || argument.StartsWith('.') || argument.StartsWith("file:", StringComparison.Ordinal)
        || argument.Split('/').Contains("..");

    public string Map(string path)
    {
        var wanted = Normal(path);
        foreach (var (mount, host) in _mounts)
        {
            if (wanted == mount)
            {
                return host;
            }

            if (wanted.StartsWith(mount == "/" ? mount : mount + "/", StringComparison.Ordinal))
            {
                return Path.Combine(host, wanted[(mount.Length + (mount == "/" ? 0 : 1))..]);
            }
        }

        return Path.Combine(WorkingDirectory, wanted.TrimStart('/'));
    }

    /// <summary>Absolute within the pod, with no way up left in it.</summary>
    private static string Normal(string path) => Path.GetFullPath(
        path.StartsWith("file:", StringComparison.Ordinal) ? path["file:".Length..].TrimStart('/') : path, "/");
}
