using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// Tokens with which a deployment speaks for itself (contract 3), as JWT in the form of the existing product: for charts
/// that call Platz, and for Platz where it calls a chart. Not stored; they end by themselves.
/// </summary>
public sealed class DeploymentTokens(IDbContextFactory<PlatzDb> databases, Envelope envelope, TimeProvider clock)
{
    private const string Issuer = "platz";
    private const string IdentityClaim = "identity";
    private const string EnvClaim = "env_id";
    private const string DeploymentIdentity = "Deployment";
    private const int MaxLength = 4096;

    private static readonly TimeSpan s_leeway = TimeSpan.FromSeconds(5);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };
    private readonly SealedKey _key = new(databases, envelope, "deployment_token_key");

    /// <exception cref="InvalidOperationException">There is no such deployment, or its cluster belongs to no env.</exception>
    public async Task<string> CreateAsync(Guid deploymentId, TimeSpan lifetime, CancellationToken cancel)
    {
        var deployment = await FindAsync(deploymentId, cancel)
            ?? throw new InvalidOperationException($"There is no deployment {deploymentId} to make a token for.");
        var now = clock.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>
            {
                [IdentityClaim] = new Dictionary<string, object> { [DeploymentIdentity] = $"{deploymentId}" },
                [EnvClaim] = $"{deployment.EnvId}",
            },
            SigningCredentials = new SigningCredentials(await KeyAsync(cancel), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>
    /// Whose token this is; null for one that is none of ours, changed or expired, whose deployment is deleted, or has
    /// moved to another env since.
    /// </summary>
    public async Task<Actor.Deployment?> FindAsync(string? text, CancellationToken cancel)
    {
        if (text is null || text.Length > MaxLength || !_handler.CanReadToken(text))
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(text, Parameters(await KeyAsync(cancel)));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token
            || DeploymentOf(token) is not { } id || await FindAsync(id, cancel) is not { } deployment
            || !token.TryGetPayloadValue<string>(EnvClaim, out var env) || env != $"{deployment.EnvId}")
        {
            return null;
        }

        return new Actor.Deployment(id, deployment.Name);
    }

    private TokenValidationParameters Parameters(SecurityKey key) => new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Issuer,
        IssuerSigningKey = key,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) => IsNow(from, until),
    };

    private bool IsNow(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return until is not null && until + s_leeway > now && (from is null || from - s_leeway <= now);
    }

    private static Guid? DeploymentOf(JsonWebToken token) =>
        token.TryGetPayloadValue<JsonElement>(IdentityClaim, out var identity)
        && identity.ValueKind is JsonValueKind.Object
        && identity.TryGetProperty(DeploymentIdentity, out var text)
        && text.ValueKind is JsonValueKind.String && text.TryGetGuid(out var id) ? id : null;

    private async Task<SymmetricSecurityKey> KeyAsync(CancellationToken cancel) => new(await _key.GetAsync(cancel));

    private async Task<Known?> FindAsync(Guid deploymentId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (
            from deployment in db.Deployments
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            join kind in db.Kinds on deployment.KindId equals kind.Id
            where deployment.Id == deploymentId && deployment.DeletedAt == null && cluster.EnvId != null
            select new Known(
                cluster.EnvId!.Value, deployment.Name == "" ? kind.Name : kind.Name + "/" + deployment.Name))
            .SingleOrDefaultAsync(cancel);
    }

    private sealed record Known(Guid EnvId, string Name);
}
