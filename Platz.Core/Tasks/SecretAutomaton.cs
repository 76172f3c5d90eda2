namespace Platz.Core.Tasks;

/// <summary>
/// Aho-Corasick: finds all patterns at once, in time that depends on the text alone. Deep nodes nearly all have one
/// child, so the trie has sibling lists; for those at the top, where nearly all of the time is spent, every move is in a
/// table.
/// </summary>
internal sealed class SecretAutomaton
{
    private const int Ascii = 128;
    private const int MaxTables = 2048; // one MiB
    private const int Words = Ascii / 64;

    private readonly Node[] _nodes;
    private readonly int[] _moves;
    private readonly ulong[] _pairs = new ulong[Ascii * Words]; // a bit for each two characters that begin something

    public SecretAutomaton(IEnumerable<string> patterns)
    {
        var trie = new List<Node> { new() };
        foreach (var pattern in patterns)
        {
            var end = Insert(trie, pattern);
            trie[end] = trie[end] with { Match = pattern.Length };
        }

        foreach (var (prefix, rule) in SecretRule.Prefixes)
        {
            var end = Insert(trie, prefix);
            trie[end] = trie[end] with { Rule = rule };
        }

        _nodes = [.. trie];
        _moves = new int[Math.Min(MaxTables, _nodes.Length) * Ascii];
        Link();
        MarkPairs();
    }

    /// <summary>How much of some pattern the text ends with.</summary>
    public int Depth(int state) => _nodes[state].Depth;

    /// <summary>The length of the longest pattern that ends here, or 0.</summary>
    public int Match(int state) => _nodes[state].Match;

    /// <summary>The rule whose opening words end here, or 0.</summary>
    public int Rule(int state) => _nodes[state].Rule;

    /// <summary>
    /// How many characters at the start of a text can be passed over where nothing has begun: plain ones, none of which
    /// begins a pattern with the one after it. Most of all output is such.
    /// </summary>
    public int CountPlain(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        var pairs = _pairs;
        for (var i = 0; i < text.Length - 1; i++)
        {
            var (c, next) = (text[i], text[i + 1]);
            if (c >= Ascii || next >= Ascii || (pairs[(c * Words) + (next >> 6)] >> next & 1) != 0)
            {
                return i;
            }
        }

        var last = text[^1];
        return last < Ascii && last >= ' ' && _moves[last] == 0 ? text.Length : text.Length - 1;
    }

    public int Next(int state, char c)
    {
        var nodes = _nodes;
        while (true)
        {
            ref readonly var node = ref nodes[state];
            if (node.HasTable && c < Ascii)
            {
                return _moves[node.Table + c];
            }

            if (Child(in node, c) is not 0 and var child)
            {
                return child;
            }

            if (state == 0)
            {
                return 0;
            }

            state = node.Fail;
        }
    }

    private int Child(in Node node, char c)
    {
        var child = node.Child;
        while (child != 0 && _nodes[child].Character != c)
        {
            child = _nodes[child].Sibling;
        }

        return child;
    }

    private static int Insert(List<Node> trie, string pattern)
    {
        var state = 0;
        foreach (var c in pattern)
        {
            var child = trie[state].Child;
            while (child != 0 && trie[child].Character != c)
            {
                child = trie[child].Sibling;
            }

            if (child == 0)
            {
                child = trie.Count;
                trie.Add(new Node { Character = c, Sibling = trie[state].Child, Depth = trie[state].Depth + 1 });
                trie[state] = trie[state] with { Child = child };
            }

            state = child;
        }

        return state;
    }

    /// <summary>Breadth first, so that what a node falls back to is finished before it.</summary>
    private void Link()
    {
        var queue = new Queue<int>([0]);
        for (var tables = 0; queue.TryDequeue(out var state); tables++)
        {
            if (tables < MaxTables)
            {
                FillTable(state, tables * Ascii);
            }

            for (var child = _nodes[state].Child; child != 0; child = _nodes[child].Sibling)
            {
                var fail = state == 0 ? 0 : Next(_nodes[state].Fail, _nodes[child].Character);
                _nodes[child].Fail = fail;
                _nodes[child].Match = Math.Max(_nodes[child].Match, _nodes[fail].Match);
                _nodes[child].Rule = _nodes[child].Rule != 0 ? _nodes[child].Rule : _nodes[fail].Rule;
                queue.Enqueue(child);
            }
        }
    }

    private void MarkPairs()
    {
        for (var c = '\0'; c < Ascii; c++)
        {
            for (var next = '\0'; next < Ascii; next++)
            {
                if (BeginsSomething(c, next))
                {
                    _pairs[(c * Words) + (next >> 6)] |= 1UL << next;
                }
            }
        }
    }

    /// <summary>
    /// What a control character does is for others to say: it is never passed over, nor what may go on after it, for a
    /// colour does not hide a secret.
    /// </summary>
    private bool BeginsSomething(char c, char next)
    {
        var state = Next(0, c);
        return c < ' ' || (next < ' ' ? state != 0 : Depth(Next(state, next)) > 1);
    }

    private void FillTable(int state, int table)
    {
        if (state != 0)
        {
            _moves.AsSpan(_nodes[_nodes[state].Fail].Table, Ascii).CopyTo(_moves.AsSpan(table));
        }

        for (var child = _nodes[state].Child; child != 0; child = _nodes[child].Sibling)
        {
            if (_nodes[child].Character < Ascii)
            {
                _moves[table + _nodes[child].Character] = child;
            }
        }

        _nodes[state].Table = table;
        _nodes[state].HasTable = true;
    }

    private record struct Node
    {
        public char Character;
        public bool HasTable;
        public int Child;
        public int Sibling;
        public int Fail;
        public int Depth;
        public int Match;
        public int Rule;
        public int Table;
    }
}
