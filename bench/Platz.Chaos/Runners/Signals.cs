using System.Runtime.InteropServices;

namespace Platz.Chaos.Runners;

/// <summary>Signals that .NET has no words for; the numbers are Linux's.</summary>
internal static partial class Signals
{
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>To a process of ours; one that is gone takes no harm.</summary>
    public static void Send(int process, int signal) => _ = Kill(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Kill(int process, int signal);
}
