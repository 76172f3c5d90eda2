using System.Diagnostics;

namespace Platz.Tests.Support;

/// <summary>A PostgreSQL of the test's own, in a temporary folder, on a Unix socket alone.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly string _folder;

    private PrivatePostgres(string folder) => _folder = folder;

    public string ConnectionString => $"Host={_folder};Username=platz;Database=postgres";

    public static async Task<PrivatePostgres> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("platz-pg-").FullName;
        if (IsRoot)
        {
            await RunAsync("chown", "postgres", folder);
        }

        var server = new PrivatePostgres(folder);
        await PostgresAsync("initdb", "-D", $"{folder}/data", "-U", "platz", "--auth=trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync");
        await server.StartServerAsync();
        return server;
    }

    public Task StartServerAsync() => PostgresAsync("pg_ctl", "start", "-w", "-D", $"{_folder}/data",
        "-l", $"{_folder}/log", "-o",
        $"-c listen_addresses='' -c unix_socket_directories='{_folder}' -c fsync=off -c max_connections=300");

    /// <summary>As after a crash: no checkpoint, every session cut.</summary>
    public Task StopImmediatelyAsync() => PostgresAsync("pg_ctl", "stop", "-m", "immediate", "-D", $"{_folder}/data");

    public async ValueTask DisposeAsync()
    {
        await StopImmediatelyAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static string Binary(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql").OrderDescending()
            .Select(version => $"{version}/bin/{name}").FirstOrDefault(File.Exists) ?? name;

    private static Task PostgresAsync(string program, params string[] arguments) => IsRoot
        ? RunAsync("runuser", ["-u", "postgres", "--", Binary(program), .. arguments])
        : RunAsync(Binary(program), arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // pg_ctl leaves the server behind as a child that keeps the pipes open: output goes to a file, not to us.
        var log = Path.GetTempFileName();
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null");
        foreach (var argument in new[] { "sh", log, program }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var output = await File.ReadAllTextAsync(log);
        File.Delete(log);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {output}");
        }
    }
}
