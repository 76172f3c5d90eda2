using System.Buffers;

namespace Platz.Core.Tasks;

/// <summary>
/// Lines, and when each was written. Its memory serves again after <see cref="Clear"/>: a burst has a million of them in
/// a second.
/// </summary>
public sealed class TimedLines
{
    private readonly ArrayBufferWriter<char> _text = new();
    private readonly List<(int From, int Length, DateTimeOffset At)> _lines = [];

    public int Count => _lines.Count;

    public ReadOnlySpan<char> Text(int index) => _text.WrittenSpan.Slice(_lines[index].From, _lines[index].Length);

    /// <summary>When the line was written.</summary>
    public DateTimeOffset At(int index) => _lines[index].At;

    public void Add(ReadOnlySpan<char> line, DateTimeOffset at)
    {
        _lines.Add((_text.WrittenCount, line.Length, at));
        _text.Write(line);
    }

    public void Clear()
    {
        _lines.Clear();
        _text.ResetWrittenCount();
    }
}
