using System.Text;
using Platz.Core.Tasks;

namespace Platz.Chaos.Ledgers;

/// <summary>
/// The world outside of the queue that no-op operations have their effects in: a file per effect, whose name only one
/// can make (as a pod's), and a ledger per process of who did what when. Neither knows PostgreSQL.
/// </summary>
internal sealed class EffectLedger(string folder, string runner, TimeProvider clock) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _lines = new(
        LedgerFile(folder, runner), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    private int _noted;

    /// <summary>Called when the first task has been noted.</summary>
    public Action? OnFirst { get; set; }

    public static string LedgerFile(string folder, string runner) => Path.Combine(folder, $"{runner}.ledger");

    public static string Effects(string folder) => Path.Combine(folder, "effects");

    public void Note(Act act, DeploymentTask task)
    {
        Write(new LedgerLine(act, clock.GetUtcNow(), task.Id, task.DeploymentId, task.Fence));
        if (Interlocked.Exchange(ref _noted, 1) == 0)
        {
            OnFirst?.Invoke();
        }
    }

    public void NoteStandstill(TimeSpan lasted) =>
        Write(new LedgerLine(Act.StoodStill, clock.GetUtcNow(), Lasted: lasted));

    /// <summary>Makes the effect, or finds it made: exactly one caller ever makes it.</summary>
    /// <returns>Since when it is there.</returns>
    public DateTimeOffset Take(DeploymentTask task)
    {
        var file = Path.Combine(Effects(folder), $"{task.Id}");
        try
        {
            using (File.Open(file, FileMode.CreateNew))
            {
            }

            Note(Act.Made, task);
        }
        catch (IOException) when (File.Exists(file))
        {
            Note(Act.Found, task);
        }

        return File.GetLastWriteTimeUtc(file);
    }

    public bool Has(DeploymentTask task) => File.Exists(Path.Combine(Effects(folder), $"{task.Id}"));

    public void Dispose() => _lines.Dispose();

    /// <summary>One write, which a SIGKILL either lets through or not.</summary>
    private void Write(LedgerLine line)
    {
        var bytes = Encoding.UTF8.GetBytes(line.ToString());
        lock (_gate)
        {
            _lines.Write(bytes);
        }
    }
}
