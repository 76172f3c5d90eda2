using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Platz.Core.Identity;

public enum TokenOwner { User, Bot }

/// <summary>
/// How an API token looks: <c>pltz_u_</c> or <c>pltz_b_</c>, 30 random base62 characters (178 bits) and a CRC32 of all
/// that in six more, so that a typing error and a look-alike are told apart from a token without asking the database.
/// Only the keyed hash of a token is stored.
/// </summary>
public static class TokenText
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string UserPrefix = "pltz_u_";
    private const string BotPrefix = "pltz_b_";
    private const int RandomLength = 30;
    private const int ChecksumLength = 6;
    private const int ShownAtStart = 11;
    private const int ShownAtEnd = 4;
    private const int Length = 7 + RandomLength + ChecksumLength;

    /// <summary>What secret scanners should look for.</summary>
    public const string Pattern = "pltz_[ub]_[0-9A-Za-z]{36}";

    public static string Create(TokenOwner owner)
    {
        var prefix = owner is TokenOwner.User ? UserPrefix : BotPrefix;
        var body = prefix + RandomNumberGenerator.GetString(Digits, RandomLength);
        return body + Checksum(body);
    }

    /// <summary>Whether this can be a token of ours at all; says nothing about its being known or alive.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TokenOwner owner)
    {
        owner = default;
        if (text is not { Length: Length } || OwnerOf(text) is not { } found
            || !IsBase62(text.AsSpan(UserPrefix.Length)))
        {
            return false;
        }

        owner = found;
        return text.AsSpan(Length - ChecksumLength).SequenceEqual(Checksum(text.AsSpan(0, Length - ChecksumLength)));
    }

    /// <summary>What is stored and looked up: useless to a reader of the database without the pepper.</summary>
    public static byte[] Hash(string token, ReadOnlySpan<byte> pepper) =>
        HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(token));

    /// <summary>What a list may show of a token: enough to know it again, by far too little to guess the rest.</summary>
    public static string Shown(string token) => $"{token[..ShownAtStart]}…{token[^ShownAtEnd..]}";

    private static TokenOwner? OwnerOf(string text) =>
        text.StartsWith(UserPrefix, StringComparison.Ordinal) ? TokenOwner.User
        : text.StartsWith(BotPrefix, StringComparison.Ordinal) ? TokenOwner.Bot
        : null;

    private static bool IsBase62(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static string Checksum(ReadOnlySpan<char> ascii)
    {
        var crc = Crc32(ascii);
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            (crc, var digit) = Math.DivRem(crc, (uint)Digits.Length);
            digits[i] = Digits[(int)digit];
        }

        return new string(digits);
    }

    /// <summary>The CRC32 of zip and png, bit by bit: 37 characters need no table.</summary>
    private static uint Crc32(ReadOnlySpan<char> ascii)
    {
        var crc = uint.MaxValue;
        foreach (var c in ascii)
        {
            crc ^= c;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
