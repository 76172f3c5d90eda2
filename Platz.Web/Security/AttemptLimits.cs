using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api;
using Platz.Web.SignIn;

namespace Platz.Web.Security;

/// <summary>How often one address may try to sign in, or guess tokens; counted on where a process starts again.</summary>
internal sealed class AttemptLimits(
    AttemptCounter attempts, IDbContextFactory<PlatzDb> databases, IOptions<LimitOptions> limits)
{
    /// <summary>Most bad tokens are known for such by their checksum: not each is worth a write.</summary>
    private const int KeptEvery = 20;

    private readonly ConcurrentDictionary<string, int> _badTokens = new();
    private DateTimeOffset _window;

    /// <returns>Null while it may, else how long it has to wait.</returns>
    public async Task<TimeSpan?> SignInAsync(IPAddress? address, CancellationToken cancel) =>
        await attempts.CountAsync($"sign-in {Origin.Plain(address)}", cancel) > limits.Value.SignInsPerMinute
            ? attempts.UntilNext
            : null;

    /// <inheritdoc cref="SignInAsync"/>
    public async Task<TimeSpan?> TokenAsync(IPAddress? address, CancellationToken cancel)
    {
        if (attempts.Window is var window && window != _window)
        {
            (_window, _) = (window, 0);
            _badTokens.Clear();
        }

        var key = KeyOf(address);
        if (!_badTokens.TryGetValue(key, out var count))
        {
            count = _badTokens.GetOrAdd(key, await attempts.ReadAsync(key, cancel));
        }

        return count >= limits.Value.BadTokensPerMinute ? attempts.UntilNext : null;
    }

    public async Task NoteBadTokenAsync(IPAddress? address, CancellationToken cancel)
    {
        var key = KeyOf(address);
        var count = _badTokens.AddOrUpdate(key, 1, (_, before) => before + 1);
        if (count % KeptEvery == 0 || count == limits.Value.BadTokensPerMinute)
        {
            await attempts.KeepAsync(key, count, cancel);
        }

        if (count == limits.Value.BadTokensPerMinute)
        {
            await TellAsync(address, count, cancel);
        }
    }

    private Task TellAsync(IPAddress? address, int count, CancellationToken cancel)
    {
        var origin = new Origin(Origin.Plain(address), TokenId: null);
        return AuditLog.AddAsync(
            databases,
            new AuditEntry(
                AuditAction.TokenRefusedMany, AuditActor.Anonymous(origin), new("address", null, $"{origin.Address}"))
            {
                Outcome = AuditOutcome.Denied,
                Detail = new JsonObject { ["within_a_minute"] = count },
            },
            cancel);
    }

    private static string KeyOf(IPAddress? address) => $"token {Origin.Plain(address)}";
}

internal static class AttemptLimitsInUse
{
    /// <summary>Before anybody is signed in.</summary>
    public static void UseAttemptLimits(this WebApplication app) => app.Use(async (context, next) =>
    {
        var (limits, address) = (
            context.RequestServices.GetRequiredService<AttemptLimits>(), context.Connection.RemoteIpAddress);
        var brings = RateLimits.ComesFromPrograms(context) && ApiTokenScheme.Brings(context.Request);
        var later = brings ? await limits.TokenAsync(address, context.RequestAborted)
            : context.Request.Path.StartsWithSegments(SignInEndpoints.Path)
                ? await limits.SignInAsync(address, context.RequestAborted)
                : null;
        if (later is { } wait)
        {
            await RateLimits.RefuseAsync(context, wait);
            return;
        }

        await next(context);
        if (brings && context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            await limits.NoteBadTokenAsync(address, CancellationToken.None);
        }
    });
}
