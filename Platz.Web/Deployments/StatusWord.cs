using Platz.Core.Deployments;

namespace Platz.Web.Deployments;

/// <summary>A status as an address names it.</summary>
internal static class StatusWord
{
    /// <returns>Null for none, and for a word that is no status.</returns>
    public static DeploymentStatus? Of(string? word) =>
        Enum.GetValues<DeploymentStatus>().Cast<DeploymentStatus?>().FirstOrDefault(status => status.ToString() == word);
}
