using Platz.Core.Audit;

namespace Platz.Web.Audit;

/// <summary>Where what an event is about can be looked at, as long as it exists and the reader may.</summary>
internal static class SubjectLinks
{
    /// <param name="ofSite">Whether the reader can open the settings of the site.</param>
    public static string? Of(AuditEvent happened, AuditSlice slice, bool ofSite)
    {
        if (happened.SubjectId is not { } id || !slice.There.Contains(id))
        {
            return null;
        }

        return happened.SubjectKind switch
        {
            "env" => Links.Env(slice.EnvNames[id]),
            "secret" when happened.EnvId is { } env && slice.EnvNames.TryGetValue(env, out var name) => Links.Secrets(name),
            "user" when ofSite => $"{Links.Site("users")}?q={Uri.EscapeDataString(happened.SubjectName)}",
            "bot" when ofSite => Links.Bot(id),
            "cluster" when ofSite => Links.Cluster(id),
            "registry" when ofSite => Links.Charts(id),
            _ => null,
        };
    }
}
