using System.Buffers;
using System.Text;

namespace Platz.Core.Tasks.Logs;

/// <summary>
/// A block of a log on its way to the database, in the bytes that it is stored in. One that was stored or let go is begun
/// anew as another: what a burst makes in a second is more than a garbage collector clears away in passing.
/// </summary>
/// <param name="capacity">Bytes that it has room for at first.</param>
internal sealed class UnwrittenBlock(int capacity)
{
    private readonly ArrayBufferWriter<byte> _text = new(capacity);

    /// <summary>Of the first line.</summary>
    public long Seq { get; private set; }

    /// <summary>See <see cref="TaskLogLine.BytesBefore"/>; of the first line.</summary>
    public long BytesBefore { get; private set; }

    /// <summary>The same of the line that comes next.</summary>
    public long BytesAfter => BytesBefore + _text.WrittenCount + 1;

    public string Phase { get; private set; } = "";

    public LogStream Stream { get; private set; }

    /// <summary>Of each line, UTC.</summary>
    public List<DateTime> Ats { get; } = [];

    public int Lines => Ats.Count;

    /// <summary>The lines in UTF-8, with line ends between them.</summary>
    public ReadOnlyMemory<byte> Text => _text.WrittenMemory;

    /// <summary>In bytes, of its memory.</summary>
    public int Capacity => _text.Capacity;

    public UnwrittenBlock Begin(long seq, long bytesBefore, string phase, LogStream stream)
    {
        (Seq, BytesBefore, Phase, Stream) = (seq, bytesBefore, phase, stream);
        _text.ResetWrittenCount();
        Ats.Clear();
        return this;
    }

    public void Add(ReadOnlySpan<char> line, DateTimeOffset at)
    {
        if (Lines > 0)
        {
            _text.Write("\n"u8);
        }

        Encoding.UTF8.GetBytes(line, _text);
        Ats.Add(at.UtcDateTime);
    }
}
