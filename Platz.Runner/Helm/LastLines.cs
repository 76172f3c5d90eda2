namespace Platz.Runner.Helm;

/// <summary>The last lines of an output, in memory that serves again.</summary>
internal sealed class LastLines(int most)
{
    private readonly char[][] _texts = [.. Enumerable.Repeat<char[]>([], most)];
    private readonly int[] _lengths = new int[most];
    private long _count;

    public void Add(ReadOnlySpan<char> line)
    {
        var place = (int)(_count++ % most);
        if (_texts[place].Length < line.Length)
        {
            _texts[place] = new char[line.Length];
        }

        line.CopyTo(_texts[place]);
        _lengths[place] = line.Length;
    }

    /// <summary>In the order in which they came.</summary>
    public List<string> ToList()
    {
        var first = Math.Max(0, _count - most);
        return
        [
            .. Enumerable.Range(0, (int)(_count - first)).Select(i => (int)((first + i) % most))
                .Select(place => new string(_texts[place], 0, _lengths[place])),
        ];
    }
}
