using Platz.Core.Tasks;

namespace Platz.Web.Tasks;

/// <summary>What a screen reader is told of a live history: state changes, at most every three seconds.</summary>
public sealed class Announcer
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    private readonly Dictionary<Guid, string> _unsaid = [];
    private DateTimeOffset _lastSaid;

    public string Text { get; private set; } = "";

    /// <summary>Notes what is different; only the last state of each task will be said.</summary>
    public void Note(IEnumerable<DeploymentTask> before, IEnumerable<DeploymentTask> after)
    {
        var known = before.ToDictionary(t => t.Id, State);
        foreach (var task in after)
        {
            if (!known.TryGetValue(task.Id, out var state) || state != State(task))
            {
                _unsaid[task.Id] = $"{task.OpKind}: {State(task)}";
            }
        }
    }

    /// <returns>Whether <see cref="Text"/> has changed.</returns>
    public bool Speak(DateTimeOffset now)
    {
        if (_unsaid.Count == 0 || now - _lastSaid < s_pause)
        {
            return false;
        }

        Text = string.Join(". ", _unsaid.Values);
        _unsaid.Clear();
        _lastSaid = now;
        return true;
    }

    private static string State(DeploymentTask task) =>
        task.CancelRequested ? "Cancel requested" : task.Status.ToString();
}
