using System.Diagnostics;

namespace Platz.Bench.Peers;

/// <summary>The program of another queue, at one of its commands.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Peer _peer;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PeerProcess(Peer peer, Process process)
    {
        (_peer, _process) = (peer, process);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static PeerProcess Start(Peer peer, PeerDatabase database, string command, params int[] numbers)
    {
        var start = peer.Start([command, .. numbers.Select(n => $"{n}")]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (name, value) in database.Environment)
        {
            start.Environment[name] = value;
        }

        return new PeerProcess(peer, Process.Start(start)!);
    }

    /// <summary>Until it has said this word.</summary>
    public async Task AwaitAsync(string word, CancellationToken cancel)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line == word)
            {
                return;
            }
        }

        throw await FailureAsync(cancel);
    }

    public void Go()
    {
        _process.StandardInput.WriteLine("go");
        _process.StandardInput.Flush();
    }

    /// <returns>The lines that it wrote until its end.</returns>
    public async Task<List<string>> EndAsync(CancellationToken cancel)
    {
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            lines.Add(line);
        }

        await _process.WaitForExitAsync(cancel);
        return _process.ExitCode == 0 ? lines : throw await FailureAsync(cancel);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<InvalidOperationException> FailureAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        return new InvalidOperationException($"{_peer.Name} ended with {_process.ExitCode}: {await _errors}");
    }
}
