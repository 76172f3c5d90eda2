using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// Loaded into the web process by DOTNET_STARTUP_HOOKS: at a signal (SIGUSR1) it collects all garbage and writes how much
/// memory is left in use. The product itself has nothing of the kind.
/// </summary>
internal static class StartupHook
{
    private const int Usr1 = 10; // on Linux

    private static readonly List<PosixSignalRegistration> s_held = []; // or it would be collected

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("PLATZ_BENCH_MEMORY") is { } file)
        {
            s_held.Add(PosixSignalRegistration.Create((PosixSignal)Usr1, context =>
            {
                context.Cancel = true;
                for (var i = 0; i < 3; i++)
                {
                    GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    GC.WaitForPendingFinalizers();
                }

                var text = GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture);
                File.WriteAllText($"{file}.new", text);
                File.Move($"{file}.new", file, overwrite: true);
            }));
        }
    }
}
