namespace Platz.Core.Charts;

/// <summary>One question to a registry.</summary>
/// <param name="Subject">What is asked for, in the words of an error message: <c>charts/web:1.0.0</c>.</param>
/// <param name="Scope">The right it takes, in the words of the token flow; tokens are remembered by it.</param>
/// <param name="Limit">The longest answer that is read, in bytes.</param>
/// <param name="Timeout">For all of it, from the connection to the last byte, tokens and redirects included.</param>
internal sealed record RegistryRequest(Uri Uri, string Subject, string Scope, long Limit, TimeSpan Timeout)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    public string Accept { get; init; } = "*/*";
}

/// <param name="Digest">What the registry says the digest is; not verified here.</param>
/// <param name="Next">The next page of a list.</param>
internal sealed record RegistryReply(byte[] Body, string? MediaType, string? Digest, Uri? Next);
