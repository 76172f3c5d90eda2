namespace Platz.Core.Charts;

/// <summary>One registry as it is configured: <c>Registries:Sources:N</c>.</summary>
public sealed class RegistrySource
{
    public string Name { get; init; } = "";

    /// <summary><c>oci://host[:port]/path</c>, or <c>http://host[:port]/path</c> for one without TLS.</summary>
    public required string Url { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>
    /// Another <c>host[:port]</c> that may ask for the credentials: the token service, where it is not the registry
    /// itself.
    /// </summary>
    public string? AuthHost { get; init; }

    internal bool HasCredentials => !string.IsNullOrEmpty(Username) || !string.IsNullOrEmpty(Password);
}
