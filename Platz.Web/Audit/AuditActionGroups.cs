using Platz.Core.Audit;

namespace Platz.Web.Audit;

/// <summary>The actions by what they are about, as the filter offers them.</summary>
internal static class AuditActionGroups
{
    public static IReadOnlyList<AuditActionGroup> All { get; } =
    [
        .. from action in AuditAction.All
           group action by action.Split('.')[0] into same
           select new AuditActionGroup(same.Key, [.. same]),
    ];
}

/// <param name="Name">Up to the dot.</param>
internal sealed record AuditActionGroup(string Name, IReadOnlyList<string> Actions)
{
    /// <summary>What asks for all of them; null for a single one.</summary>
    public string? Prefix => Actions.Count > 1 ? $"{Name}." : null;
}
