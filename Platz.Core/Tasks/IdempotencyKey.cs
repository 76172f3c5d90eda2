namespace Platz.Core.Tasks;

/// <summary>Makes a repeated request known as one.</summary>
/// <param name="Key">Of the caller's choice; every actor of the API has keys of their own.</param>
/// <param name="Request">A digest of what was asked for; null where the key says all of it, as those of pages do.</param>
public sealed record IdempotencyKey(string Key, string? Request = null);

/// <summary>What an earlier request with the same key has made.</summary>
/// <param name="IsOther">Whether that one asked for something else.</param>
public readonly record struct RepeatedTask(Guid Id, bool IsOther);
