using System.Net;
using Platz.Core.Catalog;
using Platz.Core.Deployments;

namespace Platz.Core.Identity;

/// <summary>A token to make.</summary>
/// <param name="OwnerId">A user or a bot, as <paramref name="Owner"/> says.</param>
/// <param name="Scope">Null to allow what its owner may do.</param>
/// <param name="Cidrs">From where it may be used; from anywhere when empty.</param>
public sealed record NewToken(
    TokenOwner Owner, Guid OwnerId, string Name, int Days, TokenScope? Scope, IReadOnlyList<string> Cidrs)
{
    public const int DefaultDays = 90;
    public const int MostDays = 366;

    private const int LongestName = 100;
    private const int MostCidrs = 20;
    private const int MostEnvs = 100;

    public static NewToken OfUser(Guid userId, string name) =>
        new(TokenOwner.User, userId, name, DefaultDays, Scope: null, Cidrs: []);

    public static NewToken OfBot(Guid botId, string name) =>
        new(TokenOwner.Bot, botId, name, DefaultDays, Scope: null, Cidrs: []);

    /// <summary>What is wrong, by the names that the API gives the fields.</summary>
    internal IReadOnlyList<FieldError> Errors() =>
    [
        .. Error("name", Name.Trim().Length is 0 or > LongestName || Name.Any(char.IsControl),
            $"A name of 1 to {LongestName} characters is needed."),
        .. Error("expires_in_days", Days is < 1 or > MostDays, $"A token lives for 1 to {MostDays} days."),
        .. Error("cidrs", Cidrs.Count > MostCidrs || Cidrs.Any(c => !IPNetwork.TryParse(c, out _)),
            $"Ranges are written 10.0.0.0/8, at most {MostCidrs}."),
        .. Error("scope", Scope?.EnvIds is { Count: 0 or > MostEnvs }, $"Choose 1 to {MostEnvs} envs, or all."),
    ];

    /// <summary>Made with a token that is limited to networks, it is limited to them unless it says which of them.</summary>
    internal NewToken InheritFrom(ApiToken? parent) =>
        Cidrs.Count == 0 && parent is not null ? this with { Cidrs = parent.Cidrs } : this;

    /// <summary>Whether it may come from where the token that it is made with may not.</summary>
    internal bool MayComeFromElsewhere(ApiToken? parent) => parent is { Cidrs.Length: > 0 }
        && Cidrs.Select(IPNetwork.Parse).Any(own => !parent.Cidrs.Select(IPNetwork.Parse).Any(
            its => its.PrefixLength <= own.PrefixLength && its.Contains(own.BaseAddress)));

    private static IEnumerable<FieldError> Error(string field, bool isWrong, string message) =>
        isWrong ? [new FieldError(field, message)] : [];
}

public abstract record TokenResult
{
    /// <param name="Text">The token itself, which is never stored and never shown again.</param>
    public sealed record Created(Guid Id, string Text) : TokenResult
    {
        public override string ToString() => $"token {Id}"; // what is logged of it
    }

    public sealed record Refused(SettingResult Why) : TokenResult;
}
