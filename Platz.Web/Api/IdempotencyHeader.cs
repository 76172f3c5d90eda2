using System.Security.Cryptography;
using System.Text;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Web.Api;

/// <summary>The <c>Idempotency-Key</c> header: a request repeated with the same key changes nothing more.</summary>
internal static class IdempotencyHeader
{
    private const int MaxLength = 255;

    /// <summary>Each actor has keys of their own, and one key is for one request.</summary>
    /// <param name="body">Null where none is read.</param>
    public static async Task<(IdempotencyKey? Key, ApiProblem? Problem)> ReadAsync(
        HttpRequest request, Actor actor, ApiBody? body, CancellationToken cancel)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0)
        {
            return (null, null);
        }

        if (key.Length > MaxLength || key.Any(c => c is < ' ' or > '~'))
        {
            return (null, ApiProblem.BadRequest(
                $"Idempotency-Key: This has at most {MaxLength} characters, all of them printable ASCII."));
        }

        // By a key of ours: a body may have secrets, and whoever reads the database could guess at those.
        var pepper = await request.HttpContext.RequestServices.GetRequiredService<TokenPepper>().GetAsync(cancel);
        try
        {
            var digest = HMACSHA256.HashData(
                pepper, Encoding.UTF8.GetBytes($"{request.Method}\0{request.Path}\0{body?.Whole}"));
            return (new IdempotencyKey($"{actor.Id:N}:{key}", Convert.ToHexStringLower(digest.AsSpan(0, 16))), null);
        }
        catch (InvalidOperationException)
        {
            return (null, ApiProblem.BadRequest("The body has half of a surrogate pair, which is no character."));
        }
    }

    /// <summary>The same id for the same key: a repeated POST finds what the first one made.</summary>
    public static Guid NewId(IdempotencyKey? key)
    {
        if (key is null)
        {
            return Guid.CreateVersion7();
        }

        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"deployment\0{key.Key}")).AsSpan(0, 16);
        id[6] = (byte)(id[6] & 0x0F | 0x80); // version 8: made by a rule of our own
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
