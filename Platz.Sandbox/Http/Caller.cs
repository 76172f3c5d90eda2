namespace Platz.Sandbox.Http;

/// <summary>Who asks.</summary>
internal sealed record Caller(string Name, IReadOnlyList<string> Groups)
{
    public const string Masters = "system:masters";

    public static readonly Caller Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    public static readonly Caller Admin = new("admin", [Masters, "system:authenticated"]);

    public bool IsAnonymous => this == Anonymous;

    public bool IsAdmin => Groups.Contains(Masters);

    public static Caller User(string name) => new(name, ["system:authenticated"]);

    public static Caller ServiceAccount(string ns, string name) => new($"system:serviceaccount:{ns}:{name}",
        ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"]);
}
