using Platz.Core.Identity;

namespace Platz.Web.People;

/// <summary>What is being chosen for a token; forgotten with the dialog.</summary>
internal sealed class TokenDraft
{
    public static readonly IReadOnlyList<int> Lives = [30, NewToken.DefaultDays, 365];

    private static readonly char[] s_between = [',', ' ', '\n', '\r', '\t'];

    public string Name { get; set; } = "";

    public int Days { get; set; } = NewToken.DefaultDays;

    /// <summary>Null for all that its owner may.</summary>
    public ScopeRole? Most { get; set; }

    public bool IsForSomeEnvs { get; set; }

    public HashSet<Guid> Envs { get; } = [];

    /// <summary>Ranges, with commas, blanks or line breaks between them.</summary>
    public string Cidrs { get; set; } = "";

    public NewToken Token(TokenOwner owner, Guid ownerId) => new(
        owner, ownerId, Name, Days, TokenScope.Of(IsForSomeEnvs ? Envs : null, Most),
        Cidrs.Split(s_between, StringSplitOptions.RemoveEmptyEntries));
}
