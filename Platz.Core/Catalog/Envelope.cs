using System.Security.Cryptography;
using System.Text;

namespace Platz.Core.Catalog;

public enum EnvelopeFault
{
    /// <summary>Not something this class has sealed, or cut off.</summary>
    Unreadable,

    /// <summary>Sealed with a key that the key file no longer holds.</summary>
    UnknownKey,

    /// <summary>Changed since it was sealed, or moved here from another row, column or environment.</summary>
    TamperedOrCopied,
}

/// <summary>A sealed value cannot be opened. Says why, never what is inside.</summary>
public sealed class EnvelopeException(EnvelopeFault fault, string message) : Exception(message)
{
    public EnvelopeFault Fault => fault;
}

/// <summary>
/// Secrets at rest: each value has its own random data key (AES-256-GCM), which a key-encryption key of the ring wraps.
/// The context (table, row id, env id, column, version) is authenticated with both, so a value opens only where it was
/// sealed.
/// </summary>
/// <remarks>
/// Layout 1: version (1 byte) · length of key id (1) · key id · nonce (12), wrapped data key (32), tag (16) ·
/// nonce (12), ciphertext, tag (16). The last three do not depend on the key id, so that a new key can wrap the data key
/// again without opening the value.
/// </remarks>
public sealed class Envelope(KeyRing keys)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;
    private const int Overhead = NonceLength + TagLength;

    public byte[] Seal(string plain, string context) => Seal(Encoding.UTF8.GetBytes(plain), context);

    public byte[] Seal(ReadOnlySpan<byte> plain, string context)
    {
        var id = Encoding.ASCII.GetBytes(keys.ActiveId);
        var dataKey = RandomNumberGenerator.GetBytes(KeyLength);
        try
        {
            return
            [
                Version, (byte)id.Length, .. id,
                .. Encrypt(keys.Find(keys.ActiveId)!, dataKey, KeyContext(keys.ActiveId, context)),
                .. Encrypt(dataKey, plain, ValueContext(context)),
            ];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public string OpenText(ReadOnlySpan<byte> @sealed, string context) =>
        Encoding.UTF8.GetString(Open(@sealed, context));

    public byte[] Open(ReadOnlySpan<byte> @sealed, string context)
    {
        var id = KeyIdOf(@sealed, context);
        var body = @sealed[(2 + id.Length)..];
        if (body.Length < Overhead + KeyLength + Overhead)
        {
            throw Unreadable(context);
        }

        if (keys.Find(id) is not { } key)
        {
            throw new EnvelopeException(
                EnvelopeFault.UnknownKey,
                $"The value of {context} is sealed with the key {id}, which is not in the key file.");
        }

        var dataKey = Decrypt(key, body[..(Overhead + KeyLength)], KeyContext(id, context), context);
        try
        {
            return Decrypt(dataKey, body[(Overhead + KeyLength)..], ValueContext(context), context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private static string KeyIdOf(ReadOnlySpan<byte> bytes, string context) =>
        bytes is [Version, var length, .. var rest] && rest.Length >= length
            ? Encoding.ASCII.GetString(rest[..length])
            : throw Unreadable(context);

    private static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> plain, byte[] context)
    {
        var box = new byte[NonceLength + plain.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        var text = box.AsSpan(NonceLength, plain.Length);
        aes.Encrypt(nonce, plain, text, box.AsSpan(NonceLength + plain.Length), context);
        return box;
    }

    private static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> box, byte[] aad, string context)
    {
        var plain = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], plain, aad);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new EnvelopeException(
                EnvelopeFault.TamperedOrCopied,
                $"The value of {context} was changed, or copied there from another place, after it was sealed.");
        }
    }

    private static EnvelopeException Unreadable(string context) =>
        new(EnvelopeFault.Unreadable, $"The value of {context} is no sealed value, or part of it is missing.");

    private static byte[] KeyContext(string keyId, string context) =>
        Encoding.UTF8.GetBytes($"platz/key/1\0{keyId}\0{context}");

    private static byte[] ValueContext(string context) => Encoding.UTF8.GetBytes($"platz/value/1\0{context}");
}
