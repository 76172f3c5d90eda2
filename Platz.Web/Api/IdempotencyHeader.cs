using System.Security.Cryptography;
using System.Text;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Web.Api;

/// <summary>The <c>Idempotency-Key</c> header: a request repeated with the same key changes nothing more.</summary>
internal static class IdempotencyHeader
{
    private const int MaxLength = 255;

    public static (string? Key, ApiProblem? Problem) Read(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key switch
        {
            "" => (null, null),
            { Length: > MaxLength } => (null, ApiProblem.BadRequest(
                $"Idempotency-Key: This is too long: at most {MaxLength} characters.")),
            _ when key.Any(c => c is < ' ' or > '~') => (null, ApiProblem.BadRequest(
                "Idempotency-Key: This may have printable ASCII characters only.")),
            _ => (key, null),
        };
    }

    /// <summary>Each actor has keys of their own, and one key is for one request.</summary>
    /// <param name="body">Null where none is read.</param>
    public static IdempotencyKey? Of(string? key, HttpRequest request, Actor actor, ApiBody? body)
    {
        if (key is null)
        {
            return null;
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method}\0{request.Path}\0{body?.Canonical}"));
        return new IdempotencyKey($"{actor.Id:N}:{key}", Convert.ToHexStringLower(digest.AsSpan(0, 16)));
    }

    /// <summary>The same id for the same actor and key: a repeated POST finds what the first one made.</summary>
    public static Guid NewId(Actor actor, string? key)
    {
        if (key is null)
        {
            return Guid.CreateVersion7();
        }

        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"deployment\0{actor.Id}\0{key}")).AsSpan(0, 16);
        id[6] = (byte)(id[6] & 0x0F | 0x80); // version 8: made by a rule of our own
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
