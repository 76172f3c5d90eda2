namespace Platz.Core.Charts;

/// <summary>Who says what user name and password a registry wants.</summary>
public enum RegistryProvider
{
    /// <summary>The configuration, if any are needed.</summary>
    Oci,

    /// <summary>Amazon ECR: they are asked for with the AWS identity of this machine, and hold for hours.</summary>
    Ecr,
}

/// <summary>One registry as it is configured: <c>Registries:Sources:N</c>.</summary>
public sealed class RegistrySource
{
    public string Name { get; init; } = "";

    /// <summary><c>oci://host[:port]/path</c>, or <c>http://host[:port]/path</c> for one without TLS.</summary>
    public required string Url { get; init; }

    public RegistryProvider Provider { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>
    /// Another <c>host[:port]</c> that may ask for the credentials: the token service, where it is not the registry
    /// itself.
    /// </summary>
    public string? AuthHost { get; init; }

    /// <summary>Where ECR's own API is asked, if not at <c>https://api.ecr.&lt;region&gt;.amazonaws.com</c>.</summary>
    public string? EcrEndpoint { get; init; }

    internal bool HasCredentials => !string.IsNullOrEmpty(Username) || !string.IsNullOrEmpty(Password);
}
