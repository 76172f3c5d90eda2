using System.Diagnostics;

namespace Platz.Tests.Support;

/// <summary>Runs the real helm, with directories of its own for every run.</summary>
public static class Helm
{
    /// <summary>What helm prints; the test fails where helm does.</summary>
    public static async Task<string> RunAsync(string helm, string[] arguments, CancellationToken cancel)
    {
        var (exitCode, output, errors) = await TryAsync(helm, arguments, cancel);
        Assert.True(exitCode is 0, $"helm {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    public static async Task<(int ExitCode, string Output, string Errors)> TryAsync(
        string helm, string[] arguments, CancellationToken cancel)
    {
        using var home = new TempFolder();
        var start = new ProcessStartInfo(helm, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var kind in (string[])["CACHE", "CONFIG", "DATA"])
        {
            start.Environment[$"HELM_{kind}_HOME"] = home.Path;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, output, await errors);
    }
}
