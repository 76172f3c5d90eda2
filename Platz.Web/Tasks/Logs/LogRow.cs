using Platz.Core.Tasks;

namespace Platz.Web.Tasks.Logs;

/// <summary>One row of the view, ready to be shown.</summary>
public abstract record LogRow
{
    /// <param name="Spans">Its text, or the part of a very long one that is shown.</param>
    /// <param name="Left">How many characters are not shown.</param>
    public sealed record Line(long Seq, DateTimeOffset At, LogStream Stream, IReadOnlyList<AnsiSpan> Spans, int Left)
        : LogRow
    {
        /// <summary>Its number, for a list to know the row by: an object that all who show the row share.</summary>
        public object Key { get; } = Seq;
    }

    public sealed record Heading(LogGroup Group, string Words, string? Outcome, bool IsFolded) : LogRow;

    public sealed record Gap(LogGap Lines) : LogRow;

    /// <summary>A line that was dropped after this view was told that there is one.</summary>
    public sealed record Missing(long Seq) : LogRow;
}
