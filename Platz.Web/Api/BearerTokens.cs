using System.Net;
using Platz.Core.Identity;

namespace Platz.Web.Api;

/// <summary>Whose token somebody brings: that of a user or bot, or the credentials of a deployment.</summary>
internal sealed class BearerTokens(ApiTokens tokens, DeploymentTokens deployments)
{
    /// <returns>Null for every kind of bad token alike.</returns>
    public async Task<TokenHolder?> FindAsync(string? text, IPAddress? from, CancellationToken cancel)
    {
        if (!TokenText.TryParse(text, out _))
        {
            return await deployments.FindAsync(text, cancel) is { } deployment
                ? new TokenHolder(deployment with { Origin = new Origin(from, TokenId: null) }, IsAdmin: false)
                : null;
        }

        return await tokens.FindAsync(text, from, cancel);
    }
}
