using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Platz.Sandbox.Kubelet;

/// <summary>
/// Helm processes that outlived a killed sandbox: they must not go on beside the pods that replace theirs.
/// </summary>
internal static class LeftoverRuns
{
    public static void End(string runs, string helmBinary)
    {
        foreach (var run in Directory.EnumerateDirectories(runs).ToList())
        {
            var pidFile = Path.Combine(run, "pid");
            if (File.Exists(pidFile)
                && int.TryParse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture, out var pid)
                && IsOurs(pid, run, helmBinary))
            {
                Kill(pid);
            }

            Directory.Delete(run, recursive: true);
        }
    }

    /// <summary>
    /// A process number may have been given to somebody else; only helm working in this very folder is ours.
    /// </summary>
    private static bool IsOurs(int pid, string run, string helmBinary)
    {
        try
        {
            var folder = new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            var program = new FileInfo($"/proc/{pid}/exe").ResolveLinkTarget(returnFinalTarget: true)?.Name;
            return folder is not null && folder.StartsWith(run, StringComparison.Ordinal)
                && program == Path.GetFileName(helmBinary);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // it ended by itself
        }
    }
}
