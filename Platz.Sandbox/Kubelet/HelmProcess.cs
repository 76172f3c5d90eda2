using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Platz.Sandbox.Kubelet;

/// <summary>One real helm: a child process without a shell, its two outputs put together into the log.</summary>
internal sealed class HelmProcess(ProcessStartInfo start, string pidFile) : IContainerProcess
{
    private const int Term = 15;
    private const int Kill = 9;
    private const int PieceSize = 64 * 1024;
    private const int LongLine = 16 * 1024;

    public async Task<ContainerExit> RunAsync(ContainerLog log, CancellationToken term, CancellationToken kill)
    {
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            return new ContainerExit(128, "StartError", $"failed to start {start.FileName}: {refused.Message}");
        }

        await File.WriteAllTextAsync(pidFile, $"{process.Id}", CancellationToken.None);
        process.StandardInput.Close();
        await using var onTerm = term.Register(() => Signal(process, Term));
        await using var onKill = kill.Register(() => Signal(process, Kill));
        var output = Task.WhenAll(
            PumpAsync(process.StandardOutput.BaseStream, log), PumpAsync(process.StandardError.BaseStream, log));
        await process.WaitForExitAsync(CancellationToken.None);
        await output;
        return new ContainerExit(process.ExitCode);
    }

    /// <summary>Whole lines at a time, so that the two outputs do not tear each other's lines apart.</summary>
    private static async Task PumpAsync(Stream output, ContainerLog log)
    {
        var buffer = new byte[PieceSize + LongLine];
        var held = 0;
        while (true)
        {
            var read = await output.ReadAsync(buffer.AsMemory(held, PieceSize), CancellationToken.None);
            if (read == 0)
            {
                log.Append(buffer.AsSpan(0, held));
                return;
            }

            held += read;
            var whole = buffer.AsSpan(0, held).LastIndexOf((byte)'\n') + 1;
            var ready = held - whole >= LongLine ? held : whole;
            log.Append(buffer.AsSpan(0, ready));
            buffer.AsSpan(ready, held - ready).CopyTo(buffer);
            held -= ready;
        }
    }

    /// <summary>Helm starts no processes of its own: it finds no programs to start.</summary>
    private static void Signal(Process process, int signal)
    {
        if (!HasExited(process))
        {
            _ = SendSignal(process.Id, signal);
        }
    }

    private static bool HasExited(Process process)
    {
        try
        {
            return process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return true; // it never started, or is disposed of already
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int process, int signal);
}
