using System.Text.RegularExpressions;

namespace Platz.Core.Charts;

/// <summary>A registry of ECR, its region, and where its API is asked for tokens.</summary>
internal sealed partial record EcrAddress(string Host, string Region, Uri Api)
{
    /// <summary>Why the source cannot be one of ECR; null if it can.</summary>
    public static string? Problem(RegistrySource source)
    {
        var address = RegistryAddress.Parse(source.Url);
        return address switch
        {
            { PlainHttp: true } => "ECR is reached over TLS only: write oci:// in the Url.",
            _ when RegionOf(address.Host) is null => $"{address.Host} is not a registry of ECR, which is "
                + "<account>.dkr.ecr.<region>.amazonaws.com.",
            _ when source.HasCredentials => "ECR gives out Username and Password itself: leave them out.",
            _ when source.EcrEndpoint is { } endpoint && !IsSafe(endpoint) =>
                "EcrEndpoint must be the address of a server: https://host[:port].",
            _ => null,
        };
    }

    public static EcrAddress Of(RegistrySource source)
    {
        if (Problem(source) is { } problem)
        {
            throw new ArgumentException(problem, nameof(source));
        }

        var host = RegistryAddress.Parse(source.Url).Host;
        var region = RegionOf(host)!;
        var domain = host[(host.IndexOf(region, StringComparison.Ordinal) + region.Length)..];
        return new EcrAddress(host, region, new Uri(source.EcrEndpoint ?? $"https://api.ecr.{region}{domain}"));
    }

    private static string? RegionOf(string host) =>
        Registry.Match(host) is { Success: true } match
        && match.Groups["china"].Success == match.Groups["region"].Value.StartsWith("cn-", StringComparison.Ordinal)
            ? match.Groups["region"].Value
            : null;

    private static bool IsSafe(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
        && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    [GeneratedRegex(
        @"\A[0-9]{12}\.dkr\.ecr\.(?<region>[a-z]{2}(?:-[a-z]{2,12}){1,2}-[0-9]{1,2})\.amazonaws\.com(?<china>\.cn)?\z")]
    private static partial Regex Registry { get; }
}
