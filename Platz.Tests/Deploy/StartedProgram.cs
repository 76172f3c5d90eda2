using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Platz.Tests.Deploy;

/// <summary>A program run by an unprivileged user, with what it says.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    // Becomes the program, where runuser would stay before it and keep its exit code to itself.
    private const string StepDown = """exec setpriv --reuid="$0" --regid="$(id -g "$0")" --init-groups -- "$@" """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _said = new();
    private int _endedStreams;

    private StartedProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Root steps down to the user of PLATZ_TEST_USER, which may use the tests' PostgreSQL; anyone else stays who they are.</summary>
    public static StartedProgram Start(string[] command, string folder, IReadOnlyDictionary<string, string> environment)
    {
        if (Environment.UserName == "root")
        {
            var user = Environment.GetEnvironmentVariable("PLATZ_TEST_USER") ?? "postgres";
            command = ["/bin/sh", "-c", StepDown, user, .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new StartedProgram(start);
    }

    /// <summary>Waits for a line that matches, and returns what the pattern's first group caught.</summary>
    public async Task<string> SaysAsync(Regex pattern, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(s_patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(deadline.Token))
            {
                if (pattern.Match(line) is { Success: true } match)
                {
                    return match.Groups[1].Value;
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }

        throw new InvalidOperationException($"The program never said \"{pattern}\", but:\n{_said}");
    }

    /// <summary>Asks it to end, as container engines do, and returns its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(s_patience);
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs heard)
    {
        if (heard.Data is not { } line)
        {
            if (Interlocked.Increment(ref _endedStreams) == 2)
            {
                _lines.Writer.Complete(); // it has nothing more to say
            }

            return;
        }

        lock (_said)
        {
            _said.AppendLine(line);
        }

        _lines.Writer.TryWrite(line);
    }
}
