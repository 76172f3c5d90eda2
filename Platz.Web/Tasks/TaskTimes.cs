using Platz.Core.Tasks;

namespace Platz.Web.Tasks;

/// <summary>How long a task waited and ran.</summary>
public static class TaskTimes
{
    extension(DeploymentTask task)
    {
        /// <summary>From when it was due until its first claim, or until it was canceled unclaimed.</summary>
        public TimeSpan? Waited =>
            (task.StartedAt ?? task.FinishedAt) is { } end ? Positive(end - task.ExecuteAt) : null;

        public TimeSpan? Ran => task is { StartedAt: { } start, FinishedAt: { } end } ? Positive(end - start) : null;

        /// <summary>The first line of why it failed.</summary>
        public string? Summary => task.Reason is { } reason
            ? AnsiText.Strip(reason.TrimStart().Split('\n', 2)[0].TrimEnd())
            : null;
    }

    private static TimeSpan Positive(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}
