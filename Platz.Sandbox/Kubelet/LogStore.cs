using System.Collections.Concurrent;

namespace Platz.Sandbox.Kubelet;

/// <summary>The container logs of all pods, on disk under the pod's uid.</summary>
public sealed class LogStore(string folder, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, ContainerLog> _logs = [];

    /// <summary>The log of one run of a container; a restart begins another.</summary>
    public ContainerLog Create(string podUid, string container, long restart)
    {
        Directory.CreateDirectory(Path.Combine(folder, podUid));
        return _logs[FileOf(podUid, container, restart)] =
            ContainerLog.Create(FileOf(podUid, container, restart), clock);
    }

    public ContainerLog? Find(string podUid, string container, long restart)
    {
        var file = FileOf(podUid, container, restart);
        return _logs.TryGetValue(file, out var log) ? log
            : File.Exists(file) ? _logs.GetOrAdd(file, _ => ContainerLog.Reopen(file, clock))
            : null;
    }

    /// <summary>Whoever still follows keeps his open file to its end.</summary>
    public void Delete(string podUid)
    {
        var own = Path.Combine(folder, podUid);
        foreach (var file in _logs.Keys.Where(file => Path.GetDirectoryName(file) == own).ToList())
        {
            if (_logs.TryRemove(file, out var log))
            {
                log.Complete();
            }
        }

        try
        {
            Directory.Delete(own, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // the pod never ran, or its worker was quicker
        }
    }

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }
    }

    private string FileOf(string podUid, string container, long restart) =>
        Path.Combine(folder, podUid, $"{container}.{restart}.log");
}
