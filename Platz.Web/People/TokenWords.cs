using Platz.Core.Identity;
using Platz.Web.Tasks;

namespace Platz.Web.People;

/// <summary>What a token may do, in words.</summary>
internal static class TokenWords
{
    public static string May(TokenRow row) => (row.Token.ScopeRole, row.Envs) switch
    {
        (null, null) => "all that its owner may",
        ({ } role, null) => $"at most what {Article(role)} may",
        (null, { } envs) => $"all that its owner may in {Names(envs)}",
        ({ } role, { } envs) => $"at most what {Article(role)} may, in {Names(envs)}",
    };

    public static string Article(ScopeRole role) =>
        role is ScopeRole.Owner or ScopeRole.Admin ? $"an {role}" : $"a {role}";

    private static string Names(IEnumerable<string> envs) => AnsiText.Strip(string.Join(", ", envs));
}
