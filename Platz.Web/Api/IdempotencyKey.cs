using System.Security.Cryptography;
using System.Text;
using Platz.Core.Identity;

namespace Platz.Web.Api;

/// <summary>The <c>Idempotency-Key</c> header: a request repeated with the same key changes nothing more.</summary>
internal static class IdempotencyKey
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
