using System.Buffers;
using System.Text;

namespace Platz.Core.Tasks;

/// <summary>
/// Makes storable lines out of the bytes of a pod's log, however they are cut: UTF-8 with U+FFFD for what is none,
/// terminal commands taken out, secrets masked even where they span lines. Like a terminal it overwrites: after a bare
/// carriage return a line starts anew, so of a progress bar its last state stays. A line of more than 8 KiB is given out
/// in parts (what a later carriage return would overwrite of them stays). A masked secret of several lines is one mask.
/// </summary>
public sealed class LogLines(Redactor redactor)
{
    public const int MaxLineBytes = 8 * 1024;

    private const int MostCharacters = MaxLineBytes / 3; // that fit into a line, whatever they are
    private const int Slice = 4096;
    private const int LongestColour = 40;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _decoded = new char[Slice + 4];
    private readonly TerminalText _terminal = new();
    private readonly Redaction _redaction = redactor.Start();
    private readonly ArrayBufferWriter<char> _plain = new(Slice);
    private readonly ArrayBufferWriter<char> _redacted = new(Slice);
    private readonly ArrayBufferWriter<char> _line = new(256);
    private int _lineBytes;
    private bool _split; // the line has given out parts already

    /// <summary>How many of the lines that have ended are not given out, because a secret may begin in the first of them.</summary>
    public int HeldLineEnds => _redaction.HeldLineEnds;

    /// <summary>What the buffers hold, in characters.</summary>
    internal int BufferedCapacity => _redaction.Capacity + _plain.Capacity + _redacted.Capacity + _line.Capacity;

    /// <summary>The lines that these bytes complete.</summary>
    public List<string> Push(ReadOnlySpan<byte> chunk)
    {
        var lines = new List<string>();
        Push(chunk, line => lines.Add(line.ToString()));
        return lines;
    }

    /// <inheritdoc cref="Push(ReadOnlySpan{byte})"/>
    /// <param name="give">Given each line; what it wants to keep it copies.</param>
    public void Push(ReadOnlySpan<byte> chunk, Action<ReadOnlySpan<char>> give)
    {
        while (!chunk.IsEmpty)
        {
            var slice = chunk[..Math.Min(chunk.Length, Slice)];
            chunk = chunk[slice.Length..];
            Take(_decoded.AsSpan(0, _decoder.GetChars(slice, _decoded, flush: false)), give);
        }
    }

    /// <summary>What is left when the log has ended.</summary>
    public List<string> Complete()
    {
        var lines = new List<string>();
        Complete(line => lines.Add(line.ToString()));
        return lines;
    }

    /// <inheritdoc cref="Complete()"/>
    /// <inheritdoc cref="Push(ReadOnlySpan{byte}, Action{ReadOnlySpan{char}})" path="/param"/>
    public void Complete(Action<ReadOnlySpan<char>> give)
    {
        Take(_decoded.AsSpan(0, _decoder.GetChars([], _decoded, flush: true)), give);
        _redaction.Complete(_redacted);
        TakeRedacted(give);
        if (_line.WrittenCount > 0)
        {
            EndLine(give);
        }
    }

    private void Take(ReadOnlySpan<char> text, Action<ReadOnlySpan<char>> give)
    {
        _terminal.Append(text, _plain);
        _redaction.Append(_plain.WrittenSpan, _redacted);
        _plain.ResetWrittenCount();
        TakeRedacted(give);
    }

    private void TakeRedacted(Action<ReadOnlySpan<char>> give)
    {
        var text = _redacted.WrittenSpan;
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny('\n', '\r');
            if (end is >= 0 and < MostCharacters && text[end] is '\n' && _line.WrittenCount == 0 && !_split)
            {
                give(text[..end]);
                text = text[(end + 1)..];
                continue;
            }

            Grow(end < 0 ? text : text[..end], give);
            if (end < 0)
            {
                break;
            }

            if (text[end] is '\r')
            {
                StartLine();
            }
            else if (_line.WrittenCount > 0 || !_split)
            {
                EndLine(give);
            }

            _split &= text[end] is '\r';
            text = text[(end + 1)..];
        }

        _redacted.ResetWrittenCount();
    }

    private void Grow(ReadOnlySpan<char> text, Action<ReadOnlySpan<char>> give)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        while (_lineBytes + bytes > MaxLineBytes)
        {
            var part = text[..Fitting(text, MaxLineBytes - _lineBytes)];
            _line.Write(part);
            EndLine(give);
            _split = true;
            text = text[part.Length..];
            bytes = Encoding.UTF8.GetByteCount(text);
        }

        _line.Write(text);
        _lineBytes += bytes;
    }

    private void EndLine(Action<ReadOnlySpan<char>> give)
    {
        give(_line.WrittenSpan);
        StartLine();
    }

    private void StartLine()
    {
        _line.ResetWrittenCount();
        _lineBytes = 0;
    }

    /// <summary>How many characters go into so many bytes without cutting a character or a colour code in two.</summary>
    private static int Fitting(ReadOnlySpan<char> text, int bytes)
    {
        var length = Math.Min(text.Length, bytes);
        while (length > 0 && Encoding.UTF8.GetByteCount(text[..length]) is var size && size > bytes)
        {
            length -= Math.Max(1, (size - bytes) / 3);
        }

        length -= length > 0 && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        var colour = text[..length].LastIndexOf('\u001b');
        return colour >= 0 && length - colour < LongestColour && !text[colour..length].Contains('m') ? colour : length;
    }
}
