using System.Diagnostics;

namespace Platz.Chaos.Databases;

/// <summary>The PostgreSQL of a campaign, and how it is torn down and started again.</summary>
/// <param name="RestartScript">Null where the server is others' too: it is not restarted then.</param>
/// <param name="Template">A migrated database to copy, which is quicker than to migrate.</param>
internal sealed record Server(string ConnectionString, string? RestartScript, string? Template = null)
{
    public static Server Given => new(
        Environment.GetEnvironmentVariable("PLATZ_CHAOS_POSTGRES")
            ?? throw new InvalidOperationException("PLATZ_CHAOS_POSTGRES names no server; ./platz chaos starts one."),
        Environment.GetEnvironmentVariable("PLATZ_CHAOS_RESTART"));

    /// <summary>No checkpoint, every session cut, recovery from the log.</summary>
    public async Task RestartAsync()
    {
        using var process = Process.Start("/bin/sh", [RestartScript!]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"PostgreSQL could not be restarted: {RestartScript} ended with {process.ExitCode}.");
        }
    }
}
