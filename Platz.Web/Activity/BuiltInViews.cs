namespace Platz.Web.Activity;

/// <summary>Views that everybody has.</summary>
public static class BuiltInViews
{
    public static IReadOnlyList<(string Name, ActivityQuery Query)> All { get; } =
    [
        ("Failed today", ActivityQuery.Parse("status=Failed&range=today")),
        ("Running now", ActivityQuery.Parse("status=Started")),
        ("CI bots today", ActivityQuery.Parse("range=today&by=bots")),
    ];
}
