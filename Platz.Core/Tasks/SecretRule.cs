namespace Platz.Core.Tasks;

/// <summary>
/// Secrets known by their looks, wherever they come from: private keys, JSON web tokens, AWS key ids, our own tokens.
/// The automaton finds the opening words; from there one of these reads on, a character at a time.
/// </summary>
internal abstract class SecretRule
{
    public const int Pem = 1;
    public const int Jwt = 2;
    public const int Aws = 3;
    public const int Platz = 4;

    public static readonly (string Prefix, int Rule)[] Prefixes =
    [
        ("-----BEGIN ", Pem), ("eyJ", Jwt), ("AKIA", Aws), ("ASIA", Aws), ("pltz_u_", Platz), ("pltz_b_", Platz),
    ];

    public enum Verdict
    {
        /// <summary>It may still become one: hold it back.</summary>
        Open,

        /// <summary>It is none.</summary>
        No,

        /// <summary>It is one, this character included, and goes on.</summary>
        Secret,

        /// <summary>It was one and ended before this character.</summary>
        Over,
    }

    /// <summary>One reader of each kind, at the place of its number.</summary>
    public static SecretRule?[] All() =>
    [
        null,
        new PemRule(),
        new JwtRule(),
        new RunRule(16, c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)),
        new RunRule(36, char.IsAsciiLetterOrDigit),
    ];

    /// <summary>Where the opening words began.</summary>
    public long Start { get; private set; }

    public bool Active { get; private set; }

    public bool Found { get; private set; }

    public void Begin(long start)
    {
        Start = start;
        Active = true;
        Found = false;
        Reset();
    }

    public Verdict Read(char c)
    {
        var verdict = Step(c);
        Active = verdict is Verdict.Open or Verdict.Secret;
        Found = verdict is Verdict.Secret;
        return verdict;
    }

    protected abstract void Reset();

    protected abstract Verdict Step(char c);

    /// <summary>So many characters of a kind, and all that follow.</summary>
    private sealed class RunRule(int least, Func<char, bool> belongs) : SecretRule
    {
        private int _count;

        protected override void Reset() => _count = 0;

        protected override Verdict Step(char c) => belongs(c)
            ? ++_count >= least ? Verdict.Secret : Verdict.Open
            : _count >= least ? Verdict.Over : Verdict.No;
    }

    /// <summary>Two parts of at least eight characters with a dot between, and all that follows.</summary>
    private sealed class JwtRule : SecretRule
    {
        private const int Least = 8;
        private const int LongestHeader = 4096;

        private int _part;
        private int _count;

        protected override void Reset() => (_part, _count) = (0, 0);

        protected override Verdict Step(char c)
        {
            if (Found)
            {
                return IsBase64(c) || c is '.' ? Verdict.Secret : Verdict.Over;
            }

            if (c is '.' && _part == 0 && _count >= Least)
            {
                (_part, _count) = (1, 0);
                return Verdict.Open;
            }

            if (!IsBase64(c) || ++_count > LongestHeader)
            {
                return Verdict.No;
            }

            return _part == 1 && _count >= Least ? Verdict.Secret : Verdict.Open;
        }

        private static bool IsBase64(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
    }

    /// <summary>From the opening line of a private key to its closing line, or for 64 KiB where none comes.</summary>
    private sealed class PemRule : SecretRule
    {
        private const string End = "-----END ";
        private const int LongestLabel = 40;
        private const int LongestKey = 64 * 1024;

        private readonly char[] _label = new char[LongestLabel];
        private int _labelLength;
        private int _dashes;
        private int _body;
        private int _ending;

        protected override void Reset() => (_labelLength, _dashes, _body, _ending) = (0, 0, 0, 0);

        protected override Verdict Step(char c) => Found ? Body(c) : Label(c);

        private Verdict Label(char c)
        {
            if (c is '-')
            {
                var label = _label.AsSpan(0, _labelLength);
                return !label.EndsWith("PRIVATE KEY") && !label.EndsWith("PRIVATE KEY BLOCK") ? Verdict.No
                    : ++_dashes == 5 ? Verdict.Secret : Verdict.Open;
            }

            var belongs = char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is ' ';
            if (!belongs || _dashes > 0 || _labelLength == LongestLabel)
            {
                return Verdict.No;
            }

            _label[_labelLength++] = c;
            return Verdict.Open;
        }

        private Verdict Body(char c)
        {
            if (_dashes == 10 || ++_body > LongestKey)
            {
                return Verdict.Over;
            }

            if (_ending == End.Length)
            {
                _dashes += c is '-' ? 1 : 0; // five opened the key, five more close it
                return Verdict.Secret;
            }

            _ending = c == End[_ending] ? _ending + 1 : c is not '-' ? 0 : _ending == 5 ? 5 : 1;
            return Verdict.Secret;
        }
    }
}
