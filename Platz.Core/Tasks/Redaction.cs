using System.Buffers;

namespace Platz.Core.Tasks;

/// <summary>
/// One pass of a <see cref="Redactor"/> over a stream of text. What may still turn out to be part of a secret is held
/// back, never more than the longest secret. Colour codes and carriage returns inside a secret do not hide it.
/// </summary>
internal sealed class Redaction(SecretAutomaton secrets)
{
    private const int Slice = 4096;
    private const int MostInvisible = 64 * 1024;

    private readonly SecretRule?[] _rules = SecretRule.All();
    private readonly List<(long From, long To)> _masks = []; // visible characters, in order, apart from each other
    private char[] _held = new char[8192];
    private bool[] _invisible = new bool[8192];
    private int _count;
    private int _invisibleCount;
    private long _position = -1; // of the last visible character
    private int _state;
    private int _activeRules;
    private int _escape; // 1 after ESC, 2 inside ESC [
    private bool _dropping; // the colour code being read
    private bool _masking; // the last visible character written was part of a secret

    /// <summary>Line ends among what is held back, for it may become a secret.</summary>
    public int HeldLineEnds => _held.AsSpan(0, _count).Count('\n');

    internal int Capacity => _held.Length;

    public void Append(ReadOnlySpan<char> text, ArrayBufferWriter<char> output)
    {
        for (; text.Length > Slice; text = text[Slice..])
        {
            AppendSlice(text[..Slice], output);
        }

        AppendSlice(text, output);
    }

    /// <summary>The text has ended: nothing can become a secret any more.</summary>
    public void Complete(ArrayBufferWriter<char> output)
    {
        Release(_position + 1, output);
        _state = 0;
    }

    private void AppendSlice(ReadOnlySpan<char> text, ArrayBufferWriter<char> output)
    {
        Reserve(text.Length);
        for (var i = PassOver(text); i < text.Length; i += 1 + PassOver(text[(i + 1)..]))
        {
            var c = text[i];
            if (_escape != 0 || c is '\u001b' or '\r')
            {
                if (IsInvisible(c))
                {
                    HoldInvisible(c);
                    continue;
                }
            }

            _held[_count++] = c;
            _position++;
            _state = secrets.Next(_state, c);
            if (_state != 0 || _activeRules != 0)
            {
                Look(c);
            }
        }

        Release(_position + 1 - Pending(), output);
    }

    /// <summary>Takes what needs no look at each character.</summary>
    /// <returns>How many that were.</returns>
    private int PassOver(ReadOnlySpan<char> text)
    {
        var plain = _state == 0 && _activeRules == 0 && _escape == 0 ? secrets.CountPlain(text) : 0;
        text[..plain].CopyTo(_held.AsSpan(_count));
        _count += plain;
        _position += plain;
        return plain;
    }

    private void Look(char c)
    {
        if (_activeRules != 0)
        {
            ReadRules(c);
        }

        if (secrets.Match(_state) is > 0 and var length)
        {
            Mask(_position - length + 1, _position);
        }

        if (secrets.Rule(_state) is > 0 and var number && _rules[number] is { Active: false } rule)
        {
            var prefix = Array.FindIndex(SecretRule.Prefixes, p => p.Rule == number);
            rule.Begin(_position - SecretRule.Prefixes[prefix].Prefix.Length + 1);
            _activeRules++;
        }
    }

    private void ReadRules(char c)
    {
        foreach (var rule in _rules)
        {
            if (rule is not { Active: true })
            {
                continue;
            }

            if (rule.Read(c) is SecretRule.Verdict.Secret)
            {
                Mask(rule.Start, _position);
            }

            _activeRules -= rule.Active ? 0 : 1;
        }
    }

    /// <summary>Ends never decrease, so that only the youngest masks can meet a new one.</summary>
    private void Mask(long from, long to)
    {
        while (_masks.Count > 0 && _masks[^1].To >= from - 1)
        {
            from = Math.Min(from, _masks[^1].From);
            _masks.RemoveAt(_masks.Count - 1);
        }

        _masks.Add((from, to));
    }

    private long Pending()
    {
        long pending = secrets.Depth(_state);
        foreach (var rule in _activeRules == 0 ? [] : _rules)
        {
            if (rule is { Active: true, Found: false })
            {
                pending = Math.Max(pending, _position - rule.Start + 1);
            }
        }

        return pending;
    }

    /// <summary>Writes out the visible characters before this position, with what stands between them.</summary>
    private void Release(long before, ArrayBufferWriter<char> output)
    {
        var first = _position + 1 - (_count - _invisibleCount);
        if (_masks.Count == 0 && _invisibleCount == 0)
        {
            var length = (int)(before - first);
            output.Write(_held.AsSpan(0, length));
            _masking &= length == 0;
            Drop(length);
            return;
        }

        var (i, mask) = (0, 0);
        for (var position = first; i < _count && (_invisible[i] || position < before);)
        {
            while (mask < _masks.Count && _masks[mask].To < position)
            {
                mask++;
            }

            var verbatim = Math.Max(position, mask < _masks.Count ? Math.Min(before, _masks[mask].From) : before);
            if (!_invisible[i] && position == verbatim)
            {
                output.Write(_masking ? "" : Redactor.Mask);
                _masking = true;
                position++;
                i++;
                continue;
            }

            var start = i;
            for (; i < _count && (_invisible[i] || position < verbatim); i++)
            {
                position += _invisible[i] ? 0 : 1;
                _invisibleCount -= _invisible[i] ? 1 : 0;
                _masking &= _invisible[i] && _held[i] is not '\r';
            }

            output.Write(_held.AsSpan(start, i - start));
        }

        Drop(i);
        _masks.RemoveAll(m => m.To < before);
    }

    private void Drop(int released)
    {
        _held.AsSpan(released, _count - released).CopyTo(_held);
        _invisible.AsSpan(released, _count - released).CopyTo(_invisible);
        _invisible.AsSpan(_count - released, released).Clear();
        _count -= released;
    }

    private void HoldInvisible(char c)
    {
        if (c is '\u001b' or '\r')
        {
            _dropping = _invisibleCount >= MostInvisible; // without end inside a seeming secret: lose the colour
        }

        if (_dropping)
        {
            return;
        }

        _invisible[_count] = true;
        _held[_count++] = c;
        _invisibleCount++;
    }

    private bool IsInvisible(char c)
    {
        (_escape, var invisible) = (_escape, c) switch
        {
            (_, '\u001b') => (1, true),
            (1, '[') => (2, true),
            (2, >= ' ' and <= '?') => (2, true),
            (2, >= '@' and <= '~') => (0, true),
            (_, '\r') => (0, true),
            _ => (0, false),
        };
        return invisible;
    }

    private void Reserve(int more)
    {
        if (_count + more > _held.Length)
        {
            var size = Math.Max(_count + more, _held.Length * 2);
            Array.Resize(ref _held, size);
            Array.Resize(ref _invisible, size);
        }
    }
}
