using System.Buffers;

namespace Platz.Core.Tasks;

/// <summary>
/// Takes out of a stream of text what only a terminal may be told: titles, links and clipboard writes (OSC), cursor
/// movement, clearing, bells. Colours (SGR) stay. Line ends become <c>\n</c>; a bare <c>\r</c> is passed on. NUL becomes
/// U+FFFD. A sequence left open ends with its line, or after 64 KiB.
/// </summary>
internal sealed class TerminalText
{
    private const int LongestString = 64 * 1024;

    private static readonly SearchValues<char> s_controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Where(c => c is < 0x20 or >= 0x7F).Select(c => (char)c).Except("\t\n")]);

    private static readonly SearchValues<char> s_parameters = SearchValues.Create("0123456789;:");

    private readonly char[] _sequence = new char[32];
    private int _length;
    private State _state;
    private bool _return;

    private enum State { Text, Escape, EscapeSpare, Csi, String, StringEscape }

    public void Append(ReadOnlySpan<char> text, ArrayBufferWriter<char> output)
    {
        while (!text.IsEmpty)
        {
            var plain = _state is State.Text && !_return ? text.IndexOfAny(s_controls) : 0;
            plain = plain < 0 ? text.Length : plain;
            if (plain > 0)
            {
                output.Write(text[..plain]);
                text = text[plain..];
                continue;
            }

            Read(text[0], output);
            text = text[1..];
        }
    }

    private void Read(char c, ArrayBufferWriter<char> output)
    {
        switch (_state)
        {
            case State.String or State.StringEscape:
                ReadString(c, output);
                break;
            case State.Escape:
                ReadEscape(c, output);
                break;
            case State.EscapeSpare:
                _state = State.Text;
                if (c is < ' ' or > '~')
                {
                    ReadText(c, output);
                }

                break;
            case State.Csi:
                ReadCsi(c, output);
                break;
            default:
                ReadText(c, output);
                break;
        }
    }

    private void ReadText(char c, ArrayBufferWriter<char> output)
    {
        if (c is '\r')
        {
            _return = true; // what follows decides whether it ends the line
            return;
        }

        if (_return)
        {
            output.Write(c is '\n' ? "" : "\r");
            _return = false;
        }

        switch (c)
        {
            case '\0':
                output.Write("\uFFFD");
                break;
            case '\u001b':
                _state = State.Escape;
                break;
            case '\u009b':
                (_state, _length) = (State.Csi, 0);
                break;
            case '\u0090' or '\u0098' or '\u009d' or '\u009e' or '\u009f':
                (_state, _length) = (State.String, 0);
                break;
            case '\t' or '\n' or (>= ' ' and < '\u007f') or > '\u009f':
                output.Write([c]);
                break;
        }
    }

    private void ReadEscape(char c, ArrayBufferWriter<char> output)
    {
        _length = 0;
        _state = c switch
        {
            '[' => State.Csi,
            ']' or 'P' or 'X' or '^' or '_' => State.String,
            >= ' ' and <= '/' => State.EscapeSpare, // one more follows, as in ESC ( B
            _ => State.Text,
        };
        if (c is < ' ' or > '~')
        {
            ReadText(c, output);
        }
    }

    private void ReadCsi(char c, ArrayBufferWriter<char> output)
    {
        if (c is >= ' ' and <= '?')
        {
            _sequence[Math.Min(_length++, _sequence.Length - 1)] = c;
            return;
        }

        _state = State.Text;
        var parameters = _sequence.AsSpan(0, Math.Min(_length, _sequence.Length));
        if (c is 'm' && _length < _sequence.Length && !parameters.ContainsAnyExcept(s_parameters))
        {
            output.Write(['\u001b', '[', .. parameters, 'm']);
        }
        else if (c is < '@' or > '~')
        {
            ReadText(c, output); // cut off: this character is not part of it
        }
    }

    private void ReadString(char c, ArrayBufferWriter<char> output)
    {
        if (c is '\n' || ++_length > LongestString)
        {
            _state = State.Text;
            ReadText(c, output);
        }
        else if (c is '\a' or '\u009c' || _state is State.StringEscape && c is '\\')
        {
            _state = State.Text;
        }
        else
        {
            _state = c is '\u001b' ? State.StringEscape : State.String;
        }
    }
}
